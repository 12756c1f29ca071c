import { UNKNOWN_STREAM, type Exporter } from '../../core/exporter.ts';
import { closed, sqlInterval } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import type { AfterMatch } from './after-match.ts';
import type { PatternConfig } from './spec.ts';

export const patternExport: Exporter<PatternConfig> = {
  facts: () => UNKNOWN_STREAM,
  readsTime: () => true,
  flink({ partitionBy, pattern, define, measures, within, afterMatch }, inputs) {
    const input = inputs[0]!;
    if (input.time === null) return withoutTime(input);
    const names = [...define.map(({ variable }) => variable), ...variablesOf(pattern), ...input.columns];
    const time = sqlName(input.time);
    const write = (text: string): string =>
      closed(input.dialect === 'flink' ? withQuotes(withoutStars(text.trim(), time), names) : text.trim());
    const definitions = define.map(({ variable, condition }) => `${sqlName(variable)} AS ${write(condition)}`);
    const clauses = [
      ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${sqlNames(partitionBy)}`]),
      `ORDER BY ${sqlName(input.time)}`,
      `MEASURES ${measures.map(({ as, expr }) => aliasedAs(write(expr), as)).join(', ')}`,
      'ONE ROW PER MATCH',
      `AFTER MATCH SKIP ${skip(afterMatch)}`,
      `PATTERN (${write(pattern)})${within === null ? '' : ` WITHIN ${sqlInterval(within, input.dialect)}`}`,
      ...(definitions.length === 0 ? [] : [`DEFINE ${definitions.join(', ')}`]),
    ];
    return { select: `SELECT *\nFROM ${sqlName(input.table)}\nMATCH_RECOGNIZE (\n  ${clauses.join('\n  ')}\n)` };
  },
  spark: () => ({
    unsupported: 'looks for a pattern of rows, which Spark has not: write it with transformWithState, or use Flink',
  }),
};

function variablesOf(pattern: string): readonly string[] {
  return pattern.match(/[A-Za-z_]\w*/g) ?? [];
}

/** Flink counts no stars in a pattern: `COUNT(A.*)` counts the times of rows, which all have one. */
function withoutStars(text: string, time: string): string {
  return text.replaceAll(/\bCOUNT\(\s*(\w+)\.\*\s*\)/gi, `COUNT($1.${time})`);
}

/** Names among `names` that are words of SQL, in quotes; not in texts, and not in front of a parenthesis, where they are functions. */
function withQuotes(text: string, names: readonly string[]): string {
  return text.replaceAll(/'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--.*|[A-Za-z_]\w*(?!\w|\s*\()/g, (part) =>
    names.includes(part) ? sqlName(part) : part,
  );
}

function skip(afterMatch: AfterMatch): string {
  switch (afterMatch.type) {
    case 'past-last-row':
      return 'PAST LAST ROW';
    case 'to-next-row':
      return 'TO NEXT ROW';
    case 'to-first':
      return `TO FIRST ${sqlName(afterMatch.variable)}`;
    case 'to-last':
      return `TO LAST ${sqlName(afterMatch.variable)}`;
  }
}
