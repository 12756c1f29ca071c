/** MATCH_RECOGNIZE as `pattern`. */
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import type { Context } from './context.ts';
import { durationOf } from './intervals.ts';
import { QueryProblem, unsupported } from './problem.ts';
import { project } from './project.ts';
import type { MatchTable, Name } from './query.ts';
import { columnNames, fieldColumn, findColumn, type Column, type Relation } from './relation.ts';
import { asColumn } from './render.ts';

export function planMatch(match: MatchTable, input: Relation, context: Context): Relation {
  const { partitionBy, measures, afterMatch, pattern, within, define, alias, range } = match;
  const id = alias?.text ?? 'match';
  // The pattern's expressions name fields.
  const relation = project(input, context, { id: `${id}-columns`, label: 'SELECT', range });
  checkOrder(match, relation.columns);
  const keys = partitionBy.map((name) => fieldOf(name, relation.columns));
  const source = context.builder.add(
    {
      id: `${context.prefix}match-${id}`,
      type: 'pattern',
      label: 'MATCH_RECOGNIZE',
      config: {
        partitionBy: keys,
        pattern: pattern.text.trim(),
        define: define.map(({ variable, condition }) => ({ variable: variable.text, condition: condition.text })),
        measures: measures.map(({ expression, as }) => ({ as: as.text, expr: expression.text })),
        ...(within === null ? {} : { within: durationOf(within.syntax) }),
        afterMatch,
      },
      range,
      origins: {
        pattern: verbatim(pattern, pattern.text.length - pattern.text.trimStart().length),
        ...Object.fromEntries(define.map(({ condition }, i) => [`define[${i}].condition`, verbatim(condition)])),
        ...Object.fromEntries(measures.map(({ expression }, i) => [`measures[${i}].expr`, verbatim(expression)])),
      },
    },
    [['in', relation.source]],
  );
  const fields = [...keys, ...measures.map(({ as }) => as.text)];
  const columns = fields.map((name) => fieldColumn(name, { table: alias?.text ?? null }));
  return { source, fields, columns, window: null, rank: null, hasUpdates: false };
}

function checkOrder({ orderBy, range }: MatchTable, columns: readonly Column[]): void {
  const [first] = orderBy;
  if (first === undefined)
    throw new QueryProblem('MR1803', say`MATCH_RECOGNIZE needs ORDER BY and the time column`, range);
  const column = asColumn(first.expression, columns);
  if (column?.isTime !== true || first.direction === 'desc') {
    throw new QueryProblem(
      'MR1804',
      say`rows are matched in the order of their event time: write ORDER BY and the time column, ascending`,
      first.expression.range,
    );
  }
  if (orderBy.length > 1) {
    throw unsupported(
      say`a second sort key in MATCH_RECOGNIZE`,
      say`rows of one moment come in the order they arrived: leave it out`,
      orderBy[1]!.expression.range,
    );
  }
}

function fieldOf(name: Name, columns: readonly Column[]): string {
  const found = findColumn(columns, [name]);
  const field = found?.column.field ?? null;
  if (field === null) {
    throw new QueryProblem(
      'MR1803',
      say`there is no column "${name.text}"; there is ${columnNames(columns)}`,
      name.range,
    );
  }
  return field;
}

function verbatim({ text, range }: Name, skipped = 0): Origin {
  const outer = { start: range.start + skipped, end: range.end };
  return { path: 'query', range, pieces: [{ inner: { start: 0, end: text.length - skipped }, outer }] };
}
