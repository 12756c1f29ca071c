/**
 * An operator for tests that has requests under way: passes rows on, each batch once its request is back, in order. With `holdsBack` the
 * request of the newest batch starts only with the next one, or when it is told not to wait. Fails when a mark or a barrier comes past a request.
 */
import type { Batch } from '../../core/batch.ts';
import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import {
  ROW_WISE,
  type Operator,
  type OperatorContext,
  type OperatorFactory,
  type OperatorSpec,
  type Pending,
} from '../../core/operator.ts';

const config = configSpec({
  capacity: c.withDefault(c.integer({ label: 'Capacity', help: 'Requests that may be under way.' }, { min: 1 }), 3),
  maxMs: c.withDefault(
    c.integer({ label: 'Longest', help: 'How long a request takes at most, in ms.' }, { min: 0 }),
    20,
  ),
  holdsBack: c.withDefault(
    c.flag({ label: 'Holds back', help: 'Whether the newest batch waits for the next.' }),
    false,
  ),
  timerMs: c.optional(c.integer({ label: 'Timer', help: 'When it prints that a timer fired, in ms from the start.' })),
});
type AsynchronousConfig = ConfigOf<typeof config>;

export const asynchronousSpec: OperatorSpec<AsynchronousConfig> = {
  type: 'test.asynchronous',
  version: 1,
  label: 'Asynchronous',
  summary: 'Passes rows on once a request is back.',
  category: 'transform',
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'In' }], outputs: [{ name: 'out', label: 'Out' }] }),
  traits: () => ROW_WISE,
  infer: (_config, [input]) => (input === undefined ? {} : { out: input.shape }),
  describe: () => '',
};

interface Request {
  readonly batch: Batch;
  isStarted: boolean;
  isBack: boolean;
}

class Asynchronous implements Operator {
  readonly #config: AsynchronousConfig;
  readonly #context: OperatorContext;
  readonly #requests: Request[] = [];
  #rows = 0;

  constructor(config: AsynchronousConfig, context: OperatorContext) {
    this.#config = config;
    this.#context = context;
  }

  open(): void {
    const { timerMs } = this.#config;
    if (timerMs !== null) this.#context.setTimer(this.#context.clock.now() + timerMs);
  }

  processBatch(batch: Batch): void {
    this.#rows += batch.length;
    this.flush();
    this.#requests.push({ batch, isStarted: false, isBack: false });
    if (!this.#config.holdsBack) this.flush();
  }

  flush(): void {
    for (const request of this.#requests) if (!request.isStarted) void this.#run(request);
  }

  pending(): Pending {
    if (this.#requests.length === 0) return 'none';
    return this.#requests.filter(({ isStarted }) => isStarted).length < this.#config.capacity ? 'some' : 'full';
  }

  onWake(): void {
    while (this.#requests[0]?.isBack === true) this.#context.output('out').emit(this.#requests.shift()!.batch);
  }

  onTimer(): void {
    this.#context.print(`timer, ${this.#requests.length} under way\n`);
  }

  snapshot(checkpointId: number): void {
    if (this.#requests.length > 0) throw new Error('a barrier came past what is under way');
    this.#context.print(`barrier ${checkpointId} behind ${this.#rows} rows\n`);
  }

  onWatermark(): void {
    if (this.#requests.length > 0) throw new Error('a watermark came past what is under way');
  }

  onEnd(): void {
    if (this.#requests.length > 0) throw new Error('the end came past what is under way');
  }

  checkpointComplete(checkpointId: number): void {
    this.#context.print(`complete ${checkpointId}\n`);
  }

  async #run(request: Request): Promise<void> {
    request.isStarted = true;
    await this.#context.delay(Math.floor(this.#context.random() * (this.#config.maxMs + 1)));
    request.isBack = true;
    this.#context.wake();
  }
}

export const createAsynchronous: OperatorFactory<AsynchronousConfig> = ({ config }, context) =>
  new Asynchronous(config, context);
