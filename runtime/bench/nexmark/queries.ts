/** Nexmark's queries: the pipeline that runs, and the reference that says what it must give. */
import { assert } from '../../core/errors.ts';
import { readDocument, type PipelineDocument } from '../../graph/index.ts';
import q0 from './q0.pipeline.json' with { type: 'json' };
import q1 from './q1.pipeline.json' with { type: 'json' };
import q2 from './q2.pipeline.json' with { type: 'json' };
import q3 from './q3.pipeline.json' with { type: 'json' };
import q4 from './q4.pipeline.json' with { type: 'json' };
import q5 from './q5.pipeline.json' with { type: 'json' };
import q7 from './q7.pipeline.json' with { type: 'json' };
import q8 from './q8.pipeline.json' with { type: 'json' };
import q9 from './q9.pipeline.json' with { type: 'json' };
import q10 from './q10.pipeline.json' with { type: 'json' };
import q11 from './q11.pipeline.json' with { type: 'json' };
import q12 from './q12.pipeline.json' with { type: 'json' };
import q13 from './q13.pipeline.json' with { type: 'json' };
import q14 from './q14.pipeline.json' with { type: 'json' };
import q15 from './q15.pipeline.json' with { type: 'json' };
import q16 from './q16.pipeline.json' with { type: 'json' };
import q17 from './q17.pipeline.json' with { type: 'json' };
import q18 from './q18.pipeline.json' with { type: 'json' };
import q19 from './q19.pipeline.json' with { type: 'json' };
import q20 from './q20.pipeline.json' with { type: 'json' };
import q21 from './q21.pipeline.json' with { type: 'json' };
import q22 from './q22.pipeline.json' with { type: 'json' };
import q23 from './q23.pipeline.json' with { type: 'json' };
import * as aggregates from './reference/aggregates.ts';
import type { Reference, ResultRow } from './reference/events.ts';
import { groupBy, sum } from './reference/events.ts';
import * as joins from './reference/joins.ts';
import * as rows from './reference/rows.ts';
import * as windows from './reference/windows.ts';

export interface Query {
  readonly name: string;
  /** As the file holds it. */
  readonly pipeline: unknown;
  readonly reference: Reference;
  /** Over how much event time its events lie when it is verified. */
  readonly spanSeconds: number;
  /** What of the engine's rows is compared; all unless given. */
  readonly compared?: (rows: readonly ResultRow[]) => ResultRow[];
}

/** Twenty windows of 10 s. */
const MINUTES = 200;
/** Night, day and another date. */
const DAYS = 100_000;

export const queries: readonly Query[] = [
  query('q0', q0, rows.q0),
  query('q1', q1, rows.q1),
  query('q2', q2, rows.q2),
  query('q3', q3, joins.q3),
  query('q4', q4, joins.q4),
  query('q5', q5, windows.q5),
  query('q7', q7, windows.q7),
  query('q8', q8, windows.q8),
  query('q9', q9, joins.q9),
  query('q10', q10, rows.q10),
  query('q11', q11, windows.q11),
  { ...query('q12', q12, windows.q12), compared: bidsPerBidder },
  query('q13', q13, rows.q13),
  query('q14', q14, rows.q14, DAYS),
  query('q15', q15, aggregates.q15, DAYS),
  query('q16', q16, aggregates.q16, DAYS),
  query('q17', q17, aggregates.q17, DAYS),
  query('q18', q18, aggregates.q18),
  query('q19', q19, aggregates.q19),
  query('q20', q20, joins.q20),
  query('q21', q21, rows.q21),
  query('q22', q22, rows.q22),
  query('q23', q23, joins.q23),
];

function query(name: string, pipeline: unknown, reference: Reference, spanSeconds = MINUTES): Query {
  return { name, pipeline, reference, spanSeconds };
}

/** Read when it is wanted: the command line does without them most of the time. */
export function documentOf({ name, pipeline }: Query): PipelineDocument {
  const { document, diagnostics } = readDocument(pipeline);
  assert(document !== null, `${name} is not a document: ${diagnostics[0]?.message}`);
  return document;
}

/** q12's windows are those of the clock: their counts are added up. */
function bidsPerBidder(rows: readonly ResultRow[]): ResultRow[] {
  const counts = groupBy(rows, ([bidder]) => bidder!);
  return [...counts].map(([bidder, own]) => [bidder, sum(own.map(([, count]) => Number(count)))]);
}
