import { describe, expect, it } from 'vitest';
import type { Mend } from '../../core/dead-letters.ts';
import { nodeId } from '../../core/ids.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { createHarness, type HarnessSnapshot, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createSourceFile } from './runtime.ts';
import { sourceFileSpec } from './spec.ts';

const SCHEMA = [
  { name: 'id', type: 'INT' },
  { name: 'ts', type: 'TIMESTAMP' },
];

async function open(
  text: string,
  { restoreFrom, ...config }: { readonly restoreFrom?: readonly HarnessSnapshot[] } & Record<string, unknown> = {},
): Promise<OperatorHarness> {
  const files = new MemoryFiles();
  files.write('/data-folder/in.csv', text);
  return createHarness({
    spec: sourceFileSpec,
    create: createSourceFile,
    config: { path: 'in.csv', format: 'csv', schema: SCHEMA, onError: 'reject', follow: true, ...config },
    files,
    ...(restoreFrom === undefined ? {} : { restoreFrom }),
  });
}

function mend(line: number, raw: string, text: string, again = 0): Mend {
  return { nodeId: nodeId('node'), origin: 'in.csv', line, raw, text, again };
}

const raws = (source: OperatorHarness): string[] => source.deadLetters.kept.map(({ raw }) => raw);

describe('rows that a source could not read', () => {
  it('are kept, and read when their text is mended, with the cells where the header of their file has them', async () => {
    const source = await open('ts,id\n5,x\n6,2\n7\n');
    source.poll();
    expect(source.deadLetters.kept).toEqual([
      expect.objectContaining({ origin: 'in.csv', line: 2, reason: '"id" is not a INT: x', raw: '5,x' }),
      expect.objectContaining({ origin: 'in.csv', line: 4, reason: 'has 1 cell instead of 2', raw: '7' }),
    ]);
    source.deadLetters.mend([mend(2, '5,x', '5,1'), mend(4, '6', '6,3')]);
    source.poll();
    expect(source.rows()).toEqual([
      [2, 6],
      [1, 5],
    ]);
    expect(raws(source), 'another text is another row').toEqual(['7']);
    expect(source.rows('rejected'), 'what was rejected stays so').toHaveLength(2);
  });

  it('wait in state for a mend, and one that has been read is not read again', async () => {
    const text = 'id,ts\nx,1\ny,2\n';
    const source = await open(text);
    source.poll();
    const before = source.snapshot(1);
    source.deadLetters.mend([mend(2, 'x,1', '1,1')]);
    source.poll();
    const after = source.snapshot(2);

    for (const [snapshot, rows, kept] of [
      [before, [[1, 1]], ['y,2']],
      [after, [], ['y,2']],
    ] as const) {
      const restored = await open(text, { restoreFrom: [snapshot] });
      restored.deadLetters.mend([mend(2, 'x,1', '1,1')]);
      restored.poll();
      expect(restored.rows()).toEqual(rows);
      expect(raws(restored)).toEqual(kept);
    }
  });

  it('are not rejected at all where a mend stands, as in the next run', async () => {
    const source = await open('id,ts\nx,1\n2,2\n', { follow: false });
    source.deadLetters.mend([mend(2, 'x,1', '1,1')]);
    expect(source.poll()).toBe('ended');
    expect(source.rows()).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect([source.rows('rejected'), raws(source)]).toEqual([[], []]);
  });

  it('wait for another mend when the mended text is no better', async () => {
    const source = await open('id,ts\nx,1\n');
    source.poll();
    const mends = [mend(2, 'x,1', 'y,1'), mend(2, 'y,1', 'x,1')];
    source.deadLetters.mend(mends);
    source.poll();
    expect(raws(source)).toEqual(['y,1']);
    source.deadLetters.mend([mend(2, 'x,1', '3,1'), mend(2, 'y,1', '3,1')]);
    source.poll();
    expect([source.rows(), raws(source)]).toEqual([[[3, 1]], []]);
  });

  it('are replayed as they are, as often as was asked for', async () => {
    const text = 'id,ts\n1,soon\nx,2\n';
    const source = await open(text);
    source.poll();
    source.deadLetters.mend([mend(2, '1,soon', '1,soon', 1)]);
    source.poll();
    source.poll();
    expect(source.rows('rejected').map((row) => row[3])).toEqual(['1,soon', 'x,2', '1,soon']);
    expect(source.deadLetters.kept).toMatchObject([
      { raw: 'x,2', again: 0 },
      { raw: '1,soon', again: 1 },
    ]);
    const schema = [SCHEMA[0], { name: 'ts', type: 'STRING' }];
    const mended = await open(text, { restoreFrom: [source.snapshot(1)], schema });
    mended.deadLetters.mend([mend(2, '1,soon', '1,soon', 1)]);
    mended.poll();
    expect(mended.rows(), 'it was replayed before').toEqual([]);
    mended.deadLetters.mend([mend(2, '1,soon', '1,soon', 2)]);
    mended.poll();
    expect([mended.rows(), raws(mended)]).toEqual([[[1, 'soon']], ['x,2']]);
  });

  it('move no watermark, and leave an idle source idle', async () => {
    const eventTime = { field: 'ts', maxOutOfOrdernessMs: 0, idleTimeoutMs: 1000 };
    const source = await open('id,ts\nx,9000\n1,100\n', { eventTime });
    source.poll();
    source.advanceTo(source.clock.now() + 1000);
    source.deadLetters.mend([mend(2, 'x,9000', '2,9000')]);
    source.poll();
    expect(source.events.map((event) => (event.type === 'row' ? event.row.values[0] : event))).toEqual([
      expect.any(String),
      1,
      { type: 'watermark', watermark: 100 },
      { type: 'idle' },
      2,
      { type: 'idle' },
    ]);
  });

  it('are bounded: the oldest are let go, and counted', async () => {
    const lines = Array.from({ length: 2500 }, (_, i) => `x${i},1`);
    const source = await open(['id,ts', ...lines, ''].join('\n'));
    source.poll();
    const { kept, lost } = source.deadLetters;
    expect(kept.length + lost).toBe(2500);
    expect(kept.length).toBeLessThanOrEqual(2000);
    expect(kept.at(-1)?.raw).toBe('x2499,1');
  });
});
