/** Back and forth along the moments of drawn pipelines: wherever one comes from, a moment is the same to the byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCase } from '../simulation/draw-case.ts';
import { BASE_FOLDER } from '../simulation/simulation-case.ts';
import { drawMoments, fingerprint, openRun } from '../testing/debug-runs.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { propertyRuns } from '../testing/property-runs.ts';

/** Fewer than most drawn jobs need, so that tests take a while only. */
const MAX_MOMENTS = 1000;

async function travel(seed: number, schedule: 'downstream-first' | 'seeded'): Promise<void> {
  const { document, files: texts } = drawCase(seed);
  const files = new MemoryFiles();
  for (const [path, lines] of Object.entries(texts)) files.write(path, lines.map((line) => `${line}\n`).join(''));
  const before = files.paths();
  // Few bytes: so checkpoints thin out, and ways back are long.
  const options = { schedule, seed, checkpointEvery: 120, checkpointBytes: 20_000 };
  const run = await openRun(document, files, options, BASE_FOLDER);
  if (run === null) return;
  const prints = new Map<number, string>();
  const stops = new Set(drawMoments(seed, MAX_MOMENTS, 8));
  await run.forward(({ moment }) => (stops.has(moment) || moment > MAX_MOMENTS ? 'behind' : null));
  for (;;) {
    prints.set(run.moment, fingerprint(run.present));
    if (run.next === null || run.moment > MAX_MOMENTS) break;
    await run.forward(({ moment }) => (stops.has(moment) || moment > MAX_MOMENTS ? 'behind' : null));
  }
  const known = [...prints.keys()];
  for (const i of drawMoments(seed + 1, known.length - 1, 8)) {
    const moment = known[i]!;
    await run.moveTo(moment);
    expect(run.moment).toBe(moment);
    expect(fingerprint(run.present)).toBe(prints.get(moment));
    if (run.next !== null) expect(run.next.moment).toBe(moment + 1);
  }
  run.close();
  expect(files.paths()).toEqual(before);
}

describe('a moment', () => {
  it.each(['downstream-first', 'seeded'] as const)(
    'is the same whichever way one comes to it (%s)',
    async (schedule) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), (seed) => travel(seed, schedule)),
        propertyRuns(3),
      );
    },
  );
});
