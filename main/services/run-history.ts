/** What was run in a workspace: those that go on, and the latest of those that have ended. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { DiagnosticCode } from '../../runtime/core/diagnostic-codes.ts';
import { isTerminal, type JobEvent, type JobMetrics } from '../../runtime/protocol/job.ts';
import type { RunChoices, RunKind, RunRecord } from '../../runtime/protocol/run-record.ts';
import { JsonFile } from './json-file.ts';

const MAX_RUNS = 100;

const records: z.ZodType<readonly RunRecord[]> = z.array(
  z.strictObject({
    id: z.string(),
    path: z.string(),
    kind: z.enum(['run', 'preview', 'flink']),
    params: z.record(z.string(), z.string()),
    parallelism: z.number().nullable(),
    runtimeMode: z.enum(['streaming', 'batch']).nullable(),
    state: z.enum(['CREATED', 'RUNNING', 'RESTARTING', 'STOPPING', 'FINISHED', 'STOPPED', 'FAILED']).nullable(),
    attempt: z.number(),
    error: z
      .strictObject({
        code: z.custom<DiagnosticCode>((code) => typeof code === 'string').nullable(),
        message: z.string(),
        remedy: z.string().nullable(),
      })
      .nullable(),
    startedAt: z.number(),
    endedAt: z.number().nullable(),
    rows: z.number(),
    checkpoint: z.number().nullable(),
  }),
);

/** One that goes on. */
export interface RecordedRun {
  /** Takes what its job tells. */
  receive(events: readonly JobEvent[]): void;
  /** The job has ended. */
  end(): void;
  /** It never began: it is no run. */
  forget(): void;
}

export class RunHistory {
  readonly #file: JsonFile<readonly RunRecord[]>;
  /** By id, the last one last. */
  readonly #running = new Map<string, RunRecord>();
  readonly #now: () => number;
  #kept: Promise<unknown> = Promise.resolve();

  constructor(file: string, now: () => number = Date.now) {
    this.#file = new JsonFile(file, records, []);
    this.#now = now;
  }

  /** What has happened is in the file. */
  async settled(): Promise<void> {
    await this.#kept;
  }

  /** Newest first. */
  async list(): Promise<readonly RunRecord[]> {
    await this.settled();
    const kept = await this.#file.read();
    return [...[...this.#running.values()].toReversed(), ...kept.filter(({ id }) => !this.#running.has(id))];
  }

  begin(path: string, kind: RunKind, choices: RunChoices): RecordedRun {
    const id = randomUUID();
    const start: RunRecord = {
      id,
      path,
      kind,
      ...choices,
      state: 'CREATED',
      attempt: 1,
      error: null,
      startedAt: this.#now(),
      endedAt: null,
      rows: 0,
      checkpoint: null,
    };
    this.#running.set(id, start);
    // Should the app die, the file tells that there was a run, and not how it ended.
    this.#change((kept) => [{ ...start, state: null }, ...kept]);
    return {
      receive: (events) => {
        const run = this.#running.get(id);
        if (run !== undefined) this.#running.set(id, events.reduce(afterEvent, run));
      },
      end: () => {
        const run = this.#running.get(id);
        if (run === undefined) return;
        this.#running.delete(id);
        // A job whose engine died says nothing of its end.
        const state = run.state !== null && isTerminal(run.state) ? run.state : null;
        const ended: RunRecord = { ...run, state, endedAt: this.#now() };
        this.#change((kept) => kept.map((one) => (one.id === id ? ended : one)));
      },
      forget: () => {
        this.#running.delete(id);
        this.#change((kept) => kept.filter((one) => one.id !== id));
      },
    };
  }

  /** Best effort: a run does not fail for it. */
  #change(update: (kept: readonly RunRecord[]) => readonly RunRecord[]): void {
    this.#kept = this.#file.change((kept) => update(kept).slice(0, MAX_RUNS)).catch(() => {});
  }
}

function afterEvent(run: RunRecord, event: JobEvent): RunRecord {
  switch (event.type) {
    case 'state': {
      const { state, attempt, error } = event;
      if (error === null) return { ...run, state, attempt, error };
      const { code, message, remedy } = error;
      return { ...run, state, attempt, error: { code, message, remedy } };
    }
    case 'metrics':
      return { ...run, rows: rowsOfSources(event.metrics) };
    case 'checkpoint':
      return event.checkpoint.status === 'completed' ? { ...run, checkpoint: event.checkpoint.id } : run;
    default:
      return run;
  }
}

/** A source is what nothing feeds. */
function rowsOfSources({ operators, links }: JobMetrics): number {
  const fed = new Set(links.map(({ to }) => to));
  let rows = 0;
  for (const { nodeId, subtasks } of operators) {
    if (fed.has(nodeId)) continue;
    for (const { numRecordsOut } of subtasks) for (const n of Object.values(numRecordsOut)) rows += n;
  }
  return rows;
}
