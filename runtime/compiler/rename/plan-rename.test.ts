import { describe, expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import { parseDocument, type PipelineDocument, type RawConfig } from '../../graph/index.ts';
import { testCaseSchema } from '../../graph/test-case.ts';
import { validateDocument, type SubPipelineTexts } from '../validate.ts';
import { applyRename, planRename, type RenameFrom, type RenamePlan } from './plan-rename.ts';

const LABELS = { inserted: 'a → b', adapter: 'b → a' };
const STAMPED = { field: 'ts', maxOutOfOrdernessMs: 0 };

function generator(id: string, ...names: readonly string[]): object {
  const fields = names.map((name) => ({ name, type: 'BIGINT', expr: 'n' }));
  const ts = { name: 'ts', type: 'TIMESTAMP', expr: "TIMESTAMP '2026-01-01 00:00:00'" };
  return { id, type: 'source.generator', config: { fields: [...fields, ts], eventTime: STAMPED } };
}

function documentOf(nodes: readonly object[], edges: readonly string[]): PipelineDocument {
  const { document, diagnostics } = parseDocument(
    JSON.stringify({
      format: 'millrace/pipeline',
      version: 1,
      name: 'test',
      nodes,
      edges: edges.map((edge) => {
        const [from, to, toPort = 'in'] = edge.split(' ');
        return { from, to, toPort };
      }),
    }),
  );
  expect(diagnostics).toEqual([]);
  return document!;
}

/** The plan, and the configs after it. */
function rename(
  document: PipelineDocument,
  place: string,
  to: string,
  from?: RenameFrom,
  subPipelines: SubPipelineTexts = new Map(),
): { plan: RenamePlan; config: (id: string) => RawConfig | undefined; document: PipelineDocument } {
  const [id = '', field = ''] = place.split('.');
  const options = { subPipelines };
  const validation = validateDocument(document, options);
  expect(validation.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const plan = planRename(document, validation, { nodeId: nodeId(id), port: 'out', field }, to, from);
  const sure = plan.places.filter(({ doubt }) => doubt === 'none');
  const changed = applyRename(document, plan, sure, LABELS);
  expect(validateDocument(changed, options).diagnostics.map(({ code }) => code)).toEqual(
    validation.diagnostics.map(({ code }) => code),
  );
  return { plan, config: (one) => changed.nodes.find((node) => node.id === one)?.config, document: changed };
}

describe('planRename', () => {
  it('goes up to the declaration and down to where a project names the field anew', () => {
    const document = documentOf(
      [
        generator('numbers', 'value', 'other'),
        { id: 'large', type: 'filter', config: { condition: "value > 5 AND other <> 7 -- value\n AND 'value' <> ''" } },
        { id: 'named', type: 'project', config: { fields: [{ as: 'total', expr: 'value * 2' }] } },
        { id: 'positive', type: 'filter', config: { condition: 'total > 0' } },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['numbers large', 'large named', 'named positive', 'positive table'],
    );
    const { plan, config } = rename(document, 'large.value', 'amount');
    expect(plan).toMatchObject({ from: 'declaration', choices: ['declaration', 'here'], refusedBy: [], sinks: [] });
    expect(plan.places.map(({ nodeId: id, path }) => [id, path.join('.')])).toEqual([
      ['numbers', 'fields.0.name'],
      ['large', 'condition'],
      ['named', 'fields.0.expr'],
    ]);
    expect(config('large')).toEqual({ condition: "amount > 5 AND other <> 7 -- value\n AND 'value' <> ''" });
    expect(config('named')).toEqual({ fields: [{ as: 'total', expr: 'amount * 2' }] });
    expect(rename(document, 'positive.total', 'sum').config('positive')).toEqual({ condition: 'sum > 0' });
  });

  it('goes on where a project hands the field on under its own name', () => {
    const fields = [
      { as: 'id', expr: 'id' },
      { as: 'twice', expr: 'id * 2' },
    ];
    const document = documentOf(
      [
        generator('a', 'id'),
        { id: 'named', type: 'project', config: { fields } },
        { id: 'some', type: 'filter', config: { condition: 'id > 0' } },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['a named', 'named some', 'some table'],
    );
    const { config } = rename(document, 'some.id', 'key');
    expect(config('a')).toMatchObject({ fields: [{ name: 'key' }, { name: 'ts' }] });
    expect(config('named')).toEqual({
      fields: [
        { as: 'key', expr: 'key' },
        { as: 'twice', expr: 'key * 2' },
      ],
    });
    expect(config('some')).toEqual({ condition: 'key > 0' });
  });

  it('renames fields in the rows of test cases', () => {
    const nodes = [generator('a', 'id'), { id: 'table', type: 'sink.table', config: {} }];
    const document = documentOf(nodes, ['a table']);
    const steps = [
      { node: 'a', rows: [{ id: 1, __op: '+I' }] },
      { node: 'a', end: true },
    ];
    const expected = [{ node: 'table', rows: [{ id: 1, ts: null }], ignore: ['id'] }];
    const tests = [testCaseSchema.parse({ name: 'one', steps, expect: expected })];
    const { document: changed } = rename({ ...document, tests }, 'a.id', 'key');
    expect(changed.tests).toMatchObject([
      {
        steps: [{ rows: [{ key: 1, __op: '+I' }] }, { end: true }],
        expect: [{ rows: [{ key: 1, ts: null }], ignore: ['key'] }],
      },
    ]);
  });

  it('tells the sides of a join apart, and follows a name that it makes of two', () => {
    const document = documentOf(
      [
        generator('a', 'id'),
        generator('b', 'id'),
        {
          id: 'both',
          type: 'join.interval',
          config: {
            on: [{ left: 'id', right: 'id' }],
            lowerBound: '-1 minute',
            upperBound: '1 minute',
            condition: 'left.id < right.id + 1',
          },
        },
        { id: 'some', type: 'filter', config: { condition: 'id > 0 AND right_id > 1' } },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['a both left', 'b both right', 'both some', 'some table'],
    );
    const { plan, config } = rename(document, 'both.id', 'key');
    expect(config('both')).toMatchObject({
      on: [{ left: 'key', right: 'id' }],
      condition: 'left.key < right.id + 1',
    });
    // Without a namesake on the left, the right one is called "id" by itself.
    expect(config('some')).toEqual({ condition: 'key > 0 AND id > 1' });
    expect(plan.sinks).toEqual(['table']);
    // The join makes this name itself, so a node behind it has to.
    expect(rename(document, 'both.right_id', 'other').plan).toMatchObject({
      from: 'source',
      places: [{ nodeId: 'some' }],
    });
  });

  it('renames the other inputs of a union as well', () => {
    const document = documentOf(
      [
        generator('a', 'id'),
        generator('b', 'x'),
        {
          id: 'named',
          type: 'project',
          config: {
            keepAll: false,
            fields: [
              { as: 'id', expr: 'x' },
              { as: 'ts', expr: 'ts' },
            ],
          },
        },
        { id: 'all', type: 'union', config: {} },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['a all', 'b named', 'named all', 'all table'],
    );
    const { config } = rename(document, 'a.id', 'key');
    expect(config('named')).toMatchObject({
      fields: [
        { as: 'key', expr: 'x' },
        { as: 'ts', expr: 'ts' },
      ],
    });
    expect(rename(document, 'all.id', 'key').config('a')).toMatchObject({ fields: [{ name: 'key' }, { name: 'ts' }] });
    expect(rename(document, 'named.id', 'key').plan.refusedBy).toEqual([]);
  });

  it('finds the field in SQL and in patterns by asking their operators', () => {
    const query = `SELECT u.price AS price, COUNT(*) AS n, 'price' AS "text" -- price
      FROM input AS u GROUP BY u.price`.replace('AS "text"', 'AS label');
    const document = documentOf(
      [
        generator('ticks', 'price'),
        { id: 'counted', type: 'sql', config: { query } },
        {
          id: 'fall',
          type: 'pattern',
          config: {
            partitionBy: [],
            pattern: 'A B',
            define: [{ variable: 'B', condition: 'B.price < LAST(A.price)' }],
            measures: [{ as: 'price', expr: 'B.price' }],
            within: '1 minute',
          },
        },
        { id: 'table', type: 'sink.table', config: {} },
        { id: 'falls', type: 'sink.table', config: {} },
      ],
      ['ticks counted input', 'counted table', 'ticks fall', 'fall falls'],
    );
    const { config } = rename(document, 'ticks.price', 'the price');
    expect(config('counted')!['query']).toBe(
      query.replace('u.price AS', 'u.`the price` AS').replace('BY u.price', 'BY u.`the price`'),
    );
    expect(config('fall')).toMatchObject({
      define: [{ condition: 'B.`the price` < LAST(A.`the price`)' }],
      measures: [{ as: 'price', expr: 'B.`the price`' }],
    });
  });

  it('leaves to the user what only code can tell, and the names that code gives', () => {
    const code =
      "export function onRow(row, ctx) {\n  const { price } = row;\n  ctx.emit({ price: row.price + row['price'] });\n}\n";
    const document = documentOf(
      [
        generator('ticks', 'price'),
        { id: 'script', type: 'process.js', config: { code, outputSchema: [{ name: 'price', type: 'BIGINT' }] } },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['ticks script', 'script table'],
    );
    const into = rename(document, 'ticks.price', 'cost').plan;
    expect(into.places.map(({ doubt }) => doubt)).toEqual(['none', 'unlikely', 'unlikely', 'likely', 'likely']);
    const likely = into.places.filter(({ doubt }) => doubt !== 'unlikely');
    expect(applyRename(document, into, likely, LABELS).nodes[1]!.config['code']).toBe(
      code.replace("row.price + row['price']", "row.cost + row['cost']"),
    );
    const { plan, document: behind } = rename(document, 'script.price', 'cost');
    expect(plan).toMatchObject({ from: 'source', choices: ['declaration', 'source'], places: [] });
    expect(behind.nodes.map(({ type }) => type)).toEqual(['source.generator', 'process.js', 'sink.table', 'project']);
    expect(behind.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'ticks script',
      'project table',
      'script project',
    ]);
    expect(rename(document, 'script.price', 'cost', 'declaration').config('script')).toMatchObject({
      outputSchema: [{ name: 'cost' }],
    });
  });

  it('writes a default out that holds the name, and gives the old one to who does not take the new one', () => {
    const document = documentOf(
      [
        generator('ticks', 'price'),
        {
          id: 'counts',
          type: 'aggregate.window',
          config: { groupBy: ['price'], window: { type: 'tumbling', size: '1 minute' } },
        },
        { id: 'best', type: 'topn', config: { partitionBy: [], orderBy: [{ expr: 'count' }], n: 3, perWindow: true } },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['ticks counts', 'counts best', 'best table'],
    );
    const { config } = rename(document, 'counts.count', 'n');
    expect(config('counts')).toMatchObject({ aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }] });
    expect(config('best')).toMatchObject({ orderBy: [{ expr: 'n' }] });
    const ref = { nodeId: nodeId('counts'), port: 'out', field: 'window_end' };
    const { plan, document: adapted } = rename(document, 'counts.window_end', 'end', 'here');
    expect(plan).toMatchObject({ refusedBy: [], adapters: [{ edge: { from: 'counts', to: 'best' } }] });
    expect(adapted.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'ticks counts',
      'project2 project',
      'project best',
      'best table',
      'counts project2',
    ]);
    // A name that is taken is refused by who has it; where the field comes from is known all the same.
    const taken = planRename(document, validateDocument(document), { ...ref, field: 'price' }, 'count');
    expect(taken).toMatchObject({ from: 'declaration', choices: ['declaration', 'here'], refusedBy: ['counts'] });
  });

  it('leaves a sub-pipeline the names of its own, in and out, and its parameters', () => {
    const inner = {
      format: 'millrace/pipeline',
      version: 1,
      name: 'large',
      settings: { params: { key: 'value' } },
      nodes: [
        {
          id: 'rows',
          type: 'subpipeline.input',
          config: { port: 'rows', schema: [{ name: 'value', type: 'BIGINT' }] },
        },
        { id: 'first', type: 'dedup', config: { keys: ['${key}'] } },
        { id: 'out', type: 'subpipeline.output', config: { schema: [{ name: 'value', type: 'BIGINT' }] } },
      ],
      edges: [
        { from: 'rows', to: 'first' },
        { from: 'first', to: 'out' },
      ],
    };
    const document = documentOf(
      [
        generator('ticks', 'value'),
        { id: 'large', type: 'subpipeline', config: { path: 'large.pipeline.json', params: { key: 'value' } } },
        { id: 'some', type: 'filter', config: { condition: 'value > 1' } },
        { id: 'table', type: 'sink.table', config: {} },
      ],
      ['ticks large rows', 'large some', 'some table'],
    );
    const texts = new Map([['large.pipeline.json', JSON.stringify(inner)]]);
    const up = rename(document, 'ticks.value', 'amount', undefined, texts);
    expect(up.plan).toMatchObject({ refusedBy: [], renamed: [{ nodeId: 'ticks' }] });
    expect(up.document.nodes.at(-1)).toMatchObject({
      label: 'b → a',
      config: {
        fields: [
          { as: 'value', expr: 'amount' },
          { as: 'ts', expr: 'ts' },
        ],
      },
    });
    expect(up.config('large')).toEqual(document.nodes[1]!.config);
    expect(up.config('some')).toEqual({ condition: 'value > 1' });
    const behind = rename(document, 'large.value', 'amount', undefined, texts);
    expect(behind.config('some')).toEqual({ condition: 'amount > 1' });
    expect(behind.document.nodes.at(-1)).toMatchObject({ label: 'a → b' });
    // Inside, what the callers know of it stays.
    const inside = rename(parseDocument(JSON.stringify(inner)).document!, 'rows.value', 'amount');
    expect(inside.plan.from).toBe('source');
    expect(inside.config('rows')).toMatchObject({ schema: [{ name: 'value' }] });
    expect(inside.document.nodes).toHaveLength(5);
  });
});
