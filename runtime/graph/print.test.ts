import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { DEFAULT_SETTINGS, emptyDocument, type PipelineDocument } from './document.ts';
import { parseDocument } from './parse.ts';
import { printDocument } from './print.ts';

describe('printDocument', () => {
  it('leaves defaults out and rounds positions', () => {
    const document: PipelineDocument = {
      ...emptyDocument('Clicks'),
      settings: {
        ...DEFAULT_SETTINGS,
        parallelism: 2,
        checkpoint: { ...DEFAULT_SETTINGS.checkpoint, intervalMs: 500 },
        restart: { strategy: 'fixed-delay', delayMs: 1000, maxAttempts: 3 },
        params: { input: 'a.csv' },
      },
      nodes: [
        {
          id: nodeId('a'),
          type: 'source.file',
          version: 1,
          position: { x: 0.4, y: -0.4 },
          config: { path: '${input}' },
        },
        {
          id: nodeId('b'),
          type: 'sink.print',
          version: 1,
          label: 'Out',
          position: { x: 10.6, y: 0 },
          parallelism: 1,
          config: {},
        },
      ],
      edges: [
        { from: nodeId('a'), fromPort: 'out', to: nodeId('b'), toPort: 'in' },
        { from: nodeId('a'), fromPort: 'rejected', to: nodeId('b'), toPort: 'left' },
      ],
    };
    expect(printDocument(document)).toMatchInlineSnapshot(`
      "{
        "format": "millrace/pipeline",
        "version": 1,
        "name": "Clicks",
        "settings": {
          "parallelism": 2,
          "checkpoint": {
            "intervalMs": 500
          },
          "restart": {
            "strategy": "fixed-delay",
            "maxAttempts": 3
          },
          "params": {
            "input": "a.csv"
          }
        },
        "nodes": [
          {
            "id": "a",
            "type": "source.file",
            "position": {
              "x": 0,
              "y": 0
            },
            "config": {
              "path": "\${input}"
            }
          },
          {
            "id": "b",
            "type": "sink.print",
            "label": "Out",
            "position": {
              "x": 11,
              "y": 0
            },
            "parallelism": 1,
            "config": {}
          }
        ],
        "edges": [
          {
            "from": "a",
            "to": "b"
          },
          {
            "from": "a",
            "fromPort": "rejected",
            "to": "b",
            "toPort": "left"
          }
        ]
      }
      "
    `);
  });

  it('writes a default strategy only with what differs from it', () => {
    const restart = { ...DEFAULT_SETTINGS.restart, maxAttempts: 3 } as PipelineDocument['settings']['restart'];
    const text = printDocument({ ...emptyDocument('p'), settings: { ...DEFAULT_SETTINGS, restart } });
    expect(JSON.parse(text)).toMatchObject({
      settings: { restart: { strategy: 'exponential-delay', maxAttempts: 3 } },
    });
    expect(parseDocument(text).document?.settings.restart).toEqual(restart);
  });

  it('reads back what it writes, and writes it the same again', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const text = printDocument(document);
        const parsed = parseDocument(text);
        expect(parsed).toEqual({ document, diagnostics: [] });
        expect(printDocument(parsed.document!)).toBe(text);
      }),
    );
  });
});

const ids = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/).map(nodeId);
const positions = fc.record({ x: fc.integer(), y: fc.integer() });
const settings = fc.record({
  ...Object.fromEntries(Object.entries(DEFAULT_SETTINGS).map(([key, value]) => [key, fc.constant(value)])),
  parallelism: fc.integer({ min: 1, max: 128 }),
  checkpoint: fc.nat().map((intervalMs) => ({ ...DEFAULT_SETTINGS.checkpoint, intervalMs })),
  restart: fc.oneof(
    fc.constant({ strategy: 'none' as const }),
    fc.record({
      strategy: fc.constant('fixed-delay' as const),
      delayMs: fc.constantFrom(1000, 5),
      maxAttempts: fc.nat(),
    }),
    fc.constant(DEFAULT_SETTINGS.restart),
  ),
  params: fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
    noNullPrototype: true,
  }),
}) as unknown as fc.Arbitrary<PipelineDocument['settings']>;

const rows = fc.array(
  fc.dictionary(
    fc.stringMatching(/^[a-z]+$/),
    fc.json().map((text): unknown => JSON.parse(text)),
    { noNullPrototype: true },
  ),
  { maxLength: 2 },
);
const tests = fc.record({
  name: fc.string({ minLength: 1 }),
  params: fc.constant({ limit: 3 }),
  parallelism: fc.constantFrom<number[]>([1], [1, 4]),
  startAt: fc.constantFrom('1970-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  steps: fc.array(
    fc.oneof(
      fc.record({ node: ids, port: fc.constantFrom('out', 'late'), rows }),
      fc.record({ node: ids, watermark: fc.string() }),
      fc.record({ node: ids, idle: fc.constant(true as const) }),
      fc.record({ node: ids, end: fc.constant(true as const) }),
      fc.record({ advance: fc.string() }),
    ),
    { maxLength: 4 },
  ),
  endOfInput: fc.boolean(),
  expect: fc.array(
    fc.record(
      {
        node: ids,
        port: fc.constant('out'),
        rows,
        order: fc.constantFrom('any' as const, 'exact' as const),
        updates: fc.constantFrom('changelog' as const, 'table' as const),
        ignore: fc.array(fc.string(), { maxLength: 1 }),
        tolerance: fc.constantFrom(0, 0.5),
      },
      { requiredKeys: ['node', 'rows', 'order', 'updates', 'ignore', 'tolerance'], noNullPrototype: true },
    ),
    { maxLength: 2 },
  ),
});

const documents: fc.Arbitrary<PipelineDocument> = fc.record({
  name: fc.string(),
  description: fc.string(),
  settings,
  nodes: fc.array(
    fc.record(
      {
        id: ids,
        type: fc.constantFrom('filter', 'sink.print'),
        version: fc.constantFrom(1, 2),
        label: fc.string(),
        position: positions,
        parallelism: fc.integer({ min: 1, max: 128 }),
        config: fc.dictionary(
          fc.stringMatching(/^[a-z]+$/),
          fc.json().map((text): unknown => JSON.parse(text)),
          {
            noNullPrototype: true,
          },
        ),
      },
      { requiredKeys: ['id', 'type', 'version', 'position', 'config'], noNullPrototype: true },
    ),
    { maxLength: 4 },
  ),
  edges: fc.array(
    fc.record({
      from: ids,
      fromPort: fc.constantFrom('out', 'late'),
      to: ids,
      toPort: fc.constantFrom('in', 'left'),
    }),
    { maxLength: 4 },
  ),
  notes: fc.array(
    fc.record({
      id: ids,
      text: fc.string(),
      position: positions,
      width: fc.integer({ min: 1, max: 999 }),
      height: fc.integer({ min: 1, max: 999 }),
    }),
    { maxLength: 2 },
  ),
  groups: fc.array(
    fc.record(
      { id: ids, label: fc.string(), parent: ids, collapsed: fc.constant(true), nodes: fc.array(ids) },
      { requiredKeys: ['id', 'label', 'nodes'] },
    ),
    { maxLength: 2 },
  ),
  tests: fc.array(tests, { maxLength: 2 }),
  dashboard: fc.record({
    theme: fc.constantFrom('dark', 'light', 'contrast'),
    tiles: fc.array(
      fc.record({
        node: ids,
        x: fc.integer({ min: 0, max: 23 }),
        y: fc.integer({ min: 0, max: 99 }),
        w: fc.integer({ min: 1, max: 24 }),
        h: fc.integer({ min: 1, max: 99 }),
      }),
      { maxLength: 2 },
    ),
  }),
});
