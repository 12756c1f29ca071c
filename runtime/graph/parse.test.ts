import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from './document.ts';
import { parseDocument } from './parse.ts';

const MINIMAL = { format: 'millrace/pipeline', version: 1, name: 'p' };

function parse(raw: unknown) {
  return parseDocument(typeof raw === 'string' ? raw : JSON.stringify(raw));
}

describe('parseDocument', () => {
  it('fills in every default', () => {
    expect(
      parse({
        ...MINIMAL,
        nodes: [{ id: 'a', type: 'filter' }],
        edges: [{ from: 'a', to: 'b' }],
        notes: [{ id: 'n', text: 'hi' }],
      }),
    ).toEqual({
      diagnostics: [],
      document: {
        name: 'p',
        description: '',
        settings: DEFAULT_SETTINGS,
        nodes: [{ id: 'a', type: 'filter', version: 1, position: { x: 0, y: 0 }, config: {} }],
        edges: [{ from: 'a', fromPort: 'out', to: 'b', toPort: 'in' }],
        notes: [{ id: 'n', text: 'hi', position: { x: 0, y: 0 }, width: 240, height: 120 }],
        groups: [],
        tests: [],
        dashboard: { theme: 'dark', tiles: [] },
      },
    });
  });

  it('reads a file with a byte order mark', () => {
    expect(parse(`\uFEFF${JSON.stringify(MINIMAL)}`).diagnostics).toEqual([]);
  });

  it.each([
    ['text that is not JSON', '{"format": }', 'MR1001', undefined],
    ['another kind of JSON', '[1]', 'MR1002', undefined],
    ['another format', { ...MINIMAL, format: 'x' }, 'MR1002', 'format'],
    ['no name', { format: 'millrace/pipeline', version: 1 }, 'MR1002', 'name'],
    ['no version', { format: 'millrace/pipeline', name: 'p' }, 'MR1002', 'version'],
    ['a newer version', { ...MINIMAL, version: 2, whatever: true }, 'MR1003', 'version'],
    ['an unknown key', { ...MINIMAL, colour: 'red' }, 'MR1004', 'colour'],
    [
      'an unknown key inside',
      { ...MINIMAL, settings: { checkpoint: { interval: 1 } } },
      'MR1004',
      'settings.checkpoint.interval',
    ],
    ['a value of the wrong kind', { ...MINIMAL, settings: { parallelism: 'two' } }, 'MR1002', 'settings.parallelism'],
    ['an id that is not a word', { ...MINIMAL, nodes: [{ id: 'a b', type: 't' }] }, 'MR1002', 'nodes[0].id'],
    ['an edge without an end', { ...MINIMAL, edges: [{ from: 'a' }] }, 'MR1002', 'edges[0].to'],
    [
      'config that is no object',
      { ...MINIMAL, nodes: [{ id: 'a', type: 't', config: [] }] },
      'MR1002',
      'nodes[0].config',
    ],
    [
      'a step of a test case that is no step',
      { ...MINIMAL, tests: [{ name: 't', steps: [{ node: 'a', watermerk: '2026-01-01T00:00:00Z' }] }] },
      'MR1002',
      'tests[0].steps[0]',
    ],
  ])('refuses %s', (_what, raw, code, path) => {
    const { document, diagnostics } = parse(raw);
    expect(document).toBeNull();
    expect(diagnostics.map((d) => [d.code, d.path])).toEqual([[code, path]]);
  });

  it('says where the JSON ends', () => {
    expect(parse('{\n  "format": }').diagnostics).toEqual([
      {
        severity: 'error',
        code: 'MR1001',
        message: 'line 2, column 13: expected a value, found "}"',
        range: { start: 14, end: 15 },
      },
    ]);
  });

  it('refuses bottomless nesting', () => {
    const text = `{"format":"millrace/pipeline","version":1,"name":"p","nodes":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(parse(text).diagnostics.map((d) => d.code)).toEqual(['MR1002']);
  });
});
