/** Where a real engine is known to give other rows than we do. A gap that closes has to go from the list. */
import type { Outcome } from './verify.ts';

interface Gap {
  readonly target: string;
  readonly case: string;
  /** What differs and why: it is in the matrix. */
  readonly why: string;
}

export const GAPS: readonly Gap[] = [
  {
    target: 'flink',
    case: 'nexmark q9',
    why: 'Flink sends the best row of a key as an update (+U) without the row before it, even to a sink without a key; the last row of each key is the same.',
  },
  {
    target: 'flink',
    case: 'nexmark q12',
    why: 'Windows of the clock that are open where the input ends give nothing in Flink; here they fire.',
  },
  {
    target: 'flink',
    case: 'template big-screen',
    why: 'Buyers are counted exactly in Flink, and here by APPROX_COUNT_DISTINCT.',
  },
  {
    target: 'flink',
    case: 'operator faultInjector',
    why: 'Faults are not exported.',
  },
  {
    target: 'spark',
    case: 'operator faultInjector',
    why: 'Faults are not exported.',
  },
  {
    target: 'storm',
    case: 'operator faultInjector',
    why: 'Faults are not exported.',
  },
  {
    target: 'flink',
    case: 'operator join.lookup',
    why: 'Of several rows of the table with the same keys the last counts in Flink; here each gives a row.',
  },
  {
    target: 'flink',
    case: 'operator source.file',
    why: 'Flink takes CSV columns by position, and those of the file are in another order than the schema.',
  },
  {
    target: 'flink',
    case: 'semantics functions: collection, MAP_FROM_ARRAYS',
    why: 'Flink 2.3 fails with a ClassCastException where an element is taken of a map that MAP_FROM_ARRAYS made.',
  },
  {
    target: 'flink',
    case: 'semantics functions: collection, MAP_UNION',
    why: 'Flink 2.3 fails with a ClassCastException where an element is taken of a map that MAP_UNION made.',
  },
  {
    target: 'flink',
    case: 'semantics windows of windows, and a ranking of them',
    why: 'Flink ranks by the end of windows alone: of two sessions that end together it keeps one best row, not one each.',
  },
  {
    target: 'flink',
    case: 'semantics a window join of one stream with itself, in full',
    why: 'Flink 2.3 cannot plan a window join both of whose sides come from a window aggregate ("Field names must be unique").',
  },
  {
    target: 'spark',
    case: 'semantics an interval join that looks back, of what was filtered',
    why: 'Rows without a match wait for a watermark, and in Spark only rows that pass the filter move it: at the end of input none does.',
  },
  {
    target: 'storm',
    case: 'template big-screen',
    why: 'Buyers are counted exactly in Storm, and here by APPROX_COUNT_DISTINCT.',
  },
  {
    target: 'spark',
    case: 'template big-screen',
    why: 'APPROX_COUNT_DISTINCT of Spark has other hashes than that here: both are within a percent or two.',
  },
  {
    target: 'spark',
    case: 'operator source.file',
    why: 'Spark takes the columns of a CSV file by position, and those of the example are in another order than the schema.',
  },
  {
    target: 'spark',
    case: 'semantics sessions, and what is late for them',
    why: 'Rows of one micro-batch are never late in Spark, and here the file is one: what is late by its place in the file counts.',
  },
];

/** What is wrong: cases that differ and are not known to, and gaps that are none any more. */
export function knownGaps(target: string, outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ name, result }) => {
    const isKnown = gapOf(target, name) !== null;
    const isOff = result === 'different' || result === 'failed';
    if (isOff && !isKnown) return [`${name}: ${result}, and no gap that is known`];
    if (!isOff && isKnown) return [`${name}: the gap has closed. Take it from the list of known gaps`];
    return [];
  });
}

export function gapOf(target: string, name: string): Gap | null {
  return GAPS.find((gap) => gap.target === target && gap.case === name) ?? null;
}
