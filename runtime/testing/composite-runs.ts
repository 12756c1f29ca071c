/** Runs of a composite: as what it stands for, in a whole job under the deterministic scheduler, for it has no runtime of its own. */
import { compileDocument } from '../compiler/index.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { assert } from '../core/errors.ts';
import type { AnyCompositeSpec, InputStream } from '../core/operator.ts';
import { printDataType } from '../core/types.ts';
import { DeterministicScheduler, type KeptCheckpoint } from '../engine/deterministic-scheduler.ts';
import { readDocument } from '../graph/index.ts';
import { exampleInputs, type DocsExample } from './docs-example.ts';
import { MemoryFiles } from './memory-files.ts';
import { simulatedNode } from './simulated-job.ts';

export interface CompositeRun {
  readonly spec: AnyCompositeSpec;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly InputStream[];
  /** By input: rows as JSONL writes them. */
  readonly rows: readonly (readonly Readonly<Record<string, unknown>>[])[];
  /** By input: the field with the event time, if it has one. */
  readonly times: readonly (string | undefined)[];
  /** Documents that the config refers to, by path. */
  readonly subPipelines?: ReadonlyMap<string, string>;
  readonly parallelism: number;
  readonly seed: number;
  /** Steps after which it is killed, to go on from its last checkpoint at another parallelism. */
  readonly kills?: readonly { readonly afterSteps: number; readonly parallelism: number }[];
}

const FOLDER = '/job';
/** No row of a test is further behind than this, so none is late. */
const DISORDER_MS = 1000 * 86_400_000;

/** Lines that reached each output port, sorted. */
export async function runComposite(run: CompositeRun): Promise<Readonly<Record<string, readonly string[]>>> {
  const files = new MemoryFiles();
  run.rows.forEach((rows, i) => {
    files.write(`${FOLDER}/in${i}.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });
  let restoreFrom: KeptCheckpoint | null = null;
  let { parallelism, seed } = run;
  for (const kill of run.kills ?? []) {
    const scheduler: DeterministicScheduler = new DeterministicScheduler(planOf({ ...run, parallelism }), {
      seed: seed++,
      files,
      restoreFrom,
    });
    await scheduler.open();
    for (let i = 0; i < kill.afterSteps && !scheduler.isFinished; i++) {
      scheduler.step();
      if (i % 7 === 3) scheduler.triggerCheckpoint();
    }
    restoreFrom = scheduler.latest;
    parallelism = kill.parallelism;
  }
  const last = new DeterministicScheduler(planOf({ ...run, parallelism }), { seed, files, restoreFrom });
  await last.open();
  last.run(10);
  last.close();
  const ports = run.spec.ports(run.config).outputs.map(({ name }) => name);
  return Object.fromEntries(
    ports.map((port) => [
      port,
      files
        .list(`${FOLDER}/${port}`)
        .flatMap((path) => files.text(path).split('\n').filter(Boolean))
        .sort(),
    ]),
  );
}

function planOf({ spec, config, inputs, times, subPipelines, parallelism }: CompositeRun): PhysicalPlan {
  const sources = inputs.map(({ shape }, i) =>
    simulatedNode(`in${i}`, 'source.file', {
      path: `in${i}.jsonl`,
      format: 'jsonl',
      schema: shape.schema.fields.map(({ name, type, nullable }) => ({ name, type: printDataType(type), nullable })),
      ...(times[i] === undefined ? {} : { eventTime: { field: times[i], maxOutOfOrdernessMs: DISORDER_MS } }),
    }),
  );
  const ports = spec.ports(config).outputs.map(({ name }) => name);
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'composite',
    notes: [],
    groups: [],
    settings: { parallelism },
    nodes: [
      ...sources,
      simulatedNode('composite', spec.type, config),
      ...ports.map((port) => simulatedNode(`out-${port}`, 'sink.file', { path: port, format: 'jsonl' })),
    ],
    edges: [
      ...inputs.map(({ port }, i) => ({ from: `in${i}`, to: 'composite', toPort: port })),
      ...ports.map((port) => ({ from: 'composite', fromPort: port, to: `out-${port}` })),
    ],
  });
  const compiled = document === null ? null : compileDocument(document, { baseFolder: FOLDER, subPipelines });
  const errors = [...diagnostics, ...(compiled?.diagnostics ?? [])].filter(({ severity }) => severity === 'error');
  assert(errors.length === 0, errors.map(({ code, message, path }) => `${code} ${path ?? ''} ${message}`).join('; '));
  return compiled!.plan!;
}

/** The run of an example, with all of its rows at once: watermarks are the source's. */
export function exampleRun(spec: AnyCompositeSpec, example: DocsExample): CompositeRun {
  const inputs = exampleInputs(spec, example);
  const rows = inputs.map(({ shape }, i) =>
    example.steps.flatMap((step) =>
      'rows' in step && step.input === i
        ? step.rows.map((row) => Object.fromEntries(shape.schema.fields.map(({ name }, c) => [name, row[c] ?? null])))
        : [],
    ),
  );
  return {
    spec,
    config: example.config,
    inputs,
    rows,
    times: example.inputs.map(({ eventTime }) => eventTime),
    subPipelines: new Map(Object.entries(example.files)),
    parallelism: 1,
    seed: 1,
  };
}
