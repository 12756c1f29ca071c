import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, queries } from '../../../bench/nexmark/queries.ts';
import { parseDocument, type PipelineDocument } from '../../../graph/index.ts';
import { recordedInput } from '../../../comparison/recorded-input.ts';
import { exportGraph } from '../../export-graph.ts';
import { flinkScript } from '../script.ts';
import { nodeOperators } from './node-operators.ts';
import { planOperators, type PlanVertex } from './plan.ts';
import attackAlerts from './plans/attack-alerts.json' with { type: 'json' };
import nexmarkQ13 from './plans/nexmark-q13.json' with { type: 'json' };
import nexmarkQ5 from './plans/nexmark-q5.json' with { type: 'json' };

/** As Flink 2.3 answers `/jobs/:id/plan` for the template "clicks"; expressions that do not matter are shortened. */
const PLAN: readonly PlanVertex[] = [
  { id: 'endPages', parallelism: 1, description: 'end: Writer<br/>', inputs: [{ id: 'pages' }] },
  {
    id: 'pages',
    parallelism: 2,
    description:
      "[7]:GlobalWindowAggregate(groupBy=[page], window=[HOP(slice_end=[$slice_end], size=[5 min], slide=[1 min])], select=[page, COUNT(count1$0) AS clicks, COUNT(distinct$0 count$1) AS users, start('w$) AS window_start, end('w$) AS window_end])<br/>+- [8]:Calc(select=[page, CAST(window_start AS TIMESTAMP_WITH_LOCAL_TIME_ZONE(3)) AS window_start, CAST(window_end AS TIMESTAMP_WITH_LOCAL_TIME_ZONE(3)) AS window_end, CAST(clicks AS BIGINT) AS clicks, CAST(users AS BIGINT) AS users])<br/>   :- StreamingFileWriter<br/>   +- [10]:Sink(table=[default_catalog.default_database.board], targetColumns=[[0],[1],[2],[3],[4]], fields=[page, window_start, window_end, clicks, users])<br/>",
    inputs: [{ id: 'source' }],
  },
  { id: 'endSessions', parallelism: 1, description: 'end: Writer<br/>', inputs: [{ id: 'sessions' }] },
  {
    id: 'sessions',
    parallelism: 2,
    description:
      "[13]:WindowAggregate(groupBy=[user], window=[SESSION(time_col=[ts], gap=[45 s], partition keys=[user])], select=[user, COUNT(*) AS clicks, COUNT(DISTINCT page) AS pages, COUNT(*) FILTER $f4 AS bought, start('w$) AS window_start, end('w$) AS window_end])<br/>+- [14]:Calc(select=[CAST(user AS VARCHAR(2147483647)) AS user, CAST(window_start AS TIMESTAMP_WITH_LOCAL_TIME_ZONE(3)) AS window_start, CAST(window_end AS TIMESTAMP_WITH_LOCAL_TIME_ZONE(3)) AS window_end, CAST(clicks AS BIGINT) AS clicks, CAST(pages AS BIGINT) AS pages, CAST(bought AS BIGINT) AS bought], where=[(clicks &gt; 1)])<br/>   +- StreamingFileWriter<br/>",
    inputs: [{ id: 'source' }],
  },
  {
    id: 'source',
    parallelism: 2,
    description:
      "[1]:TableSourceScan(table=[[default_catalog, default_database, clicks]], fields=[n])<br/>+- [2]:Calc(select=[||('user-', CAST(n AS VARCHAR(2147483647))) AS user, CASE((MOD((n * 7919), 10) = 0), '/checkout, [1]', '/item') AS page, (2026-11-20 09:00:00 + n) AS ts])<br/>   +- [3]:WatermarkAssigner(rowtime=[ts], watermark=[(ts - 10000:INTERVAL SECOND)])<br/>      :- [4]:Calc(select=[page, user, ts])<br/>      :  +- [5]:LocalWindowAggregate(groupBy=[page], window=[HOP(time_col=[ts], size=[5 min], slide=[1 min])], select=[page, COUNT(*) AS count1$0, COUNT(distinct$0 user) AS count$1, DISTINCT(user) AS distinct$0, slice_end('w$) AS $slice_end])<br/>      +- [11]:Calc(select=[user, page, (page = '/checkout') IS TRUE AS $f4, ts])<br/>",
  },
];

function template(name: string): PipelineDocument {
  const file = path.resolve(import.meta.dirname, `../../../../templates/${name}/${name}.pipeline.json`);
  return parseDocument(readFileSync(file, 'utf8')).document!;
}

/** A query of Nexmark whose sources are files, as they were when the plan was recorded. */
function nexmark(name: string): PipelineDocument {
  const document = documentOf(queries.find((query) => query.name === name)!);
  return recordedInput(document, { params: { sideInput: 'side.csv' }, baseFolder: '/w', isLateAllowed: false }, '/w').document; // prettier-ignore
}

describe('operators of a plan', () => {
  const operators = planOperators(PLAN);
  const numbered = (number: number) => operators.find((one) => one.number === number)!;

  it('are joined within a vertex by indentation, and between vertices by number', () => {
    const inputs = (number: number): readonly (number | null)[] => numbered(number).inputs.map((one) => one.number);
    expect([2, 3, 4, 5, 7, 8, 10, 11, 13, 14].map((number) => [number, ...inputs(number)])).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [7, 5],
      [8, 7],
      [10, 8],
      [11, 3],
      [13, 11],
      [14, 13],
    ]);
  });

  it('tell the names of their fields, whatever brackets and texts are in their expressions', () => {
    expect(numbered(2).fields).toEqual(['user', 'page', 'ts']);
    expect(numbered(3).fields, 'those that come in').toEqual(['user', 'page', 'ts']);
    expect(numbered(14).details).toContain('clicks > 1');
  });
});

describe('nodes of a pipeline', () => {
  const graph = exportGraph(template('clicks'), { baseFolder: '/w' }).graph!;
  const { byNode, unmatched } = nodeOperators(graph, flinkScript(graph), planOperators(PLAN));
  const of = (node: string): readonly (number | string)[] =>
    [...byNode].find(([id]) => id === node)?.[1].map(({ number, kind }) => number ?? kind) ?? [];

  it('are found in the plan by table, clause and fields, filters and windows apart', () => {
    expect(of('clicks')).toEqual(expect.arrayContaining([1, 2, 3]));
    expect(of('perMinute')).toEqual(expect.arrayContaining([5, 7]));
    expect(of('sessions')).toContain(13);
    expect(of('lasting')).toEqual([14]);
    expect(of('board')).toEqual([10]);
  });

  it('that write files are told apart by the fields that reach them, with what ends their files', () => {
    const vertices = (node: string): readonly string[] =>
      [...byNode].find(([id]) => id === node)?.[1].map(({ vertex }) => vertex) ?? [];
    expect(vertices('pageFile')).toEqual(['pages', 'endPages']);
    expect(vertices('sessionFiles')).toEqual(['sessions', 'endSessions']);
  });

  it('account for every operator; others are listed', () => {
    expect(unmatched).toEqual([]);
    const stranger = {
      id: 'x',
      parallelism: 1,
      description: '[20]:TableSourceScan(table=[[a, b, other]], fields=[n])<br/>',
    };
    const { unmatched: others } = nodeOperators(graph, flinkScript(graph), planOperators([...PLAN, stranger]));
    expect(others.map(({ number }) => number)).toEqual([20]);
  });
});

/** Recorded from Flink 2.3 (`/jobs/:id/plan`), whole. */
describe('plans of whole pipelines', () => {
  const placesIn = (document: PipelineDocument, plan: readonly PlanVertex[]): Readonly<Record<string, string>> => {
    const graph = exportGraph(document, { baseFolder: '/w', params: { sideInput: 'side.csv' } }).graph!;
    const { byNode, unmatched } = nodeOperators(graph, flinkScript(graph), planOperators(plan));
    expect(unmatched).toEqual([]);
    return Object.fromEntries([...byNode].map(([id, operators]) => [id, operators.map(({ kind, number }) => `${kind} ${number ?? ''}`.trim()).join(', ')])); // prettier-ignore
  };

  it('windows, and windows of windows that are joined with them', () => {
    expect(placesIn(nexmark('q5'), nexmarkQ5)).toMatchInlineSnapshot(`
      {
        "auctionHouse_bid": "TableSourceScan 336, WatermarkAssigner 337",
        "counts": "LocalWindowAggregate 338, GlobalWindowAggregate 340",
        "hot": "WindowTableFunction 342, Calc 343, WindowJoin 353",
        "items": "Calc 354",
        "most": "WindowTableFunction 342, LocalWindowAggregate 346, GlobalWindowAggregate 348, Calc 349, WindowTableFunction 350, Calc 351",
        "named": "Calc 341, Calc 345",
        "result": "Sink 355",
      }
    `);
  });

  it('a side table that a node reads itself', () => {
    expect(placesIn(nexmark('q13'), nexmarkQ13)).toMatchInlineSnapshot(`
      {
        "auctionHouse_bid": "TableSourceScan 422, WatermarkAssigner 423",
        "enriched": "TemporalJoin 434",
        "keyed": "Calc 424",
        "result": "Sink 436",
        "shaped": "Calc 435",
      }
    `);
  });

  it('branches that are alike: filters, windows, projections and a pattern, put together again', () => {
    expect(placesIn(template('attack-alerts'), attackAlerts)).toMatchInlineSnapshot(`
      {
        "access": "TableSourceScan 1, Calc 2, WatermarkAssigner 3, WatermarkAssigner 9, Calc 15, WatermarkAssigner 16",
        "alerts": "Calc 22, Calc 8, Calc 13, Calc 20, Calc 32, Calc 44",
        "breakIn": "Match 12",
        "breakInAlert": "Calc 13, Calc 36",
        "code": "Calc 22, Calc 40",
        "codeAlert": "Calc 22, Calc 44",
        "crashes": "TableSourceScan 24, WatermarkAssigner 25",
        "doors": "Calc 17, WindowAggregate 19",
        "doorsAlert": "Calc 20, Calc 44",
        "guessAlert": "Calc 8, Calc 44",
        "guesses": "LocalWindowAggregate 5, GlobalWindowAggregate 7",
        "guessing": "Calc 8, Calc 35",
        "incidentFile": "StreamingFileWriter, end: Writer",
        "incidents": "Calc 44, WindowAggregate 46, Calc 47",
        "live": "Sink 34",
        "logins": "Calc 4, Calc 10, StreamRecordTimestampInserter 12",
        "looking": "Calc 20, Calc 38",
        "perMinute": "LocalWindowAggregate 26, GlobalWindowAggregate 28, Calc 29",
        "recent": "OverAggregate 31",
        "spike": "Calc 32, Calc 42",
        "spikeAlert": "Calc 32, Calc 44",
      }
    `);
  });
});
