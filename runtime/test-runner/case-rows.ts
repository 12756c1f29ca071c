/** Rows of a case as columns, and rows that came out as JSON. */
import { BatchBuilder, CHANGE_SIGNS, INSERT, type Batch, type ChangeKind } from '../core/batch.ts';
import type { Schema } from '../core/schema.ts';
import { parseTimestamp } from '../core/time.ts';
import type { Value } from '../core/types.ts';
import { formatValue } from '../formats/index.ts';
import { valueOfJson } from '../formats/json-value.ts';
import { CHANGE_KEY, TIME_KEY, type CaseRow } from '../graph/index.ts';
import type { CheckedRow } from '../protocol/test-report.ts';

/** Rows that were checked (compiler/test-case-problems.ts): what does not fit is NULL here. */
export function batchOfRows(schema: Schema, rows: readonly CaseRow[]): Batch {
  const builder = new BatchBuilder(schema, rows.length);
  for (const row of rows) {
    const values = schema.fields.map(({ name, type }): Value => {
      return Object.hasOwn(row, name) ? (valueOfJson(type, row[name] ?? null) ?? null) : null;
    });
    builder.appendRow(values, timeOf(row), kindOf(row));
  }
  return builder.finish();
}

export function rowsOfBatch(batch: Batch): CheckedRow[] {
  const { fields } = batch.schema;
  return Array.from({ length: batch.length }, (_, row) => {
    const eventTime = batch.eventTimes?.[row] ?? NaN;
    return {
      values: batch.columns.map((column, c) => formatValue(fields[c]!.type, column, row)),
      eventTime: Number.isNaN(eventTime) ? null : eventTime,
      changeKind: CHANGE_SIGNS[batch.kind(row)],
    };
  });
}

function timeOf({ [TIME_KEY]: time }: CaseRow): number {
  return typeof time === 'string' ? (parseTimestamp(time) ?? NaN) : NaN;
}

function kindOf({ [CHANGE_KEY]: change }: CaseRow): ChangeKind {
  const index = (CHANGE_SIGNS as readonly unknown[]).indexOf(change);
  return (index < 0 ? INSERT : index) as ChangeKind;
}
