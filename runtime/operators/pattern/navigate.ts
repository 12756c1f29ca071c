/** What the navigations of an expression give for a match. */
import type { Value } from '../../core/types.ts';
import { evaluate, type EvaluationContext, type TypedExpression } from '../../expression/index.ts';
import type { RowValues } from '../shared/rows/row-values.ts';
import { RowsAggregate } from './aggregate-rows.ts';
import type { MatchView, Path } from './match-state.ts';
import type { Navigation } from './navigation.ts';

/** Computes one navigation. Throws StreamError MR2104. */
export type Navigate = (match: MatchView) => Value;

export function compileNavigation(navigation: Navigation, context: EvaluationContext): Navigate {
  switch (navigation.node) {
    case 'rowtime':
      return ({ rows, start, path }) => rows[start + path.length - 1]!.eventTime;
    case 'row': {
      const { from, variable, offset, back } = navigation;
      const valueOf = compileRowValue(navigation.argument, context);
      return (match) => {
        const found = from === 'FIRST' ? nthFromFirst(match, variable, offset) : nthFromLast(match, variable, offset);
        const row = found === null ? undefined : match.rows[found - back];
        return row === undefined ? null : valueOf(row);
      };
    }
    case 'aggregate': {
      const { fn, variable, argument } = navigation;
      const aggregate = new RowsAggregate(fn, argument?.type ?? null);
      const valueOf = argument === null ? (): Value => true : compileRowValue(argument, context);
      return (match) => aggregate.of(rowsOf(match, variable).map((i) => valueOf(match.rows[i]!)));
    }
  }
}

function compileRowValue(argument: TypedExpression, context: EvaluationContext): (row: RowValues) => Value {
  if (argument.node === 'column') {
    const { index } = argument;
    return ({ values }) => values[index]!;
  }
  return ({ values }) => evaluate(argument, values, context);
}

/** Index of a row; null when the variable has not so many. */
function nthFromLast({ start, path }: MatchView, variable: string | null, offset: number): number | null {
  if (variable === null) return offset < path.length ? start + path.length - 1 - offset : null;
  let left = offset;
  for (let at: Path | null = path; at !== null; at = at.previous) {
    if (at.variable === variable && left-- === 0) return start + at.length - 1;
  }
  return null;
}

function nthFromFirst(match: MatchView, variable: string | null, offset: number): number | null {
  if (variable === null) return offset < match.path.length ? match.start + offset : null;
  return rowsOf(match, variable)[offset] ?? null;
}

/** Indices of the rows of a variable, ascending. */
export function rowsOf({ start, path }: MatchView, variable: string | null): number[] {
  const found: number[] = [];
  for (let at: Path | null = path; at !== null; at = at.previous) {
    if (variable === null || at.variable === variable) found.push(start + at.length - 1);
  }
  return found.reverse();
}
