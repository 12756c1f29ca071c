/** Every template, every query of Nexmark, the example of every operator, and what is worth a case of its own. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { documentOf, queries } from '../../bench/nexmark/queries.ts';
import type { Row } from '../../comparison/engine.ts';
import { assert } from '../../core/errors.ts';
import { operatorFolder } from '../../core/operator-folder.ts';
import type { AnyOperatorSpec } from '../../core/operator.ts';
import { parseDocument, readDocument, type PipelineDocument } from '../../graph/index.ts';
import { catalog } from '../../operators/catalog.ts';
import { readExample, type DocsExample } from '../../testing/docs-example.ts';
import type { Case } from './case.ts';
import { semantics } from './semantics-cases.ts';

/** `root`: of the repository. */
export async function allCases(root: string): Promise<readonly Case[]> {
  return [
    ...(await templateCases(path.join(root, 'templates'))),
    ...nexmarkCases(),
    ...(await operatorCases(path.join(root, 'runtime/operators'))),
    ...semantics,
  ];
}

async function templateCases(folder: string): Promise<readonly Case[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name): Promise<Case> => {
      const file = path.join(folder, name, `${name}.pipeline.json`);
      const { document } = parseDocument(await readFile(file, 'utf8'));
      assert(document !== null, `${file} is no document`);
      const params = Object.hasOwn(document.settings.params, 'speed') ? { speed: '1000000' } : {};
      return { name: `template ${name}`, document, params, baseFolder: path.dirname(file) };
    }),
  );
}

/** Enough to fill windows and rankings. */
const EVENTS = 4000;

function nexmarkCases(): readonly Case[] {
  return queries.map((query): Case => {
    const document = documentOf(query);
    const params = {
      events: String(EVENTS),
      seed: '1',
      eventRate: String(Math.min(1000, EVENTS / query.spanSeconds)),
      outOfOrder: '50',
    };
    const others = Object.fromEntries(
      Object.keys(document.settings.params)
        .filter((name) => !Object.hasOwn(params, name))
        .map((name) => [name, name === 'sideInput' ? 'side_input.csv' : name]),
    );
    const lines = Array.from({ length: 10_000 }, (_, i) => `${i},${i}\n`).join('');
    return {
      name: `nexmark ${query.name}`,
      document,
      params: { ...params, ...others },
      baseFolder: '',
      files: Object.hasOwn(others, 'sideInput') ? { 'side_input.csv': `key,value\n${lines}` } : {},
      ...(query.compared === undefined ? {} : { compared: { result: sumsPerKey } }),
    };
  });
}

/** Of q12, whose windows are those of the clock: bids of each bidder in all. */
function sumsPerKey(rows: readonly Row[]): readonly Row[] {
  const sums = new Map<unknown, number>();
  for (const [bidder, count] of rows) sums.set(bidder, (sums.get(bidder) ?? 0) + Number(count));
  return [...sums].map(([bidder, count]) => [bidder, String(count)]);
}

async function operatorCases(folder: string): Promise<readonly Case[]> {
  const cases = Object.entries<AnyOperatorSpec>(catalog).map(async ([type, spec]): Promise<readonly Case[]> => {
    const docs = await readFile(path.join(folder, operatorFolder(type), 'docs.md'), 'utf8');
    const example = readExample(docs);
    // A sub-pipeline and its ports are nothing by themselves: what is in it counts as what it is.
    if (type.startsWith('subpipeline')) return [];
    return [{ name: `operator ${type}`, document: exampleDocument(type, spec, example), baseFolder: '', files: filesOf(example), keepsSources: spec.category === 'source' }]; // prettier-ignore
  });
  return (await Promise.all(cases)).flat();
}

function filesOf(example: DocsExample): Record<string, string> {
  return { ...example.files, ...Object.fromEntries(example.inputs.map((_, i) => [`in${i}.jsonl`, inputText(example, i)])) }; // prettier-ignore
}

function inputText({ inputs, steps }: DocsExample, input: number): string {
  const names = inputs[input]!.fields.map((field) => field.split(' ')[0]!);
  const rows = steps.flatMap((step) => ('rows' in step && step.input === input ? step.rows : []));
  const lines = rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null]))));
  return lines.map((line) => `${line}\n`).join('');
}

/** A file for each input, and a sink at each output; a source or sink stands alone. */
function exampleDocument(type: string, spec: AnyOperatorSpec, example: DocsExample): PipelineDocument {
  const { inputs, outputs } = spec.ports(example.config);
  const sources = example.inputs.map(({ fields, eventTime }, i) => ({
    id: `in${i}`,
    type: 'source.file',
    config: {
      path: `in${i}.jsonl`,
      format: 'jsonl',
      schema: fields.map((field) => {
        const [name, ...rest] = field.split(' ');
        const isRequired = field.endsWith(' NOT NULL');
        const text = rest.join(' ').replace(/ NOT NULL$/, '');
        return { name, type: text, ...(isRequired ? { nullable: false } : {}) };
      }),
      ...(eventTime === undefined ? {} : { eventTime: { field: eventTime, perRow: true } }),
    },
  }));
  // What else comes out (late rows, bad ones) has cases of its own.
  const sinks = outputs.filter(({ isOptional }) => isOptional !== true || outputs.every((one) => one.isOptional));
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: `Example of ${type}`,
    nodes: [
      ...sources,
      { id: 'it', type, version: spec.version, config: example.config },
      ...sinks.map(({ name }) => ({ id: `out_${name}`, type: 'sink.print', config: {} })),
    ],
    edges: [
      ...example.inputs.map(({ port }, i) => ({
        from: `in${i}`,
        to: 'it',
        toPort: port ?? inputs[Math.min(i, inputs.length - 1)]!.name,
      })),
      ...sinks.map(({ name }) => ({ from: 'it', fromPort: name, to: `out_${name}` })),
    ],
  });
  assert(document !== null, `${type}: ${diagnostics[0]?.message}`);
  return document;
}
