/** Conditions on the times of two rows: how much later the right one may be than the left one. */
import type { ComparisonOperator, Syntax } from '../../expression/syntax.ts';
import { intervalMs } from './intervals.ts';
import { findColumn, type Column } from './relation.ts';

/** In ms, both inclusive; infinite where nothing is said. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Columns of the two tables. */
export interface Sides {
  readonly left: readonly Column[];
  readonly right: readonly Column[];
}

/** The time of a side's row, plus `offset` ms. */
interface Moment {
  readonly side: 'left' | 'right';
  readonly offset: number;
}

/** Null: it is no condition on the times of both sides. */
export function readBounds(syntax: Syntax, sides: Sides): Bounds | null {
  if (syntax.node === 'between' && !syntax.negated) {
    const lower = compare(syntax.operand, '>=', syntax.low, sides);
    const upper = compare(syntax.operand, '<=', syntax.high, sides);
    return lower === null || upper === null
      ? null
      : { lower: Math.max(lower.lower, upper.lower), upper: Math.min(lower.upper, upper.upper) };
  }
  return syntax.node === 'comparison' ? compare(syntax.left, syntax.operator, syntax.right, sides) : null;
}

function compare(a: Syntax, operator: ComparisonOperator, b: Syntax, sides: Sides): Bounds | null {
  const first = readMoment(a, sides);
  const second = readMoment(b, sides);
  if (first === null || second === null || first.side === second.side) return null;
  // As `right - left operator difference`.
  return first.side === 'right'
    ? boundsOf(operator, second.offset - first.offset)
    : boundsOf(FLIPPED[operator], first.offset - second.offset);
}

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Times are whole milliseconds. */
function boundsOf(operator: ComparisonOperator, ms: number): Bounds | null {
  switch (operator) {
    case '=':
      return { lower: ms, upper: ms };
    case '<':
      return { lower: -Infinity, upper: ms - 1 };
    case '<=':
      return { lower: -Infinity, upper: ms };
    case '>':
      return { lower: ms + 1, upper: Infinity };
    case '>=':
      return { lower: ms, upper: Infinity };
    case '<>':
      return null;
  }
}

function readMoment(syntax: Syntax, sides: Sides): Moment | null {
  if (syntax.node === 'name') {
    const found = findColumn([...sides.left, ...sides.right], syntax.path);
    if (found === null || !found.column.isTime || found.used !== syntax.path.length) return null;
    return { side: sides.left.includes(found.column) ? 'left' : 'right', offset: 0 };
  }
  if (syntax.node !== 'arithmetic' || (syntax.operator !== '+' && syntax.operator !== '-')) return null;
  const moment = readMoment(syntax.left, sides);
  const ms = moment === null ? null : intervalMs(syntax.right);
  return moment === null || ms === null
    ? null
    : { ...moment, offset: moment.offset + (syntax.operator === '+' ? ms : -ms) };
}
