import { describe, expect, it } from 'vitest';
import type { Batch } from '../core/batch.ts';
import { c, configSpec, type ConfigOf } from '../core/config.ts';
import {
  ROW_WISE,
  type Operator,
  type OperatorContext,
  type OperatorFactory,
  type OperatorSpec,
  type SourceOperator,
} from '../core/operator.ts';
import { MAX_WATERMARK } from '../core/time.ts';
import { batch, shape } from './builders.ts';
import { FAKE_EPOCH_MS } from './fake-clock.ts';
import { createHarness, inferOperator } from './operator-harness.ts';

const config = configSpec({ greeting: c.withDefault(c.text({ label: 'Greeting', help: 'Printed first.' }), 'hello') });
type ProbeConfig = ConfigOf<typeof config>;

const INPUT = shape('name STRING, ts TIMESTAMP', { eventTime: true });

const probeSpec: OperatorSpec<ProbeConfig> = {
  type: 'probe',
  version: 1,
  label: 'Probe',
  summary: 'Shows what the harness does.',
  category: 'transform',
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'In', isMultiple: true }],
    outputs: [{ name: 'out', label: 'Out' }],
  }),
  traits: () => ROW_WISE,
  infer(_config, [input], report) {
    if (input === undefined) report({ code: 'MR1108', message: 'no input' });
    return input === undefined ? {} : { out: input.shape };
  },
  describe: () => '',
};

/** A harness around an operator written on the spot. */
function probe(operator: (context: OperatorContext, config: ProbeConfig) => Operator, inputs = [INPUT]) {
  const create: OperatorFactory<ProbeConfig> = (plan, context) => operator(context, plan.config);
  return createHarness({ spec: probeSpec, create, config: {}, inputs });
}

const passThrough = (context: OperatorContext): Operator => ({
  processBatch: (rows: Batch) => context.output('out').emit(rows),
});

describe('createHarness', () => {
  it('checks config and fills in defaults', async () => {
    const harness = await probe((context, { greeting }) => {
      context.print(`${greeting}\n`);
      return passThrough(context);
    });
    expect(harness.printed).toBe('hello\n');
  });

  it('fails on diagnostics, of the config and of inference', async () => {
    const create: OperatorFactory<ProbeConfig> = (_plan, context) => passThrough(context);
    await expect(createHarness({ spec: probeSpec, create, config: { greeting: 1 } })).rejects.toThrow(
      'MR1201 greeting',
    );
    await expect(createHarness({ spec: probeSpec, create, config: {} })).rejects.toThrow('MR1108');
  });

  it('takes event times from the first TIMESTAMP field, unless they are given', async () => {
    const harness = await probe(passThrough);
    harness.push(0, [['ada', 5000]]);
    harness.push(0, [['ada', 5000]], [7000]);
    harness.push(0, batch(INPUT.schema, [['ada', '1970-01-01T00:00:09Z']]));
    expect(harness.output().map((row) => row.eventTime)).toEqual([5000, 7000, 9000]);
  });
});

describe('watermarks', () => {
  it('are the minimum over the inputs, rise only, and follow the rows they caused', async () => {
    const seen: number[] = [];
    const harness = await probe(
      (context) => ({
        ...passThrough(context),
        onWatermark: (watermark) => {
          seen.push(watermark);
          context.output('out').emit(batch(INPUT.schema, [['fired', watermark]], [watermark]));
        },
      }),
      [INPUT, INPUT],
    );
    harness.watermark(10, 0);
    harness.watermark(5, 1);
    harness.watermark(4, 1);
    harness.watermark(20);
    expect(seen).toEqual([5, 20]);
    expect(harness.events.map((event) => event.type)).toEqual(['row', 'watermark', 'row', 'watermark']);
  });

  it('are handed over again while the operator asks for it', async () => {
    let left = 3;
    const harness = await probe(() => ({ processBatch: () => {}, onWatermark: () => --left > 0 }));
    harness.watermark(1);
    expect([left, harness.watermarks()]).toEqual([0, [1]]);
  });

  it('end with the last one, then onEnd', async () => {
    const calls: string[] = [];
    const harness = await probe(() => ({
      processBatch: () => {},
      onWatermark: (watermark) => void calls.push(`watermark ${watermark}`),
      onEnd: () => void calls.push('end'),
    }));
    harness.end();
    harness.end();
    expect(calls).toEqual([`watermark ${MAX_WATERMARK}`, 'end']);
  });
});

describe('timers', () => {
  it('fire in order at their instants, once each, also those set by a timer', async () => {
    const fired: [number, number][] = [];
    const harness = await probe((context) => ({
      open() {
        for (const delay of [300, 100, 100]) context.setTimer(FAKE_EPOCH_MS + delay);
      },
      processBatch: () => {},
      onTimer(at) {
        fired.push([at - FAKE_EPOCH_MS, context.clock.now() - FAKE_EPOCH_MS]);
        if (fired.length === 1) context.setTimer(at + 50);
      },
    }));
    harness.advanceTo(FAKE_EPOCH_MS + 200);
    expect(fired).toEqual([
      [100, 100],
      [150, 150],
    ]);
    harness.advanceTo(FAKE_EPOCH_MS + 300);
    expect(fired.at(-1)).toEqual([300, 300]);
  });
});

describe('state', () => {
  const counter = (context: OperatorContext): Operator => {
    const total = context.state.list<number>('total', 'union');
    let count = 0;
    return {
      open() {
        count = total.get().reduce((a, b) => a + b, 0);
      },
      processBatch(rows) {
        count += rows.length;
      },
      snapshot: () => total.set([count]),
      onEnd: () => context.print(`${count}`),
    };
  };

  it('is restored from a snapshot, which later rows do not touch', async () => {
    const create: OperatorFactory<ProbeConfig> = (_plan, context) => counter(context);
    const options = { spec: probeSpec, create, config: {}, inputs: [INPUT] };
    const first = await createHarness(options);
    first.push(0, [['a', 1]]);
    const snapshot = first.snapshot(1);
    first.push(0, [['lost', 2]]);
    first.snapshot(2);
    const second = await createHarness({ ...options, restoreFrom: [snapshot] });
    second.push(0, [['b', 3]]);
    second.end();
    expect(second.printed).toBe('2');
  });

  it('hears of the restored checkpoint after it has opened', async () => {
    const calls: string[] = [];
    const create: OperatorFactory<ProbeConfig> = () => ({
      open: () => void calls.push('open'),
      processBatch: () => {},
      checkpointComplete: (id) => void calls.push(`complete ${id}`),
    });
    const options = { spec: probeSpec, create, config: {}, inputs: [INPUT] };
    const first = await createHarness(options);
    await createHarness({ ...options, restoreFrom: [first.snapshot(4)] });
    expect(calls).toEqual(['open', 'open', 'complete 4']);
  });
});

describe('sources', () => {
  const sourceSpec: OperatorSpec<ProbeConfig> = {
    ...probeSpec,
    category: 'source',
    ports: () => ({ inputs: [], outputs: [{ name: 'out', label: 'Out' }] }),
    infer: () => ({ out: INPUT }),
  };

  it('are polled until they wait or end, which ends the stream', async () => {
    const statuses = ['ready', 'waiting', 'ready', 'ended'] as const;
    let polls = 0;
    const create = (): SourceOperator => ({ processBatch: () => {}, poll: () => statuses[polls++]! });
    const harness = await createHarness({ spec: sourceSpec, create, config: {} });
    expect([harness.poll(), polls]).toEqual(['waiting', 2]);
    expect([harness.poll(), polls]).toEqual(['ended', 4]);
    expect(harness.watermarks()).toEqual([MAX_WATERMARK]);
  });
});

describe('inferOperator', () => {
  it('puts bare shapes on the ports in order, the last port taking the rest', () => {
    const spec: OperatorSpec<ProbeConfig> = {
      ...probeSpec,
      ports: () => ({
        inputs: [
          { name: 'left', label: 'Left' },
          { name: 'right', label: 'Right' },
        ],
        outputs: [],
      }),
    };
    const { inputs } = inferOperator(spec, {}, [INPUT, INPUT, INPUT]);
    expect(inputs.map((input) => input.port)).toEqual(['left', 'right', 'right']);
  });
});

describe('requests under way', () => {
  /** Passes each batch on after a second, one at a time. */
  const slow = (context: OperatorContext): Operator => {
    const waiting: Batch[] = [];
    let back = 0;
    return {
      processBatch: (rows) => {
        waiting.push(rows);
        void context.delay(1000).then(() => {
          back++;
          context.wake();
        });
      },
      pending: () => (waiting.length === 0 ? 'none' : waiting.length < 2 ? 'some' : 'full'),
      onWake: () => {
        for (; back > 0; back--) context.output('out').emit(waiting.shift()!);
      },
    };
  };

  it('are waited for, on the clock', async () => {
    const harness = await probe(slow);
    harness.push(0, [['a', 1]]);
    expect(harness.pending).toBe('some');
    harness.push(0, [['b', 2]]);
    await harness.settle();
    expect(harness.rows().map(([name]) => name)).toEqual(['a', 'b']);
    expect(harness.clock.now()).toBe(FAKE_EPOCH_MS + 1000);
  });

  it('hold back rows when they are too many, and marks and barriers always', async () => {
    const harness = await probe(slow);
    harness.push(0, [['a', 1]]);
    harness.push(0, [['b', 2]]);
    expect(() => harness.push(0, [['c', 3]])).toThrow('wants no rows now');
    expect(() => harness.watermark(1)).toThrow('a watermark waits');
    expect(() => harness.snapshot(1)).toThrow('a barrier waits');
    expect(() => harness.end()).toThrow('a watermark waits');
  });
});
