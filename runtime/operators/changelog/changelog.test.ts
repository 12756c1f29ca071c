import { describe, expect, it } from 'vitest';
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../core/batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator } from '../../testing/operator-harness.ts';
import { createChangelog } from './runtime.ts';
import { changelogSpec } from './spec.ts';

const INPUT = shape('n INT', { changelog: 'update', eventTime: true });
const CHANGES = [INSERT, UPDATE_BEFORE, UPDATE_AFTER, DELETE] as const;

async function changes(config: Record<string, unknown>, kinds?: typeof CHANGES) {
  const harness = await createHarness({ spec: changelogSpec, create: createChangelog, config, inputs: [INPUT] });
  harness.push(0, batch('n INT', [[1], [1], [2], [2]], [10, 20, 30, 40], kinds));
  return harness.output().map(({ values, eventTime, kind }) => [...values, eventTime, kind]);
}

describe('changelog', () => {
  it('makes a plain row of every change, with its event time', async () => {
    expect(await changes({}, CHANGES)).toEqual([
      ['+I', 1, 10, INSERT],
      ['-U', 1, 20, INSERT],
      ['+U', 2, 30, INSERT],
      ['-D', 2, 40, INSERT],
    ]);
  });

  it('leaves out the rows before an update for those who overwrite by key', async () => {
    expect((await changes({ rows: 'upserts' }, CHANGES)).map(([op, n]) => `${String(op)} ${String(n)}`)).toEqual([
      '+I 1',
      '+U 2',
      '-D 2',
    ]);
  });

  it('marks the rows of a stream without updates as inserted', async () => {
    expect((await changes({ rows: 'upserts' })).map(([op]) => op)).toEqual(['+I', '+I', '+I', '+I']);
  });

  it('puts its field first and ends the updates', () => {
    const { outputs } = inferOperator(changelogSpec, { field: 'change' }, [INPUT]);
    expect(outputs.out?.changelog).toBe('append');
    expect(outputs.out?.schema.fields.map(({ name }) => name)).toEqual(['change', 'n']);
  });

  it('refuses a name that the input has', () => {
    const { diagnostics } = inferOperator(changelogSpec, { field: 'n' }, [INPUT]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'MR1402', path: 'field' })]);
  });
});
