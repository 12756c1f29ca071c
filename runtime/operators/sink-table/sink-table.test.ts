import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness } from '../../testing/operator-harness.ts';
import { createSinkTable } from './runtime.ts';
import { sinkTableSpec } from './spec.ts';

describe('sink.table', () => {
  it('publishes rows, of a large batch the latest', async () => {
    const sink = await createHarness({
      spec: sinkTableSpec,
      create: createSinkTable,
      config: { rows: 2 },
      inputs: [shape('n INT')],
    });
    sink.push(0, [[1], [2], [3], [4]]);
    sink.push(0, [[5]]);
    const rows = sink.published.map((batch) => Array.from({ length: batch.length }, (_, i) => batch.row(i)[0]));
    expect(rows).toEqual([[3, 4], [5]]);
  });
});
