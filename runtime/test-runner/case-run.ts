/** One run of a case: its steps, one after the other, on the deterministic scheduler. */
import type { Batch } from '../core/batch.ts';
import { assert, StreamError } from '../core/errors.ts';
import { say } from '../core/say.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { OperatorContext, OperatorPlan } from '../core/operator.ts';
import { parseDuration, parseTimestamp } from '../core/time.ts';
import type { PhysicalPlan } from '../compiler/index.ts';
import { DeterministicScheduler } from '../engine/deterministic-scheduler.ts';
import type { TestCase, TestStep } from '../graph/index.ts';
import type { CheckedRow } from '../protocol/test-report.ts';
import { batchOfRows, rowsOfBatch } from './case-rows.ts';
import { NO_NETWORK, readOnly } from './closed-world.ts';
import { CAPTURE, SCRIPT, type ScriptConfig } from './isolate.ts';
import { ScriptSource, type ScriptCommand } from './script-source.ts';

export interface CaseRunOptions {
  readonly plan: PhysicalPlan;
  readonly testCase: TestCase;
  /** To read lookup tables from. */
  readonly files: FileIo;
  /** Called before steps: throws what ends the run, and lets others have the thread. */
  readonly pause: () => Promise<void> | null;
}

const SEED = 1;
/** Steps of the scheduler between two looks at the clock. */
const STEPS_PER_LOOK = 256;

export class CaseRun {
  readonly #options: CaseRunOptions;
  readonly #scheduler: DeterministicScheduler;
  readonly #scripts = new Map<NodeId, ScriptSource>();
  readonly #captured = new Map<NodeId, CheckedRow[]>();
  #steps = 0;
  /** The step that runs; null outside of all. */
  step: number | null = null;

  constructor(options: CaseRunOptions) {
    const { plan, testCase, files } = options;
    this.#options = options;
    for (const { nodeId, type } of plan.operators) if (type === CAPTURE) this.#captured.set(nodeId, []);
    this.#scheduler = new DeterministicScheduler(plan, {
      seed: SEED,
      files: readOnly(files),
      network: NO_NETWORK,
      startAt: parseTimestamp(testCase.startAt) ?? 0,
      // There is nowhere to spill to, and no case is that large.
      spillAfterBytes: Infinity,
      findRuntime: ({ type }) => (type === SCRIPT ? this.#createScript : type === CAPTURE ? this.#createCapture : null),
    });
  }

  /** Rows by capture, in the order they came. Throws what failed. */
  async run(): Promise<ReadonlyMap<NodeId, readonly CheckedRow[]>> {
    const { steps, endOfInput } = this.#options.testCase;
    try {
      await this.#scheduler.open();
      await this.#settle();
      for (const [i, step] of steps.entries()) {
        this.step = i;
        await this.#play(step);
      }
      this.step = null;
      if (endOfInput) await this.#end();
    } finally {
      this.#scheduler.close();
    }
    return this.#captured;
  }

  async #play(step: TestStep): Promise<void> {
    if ('advance' in step) {
      const duration = parseDuration(step.advance);
      assert(duration.ok, 'steps were checked');
      await this.#advance(duration.value);
      return;
    }
    this.#scripts.get(step.node)?.push(this.#commandOf(step));
    await this.#settle();
  }

  #commandOf(step: Exclude<TestStep, { advance: string }>): ScriptCommand {
    if ('watermark' in step) return { type: 'watermark', watermark: parseTimestamp(step.watermark)! };
    if ('idle' in step) return { type: 'idle' };
    if ('end' in step) return { type: 'end' };
    const { outputs } = this.#options.plan.operators.find(({ nodeId }) => nodeId === step.node)!;
    return { type: 'rows', port: step.port, batch: batchOfRows(outputs[step.port]!.schema, step.rows) };
  }

  /** Until nothing can move but by time. */
  async #settle(): Promise<void> {
    while (!this.#scheduler.isFinished) {
      await this.#look();
      const outcome = this.#scheduler.stepNow();
      if (outcome === null) return;
      if (outcome === 'outside') await this.#scheduler.outside();
    }
  }

  /** What comes due on the way does so at its time. */
  async #advance(ms: number): Promise<void> {
    const scheduler = this.#scheduler;
    const end = scheduler.now + ms;
    while (scheduler.nextAt <= end) {
      scheduler.waitUntil(scheduler.nextAt);
      await this.#settle();
    }
    scheduler.waitUntil(end);
    await this.#settle();
  }

  async #end(): Promise<void> {
    for (const script of this.#scripts.values()) script.push({ type: 'end' });
    while (!this.#scheduler.isFinished) {
      await this.#look();
      if (this.#scheduler.step() === 'outside') await this.#scheduler.outside();
    }
  }

  async #look(): Promise<void> {
    if (this.#steps++ % STEPS_PER_LOOK > 0) return;
    const pause = this.#options.pause();
    if (pause !== null) await pause;
  }

  readonly #createScript = (plan: OperatorPlan<ScriptConfig>, context: OperatorContext): ScriptSource => {
    const script = new ScriptSource(plan, context);
    if (plan.subtask === 0) this.#scripts.set(plan.nodeId, script);
    return script;
  };

  readonly #createCapture = ({ nodeId }: OperatorPlan<null>): { processBatch(batch: Batch): void } => ({
    processBatch: (batch) => void this.#captured.get(nodeId)!.push(...rowsOfBatch(batch)),
  });
}

/** Says when a run has taken too long, or is no longer wanted; gives the thread away now and then. */
export function createPause(
  timeoutMs: number,
  signal: AbortSignal | null,
  now: () => number,
): () => Promise<void> | null {
  const startedAt = now();
  let yieldedAt = startedAt;
  return () => {
    const time = now();
    signal?.throwIfAborted();
    if (time - startedAt > timeoutMs) {
      throw new StreamError('MR2502', say`it did not end within ${timeoutMs / 1000} s`, {
        domain: 'user',
        remedy: say`Give it fewer rows, or more time.`,
      });
    }
    if (time - yieldedAt < MAX_SLICE_MS) return null;
    yieldedAt = time;
    return new Promise((resolve) => setImmediate(resolve));
  };
}

/** How long others may have to wait for the thread. */
const MAX_SLICE_MS = 20;
