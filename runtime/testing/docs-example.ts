/** The example in an operator's `docs.md`: how it is written, and how it is run. */
import { z } from 'zod';
import { batchOf, type Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { AnyOperatorSpec, InputStream, OperatorFactory, OperatorSpec } from '../core/operator.ts';
import { fieldIndex, type Schema } from '../core/schema.ts';
import type { Json } from '../core/state.ts';
import type { Value } from '../core/types.ts';
import { at, shape } from './builders.ts';
import { ExampleNetwork, networkSchema, type NetworkOutput } from './example-network.ts';
import { MemoryFiles } from './memory-files.ts';
import { toJson, toValue, type Literal } from './literals.ts';
import { createHarness, type OperatorHarness } from './operator-harness.ts';

const exampleSchema = z.strictObject({
  config: z.record(z.string(), z.unknown()),
  /** One per input edge. */
  inputs: z
    .array(
      z.strictObject({
        port: z.string().optional(),
        fields: z.array(z.string()),
        /** Field that gives the rows' event time. */
        eventTime: z.string().optional(),
      }),
    )
    .default([]),
  /** Content by path, relative to the base folder: a text, or what is written as JSON. */
  files: z
    .record(
      z.string(),
      z.json().transform((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    )
    .default({}),
  /** Servers and clients around the operator. */
  network: networkSchema.prefault({}),
  steps: z.array(
    z.union([
      z.strictObject({ input: z.int(), rows: z.array(z.array(z.json())) }),
      z.strictObject({ input: z.int(), watermark: z.string() }),
      z.strictObject({ poll: z.literal(true) }),
      z.strictObject({ end: z.literal(true) }),
    ]),
  ),
  /** Rows by output port, as JSONL writes them. */
  output: z.record(z.string(), z.array(z.record(z.string(), z.json()))).default({}),
  /** Content by path once a checkpoint is complete. */
  outputFiles: z.record(z.string(), z.string()).default({}),
  /** What they got. */
  outputNetwork: z.record(z.string(), z.array(z.json())).default({}),
  printed: z.string().default(''),
});

export type DocsExample = z.output<typeof exampleSchema>;

export interface ExampleResult {
  readonly output: Readonly<Record<string, readonly Readonly<Record<string, Json>>[]>>;
  readonly outputFiles: Readonly<Record<string, string>>;
  readonly outputNetwork: NetworkOutput;
  readonly printed: string;
}

export const EXAMPLE_FOLDER = '/data-folder';

/** The one fenced block ` ```json example `; throws when there is none or it is malformed. */
export function readExample(docs: string): DocsExample {
  const blocks = [...docs.matchAll(/^```json example\n([\s\S]*?)^```/gm)];
  assert(blocks.length === 1, `docs.md has ${blocks.length} blocks of "json example" and needs one`);
  return exampleSchema.parse(JSON.parse(blocks[0]![1]!));
}

export function exampleInputs(spec: AnyOperatorSpec, example: DocsExample): readonly InputStream[] {
  const ports = spec.ports(example.config).inputs;
  return example.inputs.map((input, i) => ({
    port: input.port ?? ports[Math.min(i, ports.length - 1)]!.name,
    shape: shape(input.fields.join(', '), { eventTime: input.eventTime !== undefined }),
  }));
}

export function exampleFiles(example: DocsExample): MemoryFiles {
  const files = new MemoryFiles();
  for (const [path, text] of Object.entries(example.files)) files.write(files.resolve(EXAMPLE_FOLDER, path), text);
  return files;
}

/** All rows that the steps put into an input. */
export function exampleRows(
  example: DocsExample,
  inputs: readonly InputStream[],
  input: number,
): readonly (readonly Value[])[] {
  const { fields } = inputs[input]!.shape.schema;
  const rows = example.steps.flatMap((step) => ('rows' in step && step.input === input ? step.rows : []));
  return rows.map((row) => fields.map((f, c) => toValue(f.type, (row[c] ?? null) as Literal)));
}

/** Runs the steps, takes a last checkpoint as a job does, and says what came out. */
export async function runExample<C>(
  spec: OperatorSpec<C>,
  create: OperatorFactory<C>,
  example: DocsExample,
): Promise<ExampleResult> {
  const inputs = exampleInputs(spec, example);
  const files = exampleFiles(example);
  const around = new ExampleNetwork(example.network);
  const harness = await createHarness({
    spec,
    create,
    config: example.config,
    inputs,
    files,
    network: around.network,
    baseFolder: EXAMPLE_FOLDER,
  });
  for (const step of example.steps) {
    await harness.settle();
    if ('rows' in step) harness.push(step.input, exampleBatch(example, inputs, step.input, step.rows));
    else if ('watermark' in step) harness.watermark(at(step.watermark), step.input);
    else if ('poll' in step) harness.poll();
    else harness.end();
  }
  await harness.settle();
  harness.snapshot(1);
  harness.checkpointComplete(1);
  harness.close();
  return {
    output: portRows(harness),
    outputFiles: Object.fromEntries(
      Object.keys(example.outputFiles).map((path) => [path, files.text(files.resolve(EXAMPLE_FOLDER, path))]),
    ),
    outputNetwork: around.output,
    printed: harness.printed,
  };
}

/** Rows of every port that sent any. */
function portRows(harness: OperatorHarness): Record<string, Record<string, Json>[]> {
  const ports = Object.entries(harness.plan.outputs).map(
    ([port, { schema }]) => [port, harness.rows(port).map((row) => jsonRow(schema, row))] as const,
  );
  return Object.fromEntries(ports.filter(([, rows]) => rows.length > 0));
}

function jsonRow(schema: Schema, row: readonly Value[]): Record<string, Json> {
  return Object.fromEntries(schema.fields.map((f, i) => [f.name, toJson(f.type, row[i]!)]));
}

function exampleBatch(
  example: DocsExample,
  inputs: readonly InputStream[],
  input: number,
  rows: readonly (readonly unknown[])[],
): Batch {
  const { schema } = inputs[input]!.shape;
  const values = rows.map((row) => schema.fields.map((f, c) => toValue(f.type, (row[c] ?? null) as Literal)));
  const timeField = example.inputs[input]!.eventTime;
  if (timeField === undefined) return batchOf(schema, values);
  const index = fieldIndex(schema, timeField);
  return batchOf(
    schema,
    values,
    values.map((row) => row[index] as number),
  );
}
