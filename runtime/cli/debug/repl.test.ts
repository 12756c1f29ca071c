import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.ts';
import { fakeIo, fakeServices, withFolder } from '../fake-io.ts';

const DOCUMENT = JSON.stringify({
  format: 'millrace/pipeline',
  version: 1,
  name: 'counts',
  nodes: [
    {
      id: 'in',
      type: 'source.file',
      config: {
        path: 'in.csv',
        format: 'csv',
        schema: [
          { name: 'k', type: 'STRING' },
          { name: 'v', type: 'BIGINT' },
        ],
      },
    },
    { id: 'big', type: 'filter', config: { condition: 'v > 1' } },
    {
      id: 'total',
      type: 'aggregate.running',
      config: { groupBy: ['k'], aggregates: [{ as: 'sum', fn: 'SUM', expr: 'v' }] },
    },
    { id: 'out', type: 'sink.print', config: {} },
  ],
  edges: [
    { from: 'in', to: 'big' },
    { from: 'big', to: 'total' },
    { from: 'total', to: 'out' },
  ],
});

async function converse(...lines: readonly string[]): Promise<string> {
  let said = '';
  const files = { 'counts.json': DOCUMENT, 'in.csv': 'k,v\na,1\na,2\nb,3\na,4\n' };
  await withFolder(files, async (cwd) => {
    const io = fakeIo({ cwd, input: lines.map((line) => `${line}\n`).join('') });
    const services = fakeServices([], { state: 'FINISHED', error: null });
    expect(await runCli(['debug', '--repl', 'counts.json'], io, services), io.err()).toBe(0);
    said = io.out();
  });
  return said;
}

describe('the dialogue', () => {
  it('stops, looks, goes back, changes a row, and runs to the end', async () => {
    const said = await converse(
      "break total if k = 'a'",
      'log big if v = 3 : three of {k}',
      'continue',
      'why',
      'print v * 2',
      'set v 40',
      'continue',
      'state total a',
      'reverse',
      'back',
      'queues',
      'disable 1',
      'break big if v > 3 hit == 1',
      'continue',
      'delete',
      'checkpoints',
      'inject 0 {"values": ["z", 9]}',
      'inject 0 {"watermark": "soon"}',
      'drop',
      'continue',
      'rows out 2',
      'lineage 5',
      'watermarks',
      'nodes',
      'record big',
      'record big kept.jsonl',
      'quit',
      'never',
    );
    for (const expected of [
      'off: node total',
      'if v > 3, at hit 1',
      'big handles row 10 ["z",9]',
      'A watermark is a time',
      '"counts": 4 operators. Next: in reads → a row',
      'total handles row 3 ["a",2] → a row',
      'v * 2 = 4',
      'three of b',
      'a: ',
      'from big 3 ← in 2',
      'groups[a]: null → [1,2,1]',
      'big.out 4 ["a",40] ← 3',
      '13 +U ["a",44]',
      'total: aggregate.running × 1',
      'Say which node',
      '3 rows recorded',
    ]) {
      expect(said).toContain(expected);
    }
    expect(said).not.toContain('There is no command "never"');
  });

  it('answers mistakes in a line, and repeats a command for an empty one', async () => {
    const said = await converse('nonsense', 'break', 'break nowhere', 'jump 999', 'print v', 'step', '', 'help');
    expect(said).toContain('There is no command "nonsense"');
    expect(said).toContain('Say where to stop');
    expect(said).toContain('there is no node "nowhere"');
    expect(said).toContain('There is no moment 999');
    expect(said).toContain('No row is about to be handled');
    expect(said).toContain('(step): in reads');
    expect(said).toContain('repeats the last command');
  });
});
