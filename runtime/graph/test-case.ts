/**
 * `tests` of a document: what comes in, step by step, and which rows are expected for it. Nothing outside is touched: sources (or any
 * node whose rows are given in its place) are played by the steps, sinks only take their rows.
 *
 * Each step is worked off to its end before the next one begins, and time stands still but for `advance`: so a result depends on
 * nothing but the case.
 */
import { z } from 'zod';
import { CHANGE_SIGNS } from '../core/batch.ts';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import { DEFAULT_OUTPUT, nodeIdSchema, parameterValues, portSchema } from './document-parts.ts';

/** Key of a row with its change kind, as JSONL files have it; without it a row is an insert. */
export const CHANGE_KEY = '__op';
/** Key of a row with its event time, where no field of the row holds it. */
export const TIME_KEY = '__time';

/** Fields by name, as JSONL writes them; a BIGINT beyond 2^53 as text. Fields that are left out are NULL. */
export type CaseRow = Readonly<Record<string, unknown>>;

const row = z.record(z.string(), z.unknown()).meta({
  description: `Fields by name, as JSON Lines write them. Those that are left out are NULL. "${CHANGE_KEY}" is the change kind (${CHANGE_SIGNS.join(', ')}), "${TIME_KEY}" the event time where no field holds it.`,
});

const node = nodeIdSchema.meta({
  description: 'A source, or any node whose outputs are given here in place of what it would make.',
});

/** Rows leave a port of the node. The watermark follows them as the source's own `eventTime` says, after every row. */
const rowsStep = z.strictObject({
  node,
  port: portSchema.default(DEFAULT_OUTPUT),
  rows: z.array(row).meta({ description: 'Rows that leave the port, in this order.' }),
});
const watermarkStep = z.strictObject({
  node,
  watermark: z.string().meta({ description: 'Event time has come so far: "2026-01-01T00:05:00Z".' }),
});
const idleStep = z.strictObject({
  node,
  idle: z.literal(true).meta({ description: 'Others do not wait for its watermark until rows come again.' }),
});
const endStep = z.strictObject({
  node,
  end: z.literal(true).meta({ description: 'Its input ends: nothing comes from it any more.' }),
});
const advanceStep = z.strictObject({
  advance: z.string().meta({ description: 'Processing time goes by: "5 seconds".' }),
});

const stepSchema = z.union([rowsStep, watermarkStep, idleStep, endStep, advanceStep], {
  error: say`a step is one of { node, port?, rows }, { node, watermark }, { node, idle: true }, { node, end: true }, { advance }`,
});

const expectationSchema = z.strictObject({
  node: nodeIdSchema.meta({ description: 'A sink, or a node whose output is looked at.' }),
  port: portSchema
    .exactOptional()
    .meta({ description: 'Of a node with outputs: the output port, "out" unless given.' }),
  rows: z.array(row).meta({ description: 'All rows that are expected there.' }),
  order: z.enum(['any', 'exact']).default('any').meta({ description: 'Whether the order of the rows counts.' }),
  updates: z.enum(['changelog', 'table']).default('changelog').meta({
    description: 'Of a stream with updates: every change is expected, or the rows that they leave in the end.',
  }),
  ignore: z.array(z.string()).default([]).meta({ description: 'Fields that are not compared.' }),
  tolerance: z.number().min(0).default(0).meta({ description: 'Numbers may differ by so much.' }),
});

export const testCaseSchema = z.strictObject({
  name: z.string().min(1),
  params: parameterValues.prefault({}).meta({ description: 'Values in place of those of settings.params.' }),
  parallelism: z
    .array(z.int().min(1).max(128))
    .min(1)
    .default([1])
    .meta({ description: 'The case runs once with each.' }),
  startAt: z
    .string()
    .default('1970-01-01T00:00:00Z')
    .meta({ description: 'Processing time at the start: "2026-01-01T00:00:00Z".' }),
  steps: z.array(stepSchema).default([]),
  endOfInput: z.boolean().default(true).meta({
    description: 'Whether all inputs end after the last step, so that what is still open comes out.',
  }),
  expect: z.array(expectationSchema).default([]),
});

/** With every default filled in. */
export type TestCase = z.output<typeof testCaseSchema>;
export type TestStep = TestCase['steps'][number];
export type RowsStep = Extract<TestStep, { rows: unknown }>;
export type Expectation = TestCase['expect'][number];

/** A case with nothing in it. */
export function emptyTestCase(name: string): TestCase {
  return testCaseSchema.parse({ name });
}

/** The node whose part a step plays; null when time goes by. */
export function stepNode(step: TestStep): NodeId | null {
  return 'node' in step ? step.node : null;
}
