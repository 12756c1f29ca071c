/** A call of an aggregate function as an item of the config `aggregates`. */
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import type { Syntax } from '../../expression/index.ts';
import { aggregateFunctions, ALL_ROWS } from '../shared/aggregates/index.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { Call, Expression } from './query.ts';
import type { Column } from './relation.ts';
import { renderOver } from './render.ts';

export interface Aggregate {
  /** Equal calls have the same. */
  readonly identity: string;
  /** What it can be called. */
  readonly name: string;
  /** Without `as`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** By path in the item, each beginning with `.` or ''. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Throws QueryProblem. */
export function toAggregate(call: Call, columns: readonly Column[], query: string): Aggregate {
  const { fn, args, isDistinct, filter, range } = call;
  if (!Object.hasOwn(aggregateFunctions, fn)) {
    throw unsupported(
      fn,
      fn === 'LAG' || fn === 'LEAD'
        ? say`use MATCH_RECOGNIZE to look at rows beside a row`
        : say`use ROW_NUMBER() OVER (…) in a sub-query`,
      range,
    );
  }
  const argument = args?.[0];
  if (args !== null && argument === undefined) throw new QueryProblem('MR1304', say`${fn} needs an argument`, range);
  const rendered = argument === undefined ? null : renderOver(query, argument, columns);
  const condition = filter === null ? null : renderOver(query, filter, columns);
  const config = {
    fn,
    expr: rendered?.text ?? ALL_ROWS,
    ...(isDistinct ? { distinct: true } : {}),
    ...(condition === null ? {} : { filter: condition.text }),
    ...optionsOf(call, args?.slice(1) ?? []),
  };
  const plainName =
    argument?.syntax.node === 'name' && argument.calls.size === 0 ? `_${argument.syntax.path.at(-1)!.text}` : '';
  return {
    identity: JSON.stringify(config),
    name: `${fn.toLowerCase()}${plainName}`,
    config,
    origins: {
      '': { path: 'query', range },
      ...(rendered === null ? {} : { '.expr': rendered.origin }),
      ...(condition === null ? {} : { '.filter': condition.origin }),
    },
  };
}

function optionsOf({ fn, range }: Call, more: readonly Expression[]): object {
  const [option] = more;
  if (option === undefined) return {};
  const value = literalOf(option.syntax);
  if (more.length === 1 && fn === 'PERCENTILE' && typeof value === 'number') return { percentile: value };
  if (more.length === 1 && fn === 'LISTAGG' && typeof value === 'string') return { separator: value };
  throw new QueryProblem(
    'MR1304',
    say`${fn} takes one argument${fn === 'LISTAGG' ? say` and a text` : fn === 'PERCENTILE' ? say` and a number` : ''}`,
    range,
  );
}

function literalOf(syntax: Syntax): number | string | null {
  if (syntax.node === 'number') return Number(syntax.text);
  return syntax.node === 'string' ? syntax.value : null;
}
