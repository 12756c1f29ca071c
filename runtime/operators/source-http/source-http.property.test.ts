/** Clients that send again what was not answered, crashes anywhere: what each way to acknowledge promises. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryNetwork, type SentRequest } from '../../testing/memory-network.ts';
import { createHarness, type HarnessSnapshot, type OperatorHarness } from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { createSourceHttp } from './runtime.ts';
import { sourceHttpSpec, type SourceHttpConfig } from './spec.ts';

const PORT = 8088;

type Action = { readonly type: 'post'; readonly rows: number } | { readonly type: 'poll' | 'checkpoint' | 'crash' };

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('post' as const), rows: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 4, arbitrary: fc.constant({ type: 'poll' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'checkpoint' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'crash' as const }) },
);

/** A job of this source alone: with a crash goes all that was emitted since the checkpoint. */
class Run {
  readonly network = new MemoryNetwork();
  readonly #acknowledge: SourceHttpConfig['acknowledge'];
  #source!: OperatorHarness;
  #emittedBefore: unknown[] = [];
  #kept: { snapshot: HarnessSnapshot; emitted: unknown[] } | null = null;
  #checkpointId = 0;
  #nextId = 0;
  readonly requests: { body: string; sent: SentRequest; answered: boolean }[] = [];

  constructor(acknowledge: SourceHttpConfig['acknowledge']) {
    this.#acknowledge = acknowledge;
  }

  async start(): Promise<void> {
    this.#source = await createHarness({
      spec: sourceHttpSpec,
      create: createSourceHttp,
      config: {
        port: PORT,
        format: 'json',
        schema: [{ name: 'id', type: 'INT' }],
        acknowledge: this.#acknowledge,
      },
      network: this.network,
      batchRows: 2,
      ...(this.#kept === null ? {} : { restoreFrom: [this.#kept.snapshot] }),
    });
    this.#emittedBefore = this.#kept?.emitted ?? [];
  }

  get emitted(): unknown[] {
    return [...this.#emittedBefore, ...this.#source.rows().flat()];
  }

  get ids(): unknown[] {
    return Array.from({ length: this.#nextId }, (_, i) => i);
  }

  async act(action: Action): Promise<void> {
    if (action.type === 'post') this.#post(action.rows);
    else if (action.type === 'poll') this.#source.pollOnce();
    else if (action.type === 'checkpoint') this.checkpoint();
    else await this.#crash();
    for (const request of this.requests) request.answered ||= request.sent.answer?.status === 200;
  }

  checkpoint(): void {
    const id = ++this.#checkpointId;
    this.#kept = { snapshot: this.#source.snapshot(id), emitted: this.emitted };
    this.#source.checkpointComplete(id);
  }

  #post(rows: number): void {
    const body = JSON.stringify(Array.from({ length: rows }, () => ({ id: this.#nextId++ })));
    this.requests.push({ body, sent: this.network.send(PORT, { body }), answered: false });
    this.network.settle();
  }

  async #crash(): Promise<void> {
    await this.start();
    for (const request of this.requests) {
      if (!request.answered) request.sent = this.network.send(PORT, { body: request.body });
    }
    this.network.settle();
  }

  finish(): void {
    this.#source.poll();
    this.checkpoint();
  }
}

it('acknowledge: checkpoint emits every row at least once, and once each without a crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { maxLength: 40 }), async (actions) => {
      const run = new Run('checkpoint');
      await run.start();
      for (const action of actions) await run.act(action);
      run.finish();
      expect(run.requests.every(({ sent }) => sent.answer?.status === 200)).toBe(true);
      expect([...new Set(run.emitted)].sort((a, b) => Number(a) - Number(b))).toEqual(run.ids);
      if (actions.every(({ type }) => type !== 'crash')) expect(run.emitted).toEqual(run.ids);
    }),
    propertyRuns(150),
  );
});

it('acknowledge: received emits no row twice, and loses none that a checkpoint had seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { maxLength: 40 }), async (actions) => {
      const run = new Run('received');
      await run.start();
      for (const action of actions) await run.act(action);
      run.finish();
      const { emitted } = run;
      expect(new Set(emitted).size).toBe(emitted.length);
      const lastCheckpoint = actions.findLastIndex(({ type }) => type === 'checkpoint');
      const crashed = actions.findIndex(({ type }, i) => type === 'crash' && i > lastCheckpoint);
      if (crashed === -1 && actions.every(({ type }) => type !== 'crash')) expect(emitted).toEqual(run.ids);
    }),
    propertyRuns(150),
  );
});
