import { describe, expect, it } from 'vitest';
import type { PipelineDocument } from '../graph/index.ts';
import { explain } from './explain.ts';
import { findFakeSpec, sketch } from './fake-catalog.ts';
import { toLogicalPlan } from './logical-plan.ts';
import type { PhysicalPlan } from './physical-plan.ts';
import { planPhysical } from './planner.ts';
import { createValidator } from './validator.ts';

const nodes = { s: 'source', p: 'pass', c: ['count', { key: 'amount' }], k: 'sink' } as const;
const edges = ['s > p', 'p > c', 'c > k'];

function validate(document: PipelineDocument) {
  return createValidator({ findSpec: findFakeSpec }).validate(document);
}

function plan(settings: object, parallelism?: number): PhysicalPlan {
  const document = sketch(nodes, edges, { runtimeMode: 'batch', ...settings });
  return planPhysical(toLogicalPlan(document, validate(document)), { baseFolder: '/data', parallelism });
}

const exchangesOf = ({ links }: PhysicalPlan): string[] => links.map(({ exchange }) => exchange);

describe('a document in batch mode', () => {
  it('may not have a source that never ends', () => {
    const endless = { ...nodes, s: ['source', { endless: true }] } as const;
    expect(validate(sketch(endless, edges, { runtimeMode: 'batch' })).diagnostics).toEqual([
      {
        severity: 'error',
        code: 'MR1506',
        message: '"s" never ends, and a batch job waits for the end of its inputs',
        nodeId: 's',
      },
    ]);
    expect(validate(sketch(endless, edges)).diagnostics).toEqual([]);
    expect(validate(sketch(nodes, edges, { runtimeMode: 'batch' })).diagnostics).toEqual([]);
  });

  it('is looked at again when only the mode changes', () => {
    const document = sketch({ ...nodes, s: ['source', { endless: true }] }, edges);
    const validator = createValidator({ findSpec: findFakeSpec });
    const codes = (one: PipelineDocument): string[] => validator.validate(one).diagnostics.map(({ code }) => code);
    expect(codes(document)).toEqual([]);
    expect(codes({ ...document, settings: { ...document.settings, runtimeMode: 'batch' } })).toEqual(['MR1506']);
    expect(codes(document)).toEqual([]);
  });
});

describe('a plan in batch mode', () => {
  it('gathers rows in front of operators with keyed state, also where there is one subtask', () => {
    expect(exchangesOf(plan({}, 2))).toEqual(['chained', 'blocking', 'chained']);
    expect(exchangesOf(plan({}, 1))).toEqual(['chained', 'blocking', 'chained']);
    expect(plan({}, 1).links[1]?.keys).toEqual([1]);
  });

  it('leaves state to RocksDB where that keeps it', () => {
    expect(exchangesOf(plan({ stateBackend: 'rocksdb' }, 2))).toEqual(['chained', 'hash', 'chained']);
  });

  it('has no periodic checkpoints, nothing that overtakes, no time-out of batches', () => {
    const { settings } = plan({
      checkpoint: { intervalMs: 500, alignment: 'unaligned', mode: 'at-least-once' },
      bufferTimeoutMs: 5,
    });
    expect(settings).toMatchObject({
      bufferTimeoutMs: Infinity,
      latencyTargetMs: 0,
      checkpoint: { intervalMs: 0, alignment: 'aligned', mode: 'exactly-once' },
    });
  });

  it('is explained', () => {
    expect(explain(plan({}, 2))).toMatchInlineSnapshot(`
      "sketch: 4 operators in 2 chains, 4 tasks
      batch, pipelined, parallelism 2, no periodic checkpoints

      chain s × 2
        s: source “source”
          out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [event time, bounded]
          rejected: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [no event time, bounded]
          p: pass “pass” ← out
            out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [event time, bounded]
            → c.in, blocking

      chain c × 2
        c: count “count”
          ← p.out, blocking(amount)
          out: amount BIGINT NOT NULL, count BIGINT NOT NULL [event time, bounded]
          k: sink “sink” ← out
      "
    `);
  });
});
