/** Exactly once, whenever the process dies: between any two calls on files, or in the middle of a write. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileWriter } from '../../core/file-io.ts';
import { shape } from '../../testing/builders.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness, type HarnessSnapshot, type OperatorHarness } from '../../testing/operator-harness.ts';
import { readParquet } from '../../testing/parquet-bytes.ts';
import { createSinkFile } from './runtime.ts';
import { sinkFileSpec } from './spec.ts';

class Died extends Error {}

/** Files of a process that dies after so many calls that change something, if `losesUnsynced` together with the machine. */
class DyingFiles extends MemoryFiles {
  callsLeft = Infinity;
  readonly #losesUnsynced: boolean;
  /** Bytes on disk, of files with bytes that are not. */
  readonly #synced = new Map<string, number>();

  constructor(losesUnsynced: boolean) {
    super();
    this.#losesUnsynced = losesUnsynced;
  }

  /** The next process, on what the last one left. */
  reboot(callsLeft: number): void {
    this.callsLeft = callsLeft;
    if (this.#losesUnsynced) for (const [path, size] of this.#synced) if (this.exists(path)) super.truncate(path, size);
    this.#synced.clear();
  }

  #call(): void {
    if (this.callsLeft <= 0) throw new Died();
    this.callsLeft--;
  }

  override openAppend(path: string): FileWriter {
    this.#call();
    const writer = super.openAppend(path);
    if (!this.#synced.has(path)) this.#synced.set(path, writer.size);
    return {
      get size() {
        return writer.size;
      },
      write: (bytes) => {
        if (this.callsLeft === 1) writer.write(bytes.subarray(0, bytes.length >> 1));
        this.#call();
        if (this.callsLeft === 0) throw new Died();
        writer.write(bytes);
      },
      sync: () => {
        this.#call();
        this.#synced.set(path, writer.size);
      },
      close: () => writer.close(),
    };
  }

  override truncate(path: string, size: number): void {
    this.#call();
    super.truncate(path, size);
  }

  override rename(from: string, to: string): void {
    this.#call();
    super.rename(from, to);
    this.#synced.set(to, this.#synced.get(from) ?? this.size(to));
    this.#synced.delete(from);
  }

  override remove(path: string): void {
    this.#call();
    super.remove(path);
    this.#synced.delete(path);
  }
}

/** What the job does while the process lives. */
interface Step {
  readonly rows: number;
  /** Whether a checkpoint follows, and how far it gets. */
  readonly checkpoint: 'none' | 'aborted' | 'unheard' | 'complete' | 'heardLater';
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  rows: fc.nat({ max: 4 }),
  checkpoint: fc.constantFrom('none', 'aborted', 'unheard', 'complete', 'complete', 'heardLater'),
});
const anyLife = fc.record({
  steps: fc.array(anyStep, { maxLength: 6 }),
  calls: fc.nat({ max: 25 }),
  parallelism: fc.integer({ min: 1, max: 3 }),
});
const anyHistory = fc.record({
  lives: fc.array(anyLife, { maxLength: 5 }),
  losesUnsynced: fc.boolean(),
  rows: fc.integer({ min: 0, max: 20 }),
});
type History = typeof anyHistory extends fc.Arbitrary<infer T> ? T : never;

interface Completed {
  readonly id: number;
  readonly position: number;
  readonly snapshots: readonly HarnessSnapshot[];
}

/** A job that reads rows 0, 1, 2, … and dies as `history` says, until a last life brings it to its end. */
async function run(
  config: Readonly<Record<string, unknown>>,
  maxParallelism: number,
  history: History,
): Promise<DyingFiles> {
  const files = new DyingFiles(history.losesUnsynced);
  let completed: Completed | null = null;
  let nextId = 1;
  const last = { steps: [{ rows: history.rows, checkpoint: 'complete' as const }], calls: Infinity, parallelism: 2 };
  for (const life of [...history.lives, last]) {
    files.reboot(life.calls);
    try {
      const start: Completed | null = completed;
      const members: OperatorHarness[] = [];
      const parallelism = Math.min(life.parallelism, maxParallelism);
      for (let subtask = 0; subtask < parallelism; subtask++) {
        members.push(
          await createHarness({
            spec: sinkFileSpec,
            create: createSinkFile,
            config,
            inputs: [shape('n INT')],
            files,
            subtask,
            parallelism,
            ...(start === null ? {} : { restoreFrom: start.snapshots }),
          }),
        );
      }
      let position: number = start?.position ?? 0;
      const unheard: number[] = [];
      for (const step of life.steps) {
        const until = Math.min(position + step.rows, history.rows);
        for (; position < until; position++) members[position % members.length]!.push(0, [[position]]);
        if (step.checkpoint === 'none') continue;
        const id = nextId++;
        const snapshots = members.map((member) => member.snapshot(id));
        if (step.checkpoint === 'aborted') continue;
        completed = { id, position, snapshots };
        if (step.checkpoint === 'complete') for (const member of members) member.checkpointComplete(id);
        if (step.checkpoint === 'heardLater') unheard.push(id);
        else for (const late of unheard.splice(0)) for (const member of members) member.checkpointComplete(late);
      }
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }
  return files;
}

const RUNS = { numRuns: 400 };

describe('sink.file loses no row and doubles none', () => {
  it('in one file, in order', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const files = await run({ path: 'out.csv', format: 'csv' }, 1, history);
        const lines = Array.from({ length: history.rows }, (_, n) => `${n}\n`);
        expect(files.text('/data-folder/out.csv')).toBe(['n\n', ...lines].join(''));
        expect(files.paths()).toEqual(['/data-folder/out.csv']);
      }),
      RUNS,
    );
  });

  it('in one Parquet file, in order, whole after each checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const files = await run({ path: 'out.parquet', format: 'parquet', rowGroupRows: 2 }, 1, history);
        expect(parquetNumbers(files, '/data-folder/out.parquet')).toEqual(
          Array.from({ length: history.rows }, (_, n) => n),
        );
        expect(files.paths()).toEqual(['/data-folder/out.parquet']);
      }),
      RUNS,
    );
  });

  it.each([
    { path: 'out', format: 'parquet', rowGroupRows: 3 },
    { path: 'out', format: 'parquet', rowGroupRows: 1, rolling: { maxRows: 3 }, ...partitionBy('part', 'n % 3') },
    { path: 'out', format: 'jsonl', ...partitionBy('part', 'n % 5'), maxOpenPartitions: 2 },
  ])('in a folder, and in folders of partitions, at any parallelism (%o)', async (config) => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const files = await run(config, 3, history);
        const numbers = files.paths().flatMap((path) => {
          const found = config.format === 'parquet' ? parquetNumbers(files, path) : jsonNumbers(files.text(path));
          const folder = /part=(\d)\//.exec(path);
          if (folder !== null)
            for (const n of found) expect(n % (config.format === 'parquet' ? 3 : 5)).toBe(Number(folder[1]));
          return found;
        });
        expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: history.rows }, (_, n) => n));
        expect(files.paths().filter((path) => path.includes('inprogress'))).toEqual([]);
      }),
      RUNS,
    );
  });

  it.each([{}, { rolling: { maxRows: 2 } }])('in a folder, at any parallelism (%o)', async (more) => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const files = await run({ path: 'out', format: 'jsonl', ...more }, 3, history);
        const numbers = files.paths().flatMap((path) => jsonNumbers(files.text(path)));
        expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: history.rows }, (_, n) => n));
        expect(files.paths().filter((path) => path.includes('inprogress'))).toEqual([]);
      }),
      RUNS,
    );
  });
});

function partitionBy(as: string, expr: string) {
  return { partitionBy: [{ as, expr }] };
}

function jsonNumbers(text: string): number[] {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { n: number }).n);
}

function parquetNumbers(files: MemoryFiles, path: string): number[] {
  const batch = readParquet(files.readAll(path));
  return Array.from({ length: batch.length }, (_, row) => batch.row(row)[0] as number);
}
