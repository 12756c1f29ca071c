import { UNKNOWN_STREAM, type Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { closed, sqlInterval } from '../shared/flink-sql/expressions.ts';
import { aliasedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { timeBeside, withoutTime } from '../shared/flink-sql/select.ts';
import type { AfterMatch } from './after-match.ts';
import { flinkPatternProblem } from './flink-pattern.ts';
import type { PatternConfig } from './spec.ts';

export const patternExport: Exporter<PatternConfig> = {
  /** That of the last row of a match; a query of our own operator does not tell it. */
  facts: (_config, _inputs, { port, schema }, dialect) =>
    dialect === 'flink' && port === 'out' ? { time: timeBeside(schema.fields), isWindowed: false } : UNKNOWN_STREAM,
  readsTime: () => true,
  flink({ partitionBy, pattern, define, measures, within, afterMatch }, inputs, output) {
    const input = inputs[0]!;
    if (input.time === null) return withoutTime(input);
    const problem = input.dialect === 'flink' ? flinkPatternProblem(pattern) : null;
    if (problem !== null) return { unsupported: problem };
    const names = [...define.map(({ variable }) => variable), ...variablesOf(pattern), ...input.columns];
    const time = sqlName(input.time);
    const write = (text: string): string =>
      closed(input.dialect === 'flink' ? withQuotes(withoutStars(text.trim(), time), names) : text.trim());
    const definitions = define.map(({ variable, condition }) => `${sqlName(variable)} AS ${write(condition)}`);
    // A time that is measured would be an event time of the match, of which it can have one.
    const isTime = (name: string): boolean =>
      input.dialect === 'flink' &&
      output.schema.fields.some((one) => one.name === name && one.type.kind === 'TIMESTAMP');
    const told = measures.map(({ as, expr }) =>
      aliasedAs(isTime(as) ? `CAST(${write(expr)} AS TIMESTAMP_LTZ(3))` : write(expr), as),
    );
    if (output.extraTime !== null) told.push(aliasedAs(`MATCH_ROWTIME(${time})`, output.extraTime));
    const clauses = [
      ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${sqlNames(partitionBy)}`]),
      `ORDER BY ${time}`,
      clause('MEASURES', told),
      'ONE ROW PER MATCH',
      `AFTER MATCH SKIP ${skip(afterMatch)}`,
      `PATTERN (${write(pattern)})${within === null ? '' : ` WITHIN ${sqlInterval(within, input.dialect)}`}`,
      ...(definitions.length === 0 ? [] : [clause('DEFINE', definitions)]),
    ];
    return { select: `SELECT *\nFROM ${sqlName(input.table)}\nMATCH_RECOGNIZE (\n  ${clauses.join('\n  ')}\n)` };
  },
  spark: () => ({
    unsupported: say`looks for a pattern of rows, which Spark has not: write it with transformWithState, or use Flink`,
  }),
  storm: () => ({
    unsupported: say`matches patterns, which Storm has nothing for: run this part in Flink, which has MATCH_RECOGNIZE`,
  }),
};

/** In lines of their own where one would be long. */
function clause(name: string, items: readonly string[]): string {
  const line = `${name} ${items.join(', ')}`;
  return line.length <= 100 ? line : `${name}\n    ${items.join(',\n    ')}`;
}

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
