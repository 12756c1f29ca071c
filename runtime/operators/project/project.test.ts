import { describe, expect, it } from 'vitest';
import { batch, schema, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator } from '../../testing/operator-harness.ts';
import { createProject } from './runtime.ts';
import { projectSpec } from './spec.ts';

const CLICKS = shape('user STRING NOT NULL, page STRING, ms INT, ts TIMESTAMP', { eventTime: true });

function infer(config: Record<string, unknown>) {
  return inferOperator(projectSpec, config, [CLICKS]);
}

function project(config: Record<string, unknown>) {
  return createHarness({ spec: projectSpec, create: createProject, config, inputs: [CLICKS] });
}

describe('project', () => {
  it('gives the fields listed, in their order', async () => {
    const fields = [
      { as: 'double', expr: 'ms * 2' },
      { as: 'who', expr: 'user' },
    ];
    const harness = await project({ fields });
    expect(harness.plan.outputs.out).toEqual({ ...CLICKS, schema: schema('double INT, who STRING NOT NULL') });
    harness.push(0, [['ada', 'home', 21, 5000]]);
    expect(harness.output()).toEqual([{ values: [42, 'ada'], eventTime: 5000, kind: 0 }]);
  });

  it('keeps the input with keepAll, and replaces a field of the same name where it stands', async () => {
    const fields = [
      { as: 'page', expr: 'ms' },
      { as: 'copy', expr: 'page' },
    ];
    const harness = await project({ fields, keepAll: true });
    expect(harness.plan.outputs.out?.schema).toEqual(
      schema('user STRING NOT NULL, page INT, ms INT, ts TIMESTAMP, copy STRING'),
    );
    harness.push(0, [['ada', 'home', 7, 0]]);
    expect(harness.rows()).toEqual([['ada', 7, 7, 0, 'home']]);
  });

  it('hands unchanged columns on without copying them', async () => {
    const harness = await project({ fields: [{ as: 'who', expr: 'user' }], keepAll: true });
    const rows = batch(CLICKS.schema, [['ada', null, 1, 0]], [0]);
    harness.push(0, rows);
    const [out] = harness.batches();
    expect(out!.columns.slice(0, 4).every((column, i) => column === rows.columns[i])).toBe(true);
    expect(out!.columns[4]).toBe(rows.columns[0]);
  });

  it('reports two fields of one name', () => {
    const fields = [
      { as: 'a', expr: 'ms' },
      { as: 'a', expr: 'user' },
    ];
    expect(infer({ fields }).diagnostics).toEqual([expect.objectContaining({ code: 'MR1402', path: 'fields[1].as' })]);
  });

  it('reports every wrong expression at its place, and leaves its output unknown', () => {
    const fields = [
      { as: 'a', expr: 'nosuch' },
      { as: 'b', expr: 'ms' },
      { as: 'c', expr: 'ms + TRUE' },
    ];
    const { diagnostics, outputs } = infer({ fields });
    expect(diagnostics.map((d) => d.path)).toEqual(['fields[0].expr', 'fields[2].expr']);
    expect(outputs).toEqual({});
  });

  it('needs a field', () => {
    expect(infer({ fields: [] }).diagnostics).toEqual([expect.objectContaining({ path: 'fields' })]);
  });
});
