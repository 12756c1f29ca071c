/** All subtasks of an operator, with rows dealt out among them as the planner would. */
import { BatchBuilder, INSERT, type Batch, type ChangeKind } from '../core/batch.ts';
import { checkConfig } from '../core/config.ts';
import { assert } from '../core/errors.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../core/hash.ts';
import type { Distribution, InputStream, OperatorFactory, OperatorSpec } from '../core/operator.ts';
import { fieldIndex, type Schema, type StreamShape } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import type { MemoryFiles } from './memory-files.ts';
import type { MemoryNetwork } from './memory-network.ts';
import { createHarness, type HarnessBackend, type HarnessSnapshot, type OperatorHarness } from './operator-harness.ts';

export interface CrewOptions<C> {
  readonly spec: OperatorSpec<C>;
  readonly create: OperatorFactory<C>;
  /** As a document writes it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly (StreamShape | InputStream)[];
  /** Subtasks wanted; the operator may stand fewer. */
  readonly parallelism: number;
  readonly backend?: HarnessBackend;
  readonly files?: MemoryFiles;
  readonly network?: MemoryNetwork;
  readonly baseFolder?: string;
  /** Snapshots of all subtasks of the crew before. */
  readonly restoreFrom?: readonly HarnessSnapshot[];
}

export interface CrewRow {
  readonly values: readonly Value[];
  /** Not looked at where the input has no event time. */
  readonly eventTime: number;
  /** INSERT unless given. */
  readonly kind?: ChangeKind;
}

export class Crew {
  static async start<C>({ spec, config: raw, parallelism, ...options }: CrewOptions<C>): Promise<Crew> {
    const { value: config, problems } = checkConfig(spec.config, raw);
    assert(config !== null, `${spec.type}: ${problems.map((p) => `${p.path} ${p.message}`).join('; ')}`);
    const size = Math.min(parallelism, spec.traits(config).maxParallelism ?? Infinity);
    const members: OperatorHarness[] = [];
    for (let subtask = 0; subtask < size; subtask++) {
      members.push(await createHarness({ spec, config: raw, subtask, parallelism: size, ...options }));
    }
    return new Crew(members, (port) => spec.distribution?.(config, port) ?? { type: 'any' });
  }

  readonly members: readonly OperatorHarness[];
  readonly #inputs: readonly InputStream[];
  readonly #distributions: readonly Distribution[];
  #nextMember = 0;

  private constructor(members: readonly OperatorHarness[], distributionOf: (port: string) => Distribution) {
    this.members = members;
    this.#inputs = members[0]!.plan.inputs;
    this.#distributions = this.#inputs.map(({ port }) => distributionOf(port));
  }

  /** Rows into an input: one batch for each subtask that gets any, once it wants some. */
  async push(input: number, rows: readonly CrewRow[]): Promise<void> {
    const { schema, eventTime } = this.#inputs[input]!.shape;
    const builders = this.members.map(() => new BatchBuilder(schema));
    const subtasksOf = this.#dealer(input, rows);
    rows.forEach((row, i) => {
      for (const subtask of subtasksOf(i)) {
        builders[subtask]!.appendRow(row.values, eventTime ? row.eventTime : NaN, row.kind ?? INSERT);
      }
    });
    for (const [subtask, builder] of builders.entries()) {
      if (builder.length === 0) continue;
      const member = this.members[subtask]!;
      if (member.pending === 'full') await member.settle();
      member.push(input, builder.finish());
    }
  }

  /** On one input, or on all. */
  async watermark(watermark: number, input?: number): Promise<void> {
    await this.settle();
    for (const member of this.members) member.watermark(watermark, input);
  }

  /** Processing time goes on, everywhere. */
  advance(ms: number): void {
    for (const member of this.members) member.advanceTo(member.clock.now() + ms);
  }

  async end(): Promise<void> {
    await this.settle();
    for (const member of this.members) member.end();
  }

  async snapshot(checkpointId: number): Promise<readonly HarnessSnapshot[]> {
    return (await this.beginSnapshot(checkpointId))();
  }

  /** The barrier has come; the function that is answered copies the state of that moment. */
  async beginSnapshot(checkpointId: number): Promise<() => readonly HarnessSnapshot[]> {
    await this.settle();
    const begun = this.members.map((member) => member.beginSnapshot(checkpointId));
    return () => begun.map((finish) => finish());
  }

  checkpointComplete(checkpointId: number): void {
    for (const member of this.members) member.checkpointComplete(checkpointId);
  }

  close(): void {
    for (const member of this.members) member.close();
  }

  /** Until no member has requests under way. */
  async settle(): Promise<void> {
    for (const member of this.members) await member.settle();
  }

  /** The subtasks that get the `nth` of the rows. */
  #dealer(input: number, rows: readonly CrewRow[]): (nth: number) => readonly number[] {
    const distribution = this.#distributions[input]!;
    const all = this.members.map((_, subtask) => subtask);
    switch (distribution.type) {
      case 'hash': {
        const { schema } = this.#inputs[input]!.shape;
        const hashes = hashesOf(batchOfValues(schema, rows), schema, distribution.fields);
        return (nth) => [subtaskOfKeyGroup(keyGroupOf(hashes[nth]!), all.length)];
      }
      case 'single':
        return () => [0];
      case 'broadcast':
        return () => all;
      case 'any':
        return () => [this.#nextMember++ % all.length];
    }
  }
}

function batchOfValues(schema: Schema, rows: readonly CrewRow[]): Batch {
  const builder = new BatchBuilder(schema, rows.length);
  for (const { values } of rows) builder.appendRow(values);
  return builder.finish();
}

function hashesOf({ columns, length }: Batch, schema: Schema, keys: readonly string[]): Int32Array {
  const hashes = new Int32Array(length);
  hashRows(
    keys.map((key) => columns[fieldIndex(schema, key)]!),
    length,
    hashes,
  );
  return hashes;
}
