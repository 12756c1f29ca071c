import { describe, expect, it } from 'vitest';
import type { PipelineDocument } from '../graph/index.ts';
import { explain } from './explain.ts';
import { findFakeSpec, sketch } from './fake-catalog.ts';
import { toLogicalPlan } from './logical-plan.ts';
import { planPhysical } from './planner.ts';
import { createValidator } from './validator.ts';

function plan(document: PipelineDocument, parallelism?: number) {
  const validation = createValidator({ findSpec: findFakeSpec }).validate(document);
  expect(validation.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  return planPhysical(toLogicalPlan(document, validation), { baseFolder: '/data', parallelism });
}

/** `s>p chained`, and chains as `s,p×2`. */
function brief(document: PipelineDocument, parallelism?: number): { links: string[]; chains: string[] } {
  const { links, chains } = plan(document, parallelism);
  return {
    links: links.map(
      (link) => `${link.from}>${link.to} ${link.exchange}${link.keys.length > 0 ? ` ${link.keys.join()}` : ''}`,
    ),
    chains: chains.map((chain) => `${chain.operators.join()}×${chain.parallelism}`),
  };
}

const line = sketch({ s: 'source', p: 'pass', c: ['count', { key: 'amount' }], k: 'sink' }, [
  's > p',
  'p > c',
  'c > k',
]);

describe('planPhysical', () => {
  it('runs a line at parallelism 1 as one task', () => {
    expect(brief(line)).toEqual({ links: ['s>p chained', 'p>c chained', 'c>k chained'], chains: ['s,p,c,k×1'] });
  });

  it('hashes where keys must meet', () => {
    expect(brief(line, 2)).toEqual({ links: ['s>p chained', 'p>c hash 1', 'c>k chained'], chains: ['s,p×2', 'c,k×2'] });
  });

  it('takes the parallelism of a node before that of the job', () => {
    const document = sketch(
      {
        s: 'source',
        p: ['pass', {}, { parallelism: 3 }],
        c: ['count', { key: 'user' }, { parallelism: 1 }],
        k: 'sink',
      },
      ['s > p', 'p > c', 'c > k'],
      { parallelism: 2 },
    );
    expect(brief(document)).toEqual({
      links: ['s>p rebalance', 'p>c hash 0', 'c>k rebalance'],
      chains: ['s×2', 'p×3', 'c×1', 'k×2'],
    });
  });

  it('keeps to the most subtasks an operator can have', () => {
    const document = sketch({ s: 'source', k: 'single-sink' }, ['s > k']);
    expect(brief(document, 4)).toEqual({ links: ['s>k rebalance'], chains: ['s×4', 'k×1'] });
  });

  it('starts a chain at every operator with several inputs, and lets one branch', () => {
    const document = sketch({ s: 'source', t: 'source', p: 'pass', j: 'join', m: 'merge', k: 'sink', l: 'sink' }, [
      's > p',
      's > j.left',
      't > j.right',
      'p > m',
      'j > m',
      'm > k',
      'm > l',
    ]);
    expect(brief(document, 2)).toEqual({
      links: [
        's>p chained',
        's>j forward',
        't>j broadcast',
        'p>m forward',
        'j>m forward',
        'm>k chained',
        'm>l chained',
      ],
      chains: ['s,p×2', 't×2', 'j×2', 'm,k,l×2'],
    });
  });

  it('carries what the engine needs', () => {
    const { baseFolder, settings, operators, links } = plan(line, 2);
    expect({ baseFolder, parallelism: settings.parallelism }).toEqual({ baseFolder: '/data', parallelism: 2 });
    expect(operators[2]).toMatchObject({
      nodeId: 'c',
      type: 'count',
      label: 'count',
      config: { key: 'amount' },
      inputs: [{ port: 'in' }],
      assignsWatermarks: false,
    });
    expect(operators[0]?.assignsWatermarks).toBe(true);
    expect(links[1]).toEqual({
      from: 'p',
      fromPort: 'out',
      to: 'c',
      toPort: 'in',
      input: 0,
      exchange: 'hash',
      keys: [1],
    });
    expect(structuredClone(operators)).toEqual(operators);
  });
});

describe('explain', () => {
  it('prints chains, exchanges and schemas', () => {
    expect(explain(plan(line, 2))).toMatchInlineSnapshot(`
      "sketch: 4 operators in 2 chains, 4 tasks
      streaming, pipelined, parallelism 2, checkpoint every 10000 ms

      chain s × 2
        s: source “source”
          out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [event time, bounded]
          rejected: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [no event time, bounded]
          p: pass “pass” ← out
            out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [event time, bounded]
            → c.in, hash

      chain c × 2
        c: count “count”
          ← p.out, hash(amount)
          out: amount BIGINT NOT NULL, count BIGINT NOT NULL [event time, bounded]
          k: sink “sink” ← out
      "
    `);
  });

  it('prints branches and side outputs', () => {
    const document = sketch(
      { s: ['source', { time: 'none' }], l: ['latest', { key: 'user' }], a: 'sink', b: 'single-sink' },
      ['s > l', 'l > a', 's.rejected > b'],
    );
    expect(explain(plan(document))).toMatchInlineSnapshot(`
      "sketch: 4 operators in 1 chain, 1 task
      streaming, pipelined, parallelism 1, checkpoint every 10000 ms

      chain s × 1
        s: source “source”
          out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [no event time, bounded]
          rejected: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [no event time, bounded]
          l: latest “latest” ← out
            out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [no event time, updates, bounded]
            a: sink “sink” ← out
          b: single-sink “single-sink” ← rejected
      "
    `);
  });
});
