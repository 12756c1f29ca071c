/** CREATE TABLE, behind the name. */
import type { ImportedColumn, ImportedTable } from '../../core/importer.ts';
import { say } from '../../core/say.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { StatementProblem } from './problem.ts';
import type { TokenReader } from './token-reader.ts';

/** Throws StatementProblem. */
export function readTable(reader: TokenReader): Omit<ImportedTable, 'isSink'> {
  const columns: ImportedColumn[] = [];
  let watermark: ImportedTable['watermark'] = null;
  reader.expect('(');
  do {
    if (reader.take('WATERMARK', 'FOR')) watermark = readWatermark(reader);
    else if (reader.sees('PRIMARY', 'KEY') || reader.sees('CONSTRAINT')) reader.textUntil(',', ')');
    else columns.push(readColumn(reader));
  } while (reader.take(','));
  reader.expect(')');
  if (reader.take('COMMENT')) reader.string();
  const partitionedBy = reader.take('PARTITIONED', 'BY') ? reader.names() : [];
  const options = reader.take('WITH') ? reader.options() : {};
  if (!reader.isAtEnd) throw reader.unexpected(say`the end of the statement`);
  return { columns, watermark, options, partitionedBy };
}

function readColumn(reader: TokenReader): ImportedColumn {
  const name = reader.name();
  if (reader.take('AS')) return { name, type: null, nullable: true, expr: reader.textUntil(',', ')') };
  const { offset } = reader;
  const text = reader.textUntil(',', ')', 'NOT', 'NULL', 'COMMENT', 'METADATA', 'PRIMARY');
  if (reader.sees('METADATA')) {
    throw new StatementProblem(say`the column "${name}" is metadata of the connector: leave it out`, offset);
  }
  const nullable = !reader.take('NOT', 'NULL');
  reader.textUntil(',', ')');
  // What a CAST takes for a type is one.
  const type = checkExpression(`CAST(NULL AS ${text})`, scopeOf({ fields: [] })).expression?.type;
  if (type === undefined) throw new StatementProblem(say`there is no type ${text} here: use another`, offset);
  return { name, type, nullable, expr: null };
}

/** `ts AS ts - INTERVAL '5' SECOND` */
function readWatermark(reader: TokenReader): NonNullable<ImportedTable['watermark']> {
  const field = reader.name();
  reader.expect('AS');
  const { offset } = reader;
  const of = reader.name();
  const boundMs = boundOf(reader.textUntil(',', ')'));
  if (of !== field || boundMs === null) {
    throw new StatementProblem(
      say`the watermark is not a column less an interval: write ${field} - INTERVAL '5' SECOND`,
      offset,
    );
  }
  return { field, boundMs };
}

const UNIT_MS: Readonly<Record<string, number>> = { SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 };

/** Of `- INTERVAL '1.500' SECOND(2, 3)` or `- INTERVAL '0 00:16:40' DAY TO SECOND`, in ms; null: it is something else. */
function boundOf(text: string): number | null {
  if (text === '') return 0;
  const [, value, unit] = /^-\s*INTERVAL\s*'([^']*)'\s*(DAY|HOUR|MINUTE|SECOND)S?\b/i.exec(text) ?? [];
  if (value === undefined || unit === undefined) return null;
  if (!/\bTO\s+SECOND\b/i.test(text)) return inMs(Number(value), UNIT_MS[unit.toUpperCase()]!);
  const [, days = '0', hours = '0', minutes, seconds] = /^(?:(\d+) )?(?:(\d+):)?(\d+):([\d.]+)$/.exec(value) ?? [];
  return inMs(((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds), 1000);
}

function inMs(count: number, unitMs: number): number | null {
  return Number.isFinite(count) ? Math.round(count * unitMs) : null;
}
