/** The list `aggregates` of a config: how it is written and edited, and what fields it gives. */
import { c, type ConfigField } from '../../../core/config.ts';
import type { Report } from '../../../core/operator.ts';
import { say } from '../../../core/say.ts';
import { BOOLEAN, type DataType, type Field } from '../../../core/types.ts';
import { checkExpression, type Scope } from '../../../expression/index.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { aggregateFunctions, type AggregateName } from './catalog.ts';
import { hasDistinctValues } from './distinct-values.ts';

/** One aggregate, as checked. */
export interface AggregateItem {
  readonly as: string;
  readonly fn: AggregateName;
  /** An expression, or `*` for COUNT. */
  readonly expr: string;
  readonly distinct: boolean;
  readonly filter: string | null;
  readonly percentile: number | null;
  readonly separator: string | null;
}

export const ALL_ROWS = '*';

const names = Object.fromEntries(Object.keys(aggregateFunctions).map((name) => [name, name])) as Readonly<
  Record<AggregateName, string>
>;

const item: ConfigField<AggregateItem> = c.object(
  { label: 'Aggregate', help: 'One aggregate and the field it goes to.' },
  {
    as: c.text({ label: 'Name', help: 'Name of the field with the result.' }),
    fn: c.choice({ label: 'Function', help: 'The aggregate function.' }, names),
    expr: c.expression(
      { label: 'Of', help: 'What is aggregated; NULLs are left out. COUNT also takes *, which counts rows.' },
      { literals: [ALL_ROWS] },
    ),
    distinct: c.withDefault(c.flag({ label: 'Distinct', help: 'Whether equal values count once.' }), false),
    filter: c.optional(
      c.expression({ label: 'Filter', help: 'Only rows for which this is TRUE take part.' }, { expects: BOOLEAN }),
    ),
    percentile: c.optional(
      c.number(
        { label: 'Percentile', help: 'For PERCENTILE: a share between 0 and 1, such as 0.95.' },
        { min: 0, max: 1 },
      ),
    ),
    separator: c.optional(
      c.text(
        { label: 'Separator', help: 'For LISTAGG: what stands between texts; a comma unless given.' },
        { minLength: 0 },
      ),
    ),
  },
);

/** The config field `aggregates`: rows are counted when it is left out. */
export const aggregatesField: ConfigField<readonly AggregateItem[]> = c.withDefault(
  c.list(
    { label: 'Aggregates', help: 'What is computed over the rows of a group, in the order of the output fields.' },
    item,
    { itemLabel: 'aggregate' },
  ),
  [{ as: 'count', fn: 'COUNT', expr: ALL_ROWS }],
);

/** Fields of the results, in order; one that cannot be known is left out, with its problems reported under `aggregates`. */
export function inferAggregates(items: readonly AggregateItem[], scope: Scope, report: Report): readonly Field[] {
  return items.flatMap((one, i) => {
    const field = inferAggregate(one, `aggregates[${i}]`, scope, report);
    return field === null ? [] : [field];
  });
}

function inferAggregate(one: AggregateItem, path: string, scope: Scope, report: Report): Field | null {
  const fn: AggregateFunction = aggregateFunctions[one.fn];
  checkOptions(one, fn, path, report);
  if (one.filter !== null) {
    const { problems } = checkExpression(one.filter, scope, BOOLEAN);
    for (const problem of problems) report({ ...problem, path: `${path}.filter` });
  }
  const argument = inferArgument(one, path, scope, report);
  if (argument === null) return null;
  checkDistinct(one, fn, argument.type, path, report);
  const result = fn.infer(argument.type);
  if (!result.ok) {
    report({ code: 'MR1304', message: result.error, path: `${path}.expr` });
    return null;
  }
  const { type, nulls } = result.value;
  // A group is only there once it has a row: a value can only be missing when it is NULL or filtered out.
  const nullable = nulls === 'possible' || (nulls === 'if-empty' && (argument.nullable || one.filter !== null));
  return { name: one.as, type, nullable };
}

function inferArgument(
  one: AggregateItem,
  path: string,
  scope: Scope,
  report: Report,
): { type: DataType; nullable: boolean } | null {
  if (isAllRows(one)) {
    if (one.fn === 'COUNT') return { type: BOOLEAN, nullable: false };
    report({ code: 'MR1304', message: say`${one.fn} needs an expression: only COUNT takes *`, path: `${path}.expr` });
    return null;
  }
  const { expression, problems } = checkExpression(one.expr, scope);
  for (const problem of problems) report({ ...problem, path: `${path}.expr` });
  return expression;
}

export function isAllRows(one: AggregateItem): boolean {
  return one.expr.trim() === ALL_ROWS;
}

function checkOptions(one: AggregateItem, fn: AggregateFunction, path: string, report: Report): void {
  if (one.fn === 'PERCENTILE' && one.percentile === null) {
    report({
      code: 'MR1201',
      message: say`PERCENTILE needs "percentile", a number between 0 and 1`,
      path: `${path}.percentile`,
    });
  }
  for (const option of ['percentile', 'separator'] as const) {
    if (one[option] !== null && !fn.options.includes(option)) {
      report({
        severity: 'warning',
        code: 'MR1203',
        message: say`${one.fn} does not use "${option}"`,
        path: `${path}.${option}`,
      });
    }
  }
}

function checkDistinct(
  one: AggregateItem,
  fn: AggregateFunction,
  argument: DataType,
  path: string,
  report: Report,
): void {
  if (!one.distinct) return;
  if (isAllRows(one)) {
    report({
      code: 'MR1203',
      message: say`COUNT(*) cannot be distinct: name what is counted`,
      path: `${path}.distinct`,
    });
  } else if (fn.distinct === 'refused') {
    report({ code: 'MR1203', message: say`${one.fn} cannot be distinct`, path: `${path}.distinct` });
  } else if (!hasDistinctValues(argument)) {
    report({
      code: 'MR1203',
      message: say`values of ${argument.kind} cannot be told apart, so ${one.fn} cannot be distinct`,
      path: `${path}.distinct`,
    });
  }
}
