import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDocument } from '../../exporters/export-document.ts';
import { findTarget } from '../../exporters/targets.ts';
import { parseDocument, readDocument, type PipelineDocument } from '../../graph/index.ts';
import { validateDocument } from '../../compiler/validate.ts';
import { drawCase } from '../../simulation/draw-case.ts';
import { GRAPHS, sketch } from '../../testing/region-graphs.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { importFlinkSql } from './import-script.ts';

const flink = findTarget('flink-sql')!;

/** Null: the document has something that is nothing in Flink. */
function scriptOf(document: PipelineDocument): string | null {
  const { files } = exportDocument(document, flink, { baseFolder: '/data' });
  return files.find((file) => file.path.endsWith('.sql'))?.text ?? null;
}

const withoutKept = (script: string): string => script.replaceAll(/^-- millrace: .*\n/gm, '');
const withoutLayout = (document: PipelineDocument): PipelineDocument => ({
  ...document,
  nodes: document.nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })),
});

const SCRIPT = `
CREATE TABLE clicks (\`user\` STRING, page STRING, ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'file:///data/clicks.jsonl', 'format' = 'json');
CREATE VIEW carts AS SELECT \`user\`, page, ts FROM clicks WHERE page = 'cart';
ANALYZE TABLE clicks COMPUTE STATISTICS;
CREATE TABLE broker (a INT) WITH ('connector' = 'pulsar');
CREATE TABLE out_rows (\`user\` STRING, page STRING, ts TIMESTAMP_LTZ(3)) WITH ('connector' = 'print');
INSERT INTO out_rows SELECT \`user\`, page, ts FROM carts;
`;

describe('a script of somebody', () => {
  const { document, diagnostics } = importFlinkSql(SCRIPT, 'mine');

  it('becomes operators, and what is not read is told with its place', () => {
    expect(document.nodes.map(({ id, type }) => [id, type])).toEqual([
      ['clicks', 'source.file'],
      ['out_rows', 'sink.print'],
      ['carts', 'filter'],
    ]);
    expect(document.edges.map(({ from, to }) => `${from} > ${to}`)).toEqual(['clicks > carts', 'carts > out_rows']);
    expect(document.nodes[0]!.config).toMatchObject({
      path: '/data/clicks.jsonl',
      eventTime: { maxOutOfOrdernessMs: 5000 },
    });
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^MR2402 line 5, column 1: ANALYZE TABLE: SET, CREATE TABLE/),
      expect.stringMatching(
        /^MR2402 line 6, column 1: the table "broker" is a source with the connector 'pulsar': filesystem, datagen/,
      ),
    ]);
  });

  it('is valid', () => {
    expect(validateDocument(document, {}).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('what was exported', () => {
  it('comes back as the same document but for its layout: any graph', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(GRAPHS)), fc.string(), (graph, description) => {
        const document = withoutLayout({ ...withSink(sketch(...graph)), description });
        const script = scriptOf(document);
        fc.pre(script !== null);
        const { document: back, diagnostics } = importFlinkSql(script!, 'x');
        expect(diagnostics).toEqual([]);
        expect(back).toEqual(document);
      }),
      propertyRuns(40),
    );
  });

  it('comes back: any job that is drawn', () => {
    let count = 0;
    fc.assert(
      fc.property(fc.nat(), fc.string(), (seed, name) => {
        const document = withoutLayout(readDocument({ ...drawCase(seed).document, name }).document!);
        const script = scriptOf(document);
        if (script === null) return;
        count++;
        expect(importFlinkSql(script, 'x')).toEqual({ document, diagnostics: [] });
      }),
      propertyRuns(20),
    );
    expect(count).toBeGreaterThan(0);
  });

  it('comes back: every template that Flink can express', () => {
    const folder = path.resolve(import.meta.dirname, '../../../templates');
    let count = 0;
    for (const name of readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? [one.name] : [],
    )) {
      const { document } = parseDocument(readFileSync(`${folder}/${name}/${name}.pipeline.json`, 'utf8'));
      const script = scriptOf(document!);
      if (script === null) continue;
      count++;
      expect(importFlinkSql(script, 'x').document, name).toEqual(withoutLayout(document!));
    }
    expect(count).toBeGreaterThan(0);
  });

  it('keeps what was not touched, and reads what was', () => {
    const { document } = parseDocument(readFileSync(path.resolve(import.meta.dirname, '../../../templates/clicks/clicks.pipeline.json'), 'utf8')); // prettier-ignore
    const script = scriptOf(document!)!.replace('WHERE clicks > 1', 'WHERE clicks > 2');
    const { document: back, diagnostics } = importFlinkSql(script, 'x');
    expect(diagnostics).toEqual([]);
    const before = new Map(withoutLayout(document!).nodes.map((node) => [node.id, node]));
    const changed = back.nodes.filter((node) => JSON.stringify(node) !== JSON.stringify(before.get(node.id)));
    expect(changed.map(({ type, label, config }) => [type, label, config])).toEqual([
      ['filter', 'More than one click', { condition: 'clicks > 2' }],
    ]);
    expect(new Set(back.edges.map((edge) => JSON.stringify(edge)))).toEqual(
      new Set(document!.edges.map((edge) => JSON.stringify(edge))),
    );
  });

  it('gives the same statements when it is read from SQL alone', () => {
    const { document } = parseDocument(readFileSync(path.resolve(import.meta.dirname, '../../../templates/clicks/clicks.pipeline.json'), 'utf8')); // prettier-ignore
    const script = withoutKept(scriptOf(document!)!);
    const { document: back, diagnostics } = importFlinkSql(script, 'x');
    expect(diagnostics).toEqual([]);
    expect(validateDocument(back, {}).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(back.nodes.map(({ id, type }) => `${id} ${type}`).toSorted()).toEqual(
      document!.nodes.map(({ id, type }) => `${id} ${type === 'sink.table' ? 'sink.print' : type}`).toSorted(),
    );
  });
});

function withSink(document: PipelineDocument): PipelineDocument {
  const read = new Set(document.edges.map(({ from }) => from));
  const ends = document.nodes.filter(({ id, type }) => !read.has(id) && !type.startsWith('source.'));
  const sources = document.nodes.filter(({ id, type }) => read.has(id) || !type.startsWith('source.'));
  return {
    ...document,
    nodes: [
      ...sources,
      ...ends.map(({ id }) => ({ id: `${id}_sink` as never, type: 'sink.print', version: 1, position: { x: 0, y: 0 }, config: {} })), // prettier-ignore
    ],
    edges: [...document.edges, ...ends.map(({ id }) => ({ from: id, fromPort: 'out', to: `${id}_sink` as never, toPort: 'in' }))], // prettier-ignore
  };
}
