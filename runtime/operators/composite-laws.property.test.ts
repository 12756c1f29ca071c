/** Law 12 of ARCHITECTURE.md, over every composite of the catalog: its results do not depend on interleaving, parallelism, crashes and restores. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogComposites } from '../testing/catalog-subjects.ts';
import { exampleRun, runComposite } from '../testing/composite-runs.ts';
import { propertyRuns } from '../testing/property-runs.ts';

const anyKills = fc.array(fc.record({ afterSteps: fc.nat(200), parallelism: fc.integer({ min: 1, max: 3 }) }), {
  maxLength: 2,
});

describe('a composite gives the same whatever becomes of its job', () => {
  it.each(catalogComposites())('$type', async ({ spec, example }) => {
    const whole = exampleRun(spec, example);
    const anyRows = fc.tuple(...whole.rows.map((rows) => fc.array(fc.constantFrom(...rows), { maxLength: 20 })));
    await fc.assert(
      fc.asyncProperty(
        anyRows,
        anyKills,
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        async (rows, kills, parallelism, seed) => {
          const expected = await runComposite({ ...whole, rows });
          expect(await runComposite({ ...whole, rows, kills, parallelism, seed })).toEqual(expected);
        },
      ),
      propertyRuns(40),
    );
  });
});
