/** Rows of a sink here and there, as a test case reports rows: what is missing, unexpected or changed. */
import type { NodeId } from '../core/ids.ts';
import type { DataType } from '../core/types.ts';
import type { Schema } from '../core/schema.ts';
import { MAX_ROWS, type CheckedRow, type ComparedRow, type RowCheck } from '../protocol/test-report.ts';
import { compareRows } from '../test-runner/compare-rows.ts';
import type { Row } from './engine.ts';
import { onlyIn } from './rows.ts';

/** Of each side: rows beyond stand by themselves, since pairing rows that are alike takes the square of their number. */
const MAX_PAIRED = 500;

/** Multisets: in which order rows came does not count. What differs comes first. */
export function checkRows(nodeId: NodeId, schema: Schema, here: readonly Row[], there: readonly Row[]): RowCheck {
  const { missing, unexpected } = onlyIn(here, there);
  const checked = (rows: readonly Row[]): readonly CheckedRow[] => rows.map((row) => checkedRow(schema, row));
  const [expected, actual] = [checked(sorted(missing)), checked(sorted(unexpected))];
  const differences = [
    ...compareRows(expected.slice(0, MAX_PAIRED), actual.slice(0, MAX_PAIRED), {
      schema,
      order: 'any',
      ignore: [],
      tolerance: 0,
      timed: new Set(),
    }),
    ...expected.slice(MAX_PAIRED).map((row): ComparedRow => ({ comparison: 'missing', expected: row, actual: null, changed: [] })), // prettier-ignore
    ...actual.slice(MAX_PAIRED).map((row): ComparedRow => ({ comparison: 'unexpected', expected: null, actual: row, changed: [] })), // prettier-ignore
  ].slice(0, MAX_ROWS);
  const { missing: same } = onlyIn(here, missing);
  const others = checked(same.slice(0, MAX_ROWS - differences.length));
  return {
    nodeId,
    port: null,
    fields: schema.fields.map(({ name }) => name),
    hasUpdates: false,
    isMet: missing.length === 0 && unexpected.length === 0,
    rows: [...differences, ...others.map((row): ComparedRow => ({ comparison: 'same', expected: row, actual: row, changed: [] }))], // prettier-ignore
    expectedCount: here.length,
    actualCount: there.length,
  };
}

/** So that rows with the same first values are among those that are paired. */
function sorted(rows: readonly Row[]): readonly Row[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}

function checkedRow({ fields }: Schema, row: Row): CheckedRow {
  return { values: fields.map(({ type }, i) => plain(type, row[i])), eventTime: null, changeKind: '+I' };
}

/** A canonical value as JSONL would write it. */
function plain(type: DataType, value: unknown): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'INT':
    case 'DOUBLE':
    case 'BIGINT': {
      const number = Number(value);
      const isExact = type.kind === 'DOUBLE' ? Number.isFinite(number) : Number.isSafeInteger(number);
      return isExact ? number : value;
    }
    case 'ARRAY':
      return (value as unknown[]).map((item) => plain(type.element, item));
    case 'MAP': {
      const pairs = (value as string[]).map((pair) => JSON.parse(pair) as [unknown, unknown]);
      return Object.fromEntries(pairs.map(([key, item]) => [String(key), plain(type.value, item)]));
    }
    case 'ROW':
      return Object.fromEntries(
        type.fields.map((field, i) => [field.name, plain(field.type, (value as unknown[])[i])]),
      );
    default:
      return value;
  }
}
