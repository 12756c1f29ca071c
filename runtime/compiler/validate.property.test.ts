/** Broken documents of every kind: an answer with codes for each, never an exception. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_HELP } from '../core/diagnostic-codes.ts';
import { parseDocument, printDocument, readDocument } from '../graph/index.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { compileDocument } from './compile.ts';
import { explain } from './explain.ts';
import { createValidator, validateDocument } from './validate.ts';

const RUNS = propertyRuns(200);

const SOUND = {
  format: 'millrace/pipeline',
  version: 1,
  name: 'sound',
  settings: {
    parallelism: 2,
    params: { limit: 5 },
    restart: { strategy: 'fixed-delay' },
    checkpoint: { intervalMs: 100 },
  },
  nodes: [
    {
      id: 'clicks',
      type: 'source.file',
      config: {
        path: 'clicks.csv',
        format: 'csv',
        schema: [
          { name: 'user', type: 'STRING' },
          { name: 'amount', type: 'DECIMAL(10,2)' },
          { name: 'ts', type: 'TIMESTAMP' },
        ],
        eventTime: { field: 'ts', maxOutOfOrdernessMs: 5000 },
      },
    },
    {
      id: 'numbers',
      type: 'source.generator',
      config: {
        rows: 10,
        fields: [
          { name: 'user', type: 'STRING', expr: "'u' || CAST(n AS STRING)" },
          { name: 'amount', type: 'DECIMAL(10,2)', expr: 'CAST(n AS DECIMAL(10,2))' },
          { name: 'ts', type: 'TIMESTAMP', expr: "TIMESTAMP '2026-01-01 00:00:00' + INTERVAL '1' SECOND" },
        ],
        eventTime: { field: 'ts', maxOutOfOrdernessMs: 0 },
      },
    },
    { id: 'both', type: 'union', config: {} },
    { id: 'some', type: 'filter', config: { condition: 'amount > ${limit} AND user IS NOT NULL' } },
    { id: 'cases', type: 'route', config: { cases: [{ port: 'large', condition: 'amount > 100' }] } },
    { id: 'late', type: 'watermark', config: { eventTime: { field: 'ts', maxOutOfOrdernessMs: 10 } } },
    { id: 'words', type: 'project', config: { keepAll: true, fields: [{ as: 'parts', expr: "SPLIT(user, '-')" }] } },
    { id: 'each', type: 'unnest', config: { expr: 'parts', as: 'part' } },
    {
      id: 'perMinute',
      type: 'aggregate.window',
      config: {
        groupBy: ['part'],
        window: { type: 'hopping', size: '1 minute', slide: '10 seconds' },
        aggregates: [
          { as: 'n', fn: 'COUNT', expr: '*' },
          { as: 'total', fn: 'SUM', expr: 'amount', filter: 'amount > 0', distinct: true },
        ],
        allowedLateness: '5 seconds',
      },
    },
    { id: 'table', type: 'sink.table', config: {} },
    { id: 'file', type: 'sink.file', config: { path: 'out', format: 'jsonl' } },
    { id: 'log', type: 'sink.print', config: {} },
  ],
  edges: [
    { from: 'clicks', to: 'both' },
    { from: 'numbers', to: 'both' },
    { from: 'both', to: 'some' },
    { from: 'some', to: 'cases' },
    { from: 'cases', fromPort: 'large', to: 'log' },
    { from: 'cases', fromPort: 'otherwise', to: 'late' },
    { from: 'late', to: 'words' },
    { from: 'words', to: 'each' },
    { from: 'each', to: 'perMinute' },
    { from: 'perMinute', to: 'table' },
    { from: 'perMinute', fromPort: 'late', to: 'file' },
  ],
};
const TEXT = JSON.stringify(SOUND);

type Path = readonly (string | number)[];

/** Every place in a JSON value. */
function places(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const key = (name: string): string | number => (Array.isArray(value) ? Number(name) : name);
  return [path, ...inner.flatMap(([name, child]) => places(child, [...path, key(name)]))];
}

function mutate(root: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return change(root);
  const child = mutate((root as Record<string | number, unknown>)[head], rest, change);
  if (Array.isArray(root))
    return child === undefined ? root.toSpliced(head as number, 1) : root.with(head as number, child);
  return { ...(root as object), [head]: child };
}

const PLACES = places(SOUND).filter((path) => path.length > 0);
const VALUES = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '*',
    'amount',
    'user + 1',
    '${limit}',
    '${',
    '${nope}',
    'a b',
    '1 minute',
    '-1 day',
    'some',
    'ARRAY<',
    '__proto__',
  ),
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    0,
    -1,
    1.5,
    1e300,
    [],
    {},
    [[]],
    [null],
    { type: 'session' },
    { a: { b: [1] } },
  ),
  fc.string(),
  fc.jsonValue(),
);
const CHANGES = fc.oneof(
  VALUES.map((value) => () => value),
  fc.constant((value: unknown) => (Array.isArray(value) ? [...value, ...value] : [value])),
  fc
    .string({ minLength: 1 })
    .map((key) => (value: unknown) => (typeof value === 'object' ? { ...value, [key]: 1 } : key)),
  fc.tuple(fc.nat(), fc.string()).map(([at, piece]) => (value: unknown) => {
    const text = String(value);
    return text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1);
  }),
);
const MUTATED = fc
  .array(fc.tuple(fc.constantFrom(...PLACES), CHANGES), { minLength: 1, maxLength: 3 })
  .map((mutations) =>
    mutations.reduce<unknown>((document, [path, change]) => tryMutate(document, path, change), SOUND),
  );

/** A place may be gone with a mutation before. */
function tryMutate(document: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  try {
    return mutate(document, path, change);
  } catch {
    return document;
  }
}

function expectCoded(diagnostics: readonly { code: string; message: string }[]): void {
  for (const { code, message } of diagnostics) {
    expect(Object.hasOwn(DIAGNOSTIC_HELP, code)).toBe(true);
    expect(message).not.toBe('');
  }
}

describe('validation is total', () => {
  it('starts from a document without problems', () => {
    const { document, diagnostics } = parseDocument(TEXT);
    expect(diagnostics).toEqual([]);
    expect(validateDocument(document!).diagnostics).toEqual([]);
    expect(explain(compileDocument(document!, { baseFolder: '/data' }).plan!)).toMatchSnapshot();
  });

  it('for mutated documents', () => {
    let broken = 0;
    const { validate } = createValidator();
    fc.assert(
      fc.property(MUTATED, (raw) => {
        const { document, diagnostics } = readDocument(JSON.parse(JSON.stringify(raw)));
        expectCoded(diagnostics);
        expect(document === null).toBe(diagnostics.length > 0);
        if (diagnostics.length > 0) broken++;
        if (document === null) return;
        const validation = validateDocument(document);
        expectCoded(validation.diagnostics);
        if (validation.diagnostics.length > 0) broken++;
        // What a validator remembers of other documents does not matter.
        expect(validate(document).diagnostics).toEqual(validation.diagnostics);
        const compiled = compileDocument(document, { baseFolder: '/data' });
        expect(compiled.plan === null).toBe(compiled.diagnostics.some((one) => one.severity === 'error'));
        const text = printDocument(document);
        expect(printDocument(parseDocument(text).document!)).toBe(text);
      }),
      RUNS,
    );
    expect(broken).toBeGreaterThan(RUNS.numRuns / 2);
  });

  it('for mutated text', () => {
    const edits = fc.array(fc.tuple(fc.nat({ max: TEXT.length }), fc.nat({ max: 20 }), fc.string({ maxLength: 5 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(edits, (all) => {
        const text = all.reduce((old, [at, gone, piece]) => old.slice(0, at) + piece + old.slice(at + gone), TEXT);
        const { document, diagnostics } = parseDocument(text);
        expectCoded(diagnostics);
        if (document === null) expect(diagnostics.length).toBeGreaterThan(0);
        else expectCoded(validateDocument(document).diagnostics);
      }),
      RUNS,
    );
  });
});
