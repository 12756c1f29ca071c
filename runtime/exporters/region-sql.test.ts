import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, queries } from '../bench/nexmark/queries.ts';
import { validateDocument } from '../compiler/index.ts';
import { checkConfig } from '../core/config.ts';
import { nodeId, type NodeId } from '../core/ids.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { findExporter } from '../operators/exporters.ts';
import { catalogSubjects } from '../testing/catalog-subjects.ts';
import { exampleInputs } from '../testing/docs-example.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { planOf, readBack, rowsOf, takenApart } from '../testing/region-runs.ts';
import { anyRows, GRAPHS, sketch, WINDOW, type SketchNode } from '../testing/region-graphs.ts';
import { SQL_QUERIES } from '../testing/sql-queries.ts';
import { regionSql } from './region-sql.ts';

const INPUTS = [{ name: 'clicks' }, { name: 'orders' }, { name: 'users', time: 'seen' }];

/** That two documents give the same rows. */
async function expectSameRows(
  first: { document: PipelineDocument; output: NodeId },
  second: { document: PipelineDocument; output: NodeId },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyRows, fc.nat(), async (rows, seed) => {
      expect(await rowsOf({ ...second, rows, seed })).toEqual(await rowsOf({ ...first, rows, seed }));
    }),
    propertyRuns(4),
  );
}

/** What a query says in more words than it was planned from: columns that are handed on, one by one. */
const LONGER = [
  'window_time AS t',
  'GROUP BY UPPER(page)',
  'SELECT DISTINCT',
  'OVER (PARTITION BY user ORDER BY ts RANGE',
];

describe('a query, taken apart and told again', () => {
  it.each(SQL_QUERIES)('is planned as before, and gives the same rows: %s', async (query) => {
    const read = INPUTS.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(query));
    const document = sketch(
      [{ id: 'q', type: 'sql', config: { inputs: read, query } }],
      read.map(({ name }) => `${name} > q.${name}`),
    );
    const apart = takenApart(document, nodeId('q'));
    const again = readBack(apart.document, apart.ids);
    const twice = takenApart(again.document, again.id);
    const before = { document: apart.document, output: apart.ids.at(-1)! };
    const after = { document: twice.document, output: twice.ids.at(-1)! };
    if (!LONGER.some((text) => query.includes(text))) {
      expect(planOf(after.document, after.output)).toEqual(planOf(before.document, before.output));
    }
    await expectSameRows(before, after);
    // The composite itself is read as what it stands for.
    expect(readBack(document, [nodeId('q')]).query).toBe(again.query);
  });
});

describe('a graph as a query gives the rows that it gave', () => {
  it.each(Object.entries(GRAPHS))('%s', async (_name, [nodes, edges]) => {
    const document = sketch(nodes, edges);
    const told = readBack(document, nodes.map(({ id }) => nodeId(id))); // prettier-ignore
    const output = nodeId(nodes.at(-1)!.id);
    expect(validateDocument(told.document).nodes.get(told.id)!.outputs['out']!.schema).toEqual(
      validateDocument(document).nodes.get(output)!.outputs['out']!.schema,
    );
    await expectSameRows({ document, output }, { document: told.document, output: told.id });
  });
});

describe('the queries of Nexmark', () => {
  it.each(queries)('$name', (query) => {
    const document = documentOf(query);
    const ids = document.nodes.flatMap(({ id, type }) => (/^(source|sink)/.test(type) ? [] : [id]));
    const told = regionSql(document, ids);
    if (!told.ok) {
      expect(told.error).toMatchObject({ reason: 'unsupported' });
      expect(WITHOUT_SQL).toContain(query.name);
      return;
    }
    expect(WITHOUT_SQL).not.toContain(query.name);
    const again = readBack(document, ids);
    const shapeOf = (one: PipelineDocument): unknown => {
      const { nodes } = validateDocument(one);
      const [into] = one.edges.filter(({ to }) =>
        one.nodes.some(({ id, type }) => id === to && type.startsWith('sink')),
      );
      const { schema, changelog } = nodes.get(into!.from)!.outputs[into!.fromPort]!;
      return { schema, changelog };
    };
    expect(shapeOf(takenApart(again.document, again.id).document)).toEqual(shapeOf(document));
  });
});

/** Windows by the clock, a side table, folders by time. */
const WITHOUT_SQL = ['q12', 'q13'];

describe('why there is no query', () => {
  it.each<readonly [string, readonly SketchNode[], readonly string[], object]>([
    ['nothing is chosen', [], [], { reason: 'empty' }],
    ['two ends', [{ id: 'a', type: 'union' }, { id: 'b', type: 'union' }], ['clicks > a', 'clicks > b'], { reason: 'outputs', nodes: ['a', 'b'] }], // prettier-ignore
    ['an error', [{ id: 'a', type: 'filter', config: { condition: 'nobody > 1' } }], ['clicks > a'], { reason: 'errors', node: 'a' }], // prettier-ignore
    ['an input that is open', [{ id: 'a', type: 'union' }], [], { reason: 'errors', node: 'a' }],
    ['an operator without SQL', [{ id: 'a', type: 'rateLimit', config: { rowsPerSecond: 5 } }], ['clicks > a'], { reason: 'unsupported', node: 'a', because: 'slows rows down, which is nothing that a query can ask for' }], // prettier-ignore
    ['no time', [{ id: 'j', type: 'join.interval', config: { on: [{ left: 'user', right: 'user' }], lowerBound: '0 seconds', upperBound: '1 minute' } }, { id: 'w', type: 'aggregate.window', config: { groupBy: [], window: WINDOW } }], ['clicks > j.left', 'orders > j.right', 'j > w'], { reason: 'unsupported', node: 'w' }], // prettier-ignore
    ['late rows', [{ id: 'w', type: 'aggregate.window', config: { groupBy: [], window: WINDOW } }, { id: 'a', type: 'union' }], ['clicks > w', 'w.late > a'], { reason: 'outputs' }], // prettier-ignore
    ['a TTL', [{ id: 'a', type: 'aggregate.running', config: { groupBy: ['user'], stateTtl: '1 hour' } }], ['clicks > a'], { reason: 'unsupported', node: 'a' }], // prettier-ignore
  ])('%s', (_name, nodes, edges, problem) => {
    const told = regionSql(sketch(nodes, edges), nodes.map(({ id }) => nodeId(id))); // prettier-ignore
    expect(told).toMatchObject({ ok: false, error: problem });
  });

  it('a node between those that are chosen', () => {
    const document = sketch(['a', 'b', 'c'].map((id) => ({ id, type: 'union' })), ['clicks > a', 'a > b', 'b > c', 'a > c']); // prettier-ignore
    expect(regionSql(document, [nodeId('a'), nodeId('c')])).toEqual({
      ok: false,
      error: { reason: 'outputs', nodes: ['a', 'c'] },
    });
  });
});

describe('law 8: every operator has a query or a reason', () => {
  it.each(catalogSubjects())('$type', ({ type, spec, example }) => {
    const { value } = checkConfig(spec.config, example.config);
    const streams = exampleInputs(spec, example);
    const outputs = spec.infer(value, streams, () => undefined);
    const inputs = streams.map(({ port, shape }, i) => ({
      port,
      schema: shape.schema,
      table: `t${i}`,
      time: example.inputs[i]?.eventTime ?? null,
      isWindowed: false,
      columns: shape.schema.fields.map(({ name }) => name),
      dialect: 'millrace' as const,
    }));
    const told = findExporter(type)!.flink(value, inputs, {
      port: 'out',
      table: 'q',
      schema: outputs['out']?.schema ?? { fields: [] },
      extraTime: null,
      freshTable: (base) => base,
      fileUrl: (path) => path,
    });
    expect('unsupported' in told ? told.unsupported : told.select).toMatch(/^(SELECT\s|[a-z])/);
  });
});
