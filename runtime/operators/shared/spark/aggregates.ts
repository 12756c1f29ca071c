/** Items of the config `aggregates` as Spark's aggregates, in the types that they have here. */
import type { Remark, SparkInput, Unsupported } from '../../../core/exporter.ts';
import { assert } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';
import { BOOLEAN, sameType, type DataType } from '../../../core/types.ts';
import { checkExpression, printSparkType, scopeOf } from '../../../expression/index.ts';
import { quoted } from '../../../expression/print.ts';
import { isAllRows, type AggregateItem } from '../aggregates/config.ts';
import { aggregateFunctions, type AggregateName } from '../aggregates/catalog.ts';
import type { AggregateFunction } from '../aggregates/aggregate-function.ts';
import { asField, sqlExpression } from '../flink-sql/expressions.ts';
import { sqlName } from '../flink-sql/names.ts';
import { columnText } from './columns.ts';
import { pythonText } from './python.ts';
import { batchOnly } from './remarks.ts';

interface AggregateCall {
  /** The expression that is aggregated. */
  readonly of: string;
  /** ` FILTER (WHERE …)`, or nothing. */
  readonly filter: string;
  /** `DISTINCT `, or nothing. */
  readonly distinct: string;
  readonly argument: DataType;
  readonly result: DataType;
  readonly item: AggregateItem;
  /** The column with the event time. */
  readonly time: string | null;
}

interface Spelling {
  write(call: AggregateCall): string;
  readonly remark?: (call: AggregateCall) => Remark | null;
}

const plain = (name: string): Spelling => ({
  write: ({ of, distinct, filter }) => `${name}(${distinct}${of})${filter}`,
});
const BY_ARRIVAL: Remark = {
  fidelity: 'approximate',
  text: say`The order of values is that of their arrival in Millrace; in Spark nothing says it.`,
};
const BY_TIME: Remark = {
  fidelity: 'note',
  text: say`The order of values is that of their event time; in Millrace it is that of their arrival.`,
};
const ordered = ({ time }: AggregateCall): Remark => (time === null ? BY_ARRIVAL : BY_TIME);

/** By time where there is one. */
function edge(byTime: string, name: string): Spelling {
  return {
    write: ({ of, time, filter }) => {
      const some =
        filter === '' ? ` FILTER (WHERE ${of} IS NOT NULL)` : `${filter.slice(0, -1)} AND ${of} IS NOT NULL)`;
      return time === null ? `${name}(${of}, TRUE)${filter}` : `${byTime}(${of}, ${sqlName(time)})${some}`;
    },
    remark: ordered,
  };
}

const SPELLINGS: Readonly<Record<AggregateName, Spelling>> = {
  COUNT: plain('count'),
  SUM: plain('sum'),
  // Spark's mean of whole numbers is a DOUBLE.
  AVG: {
    write: ({ of, distinct, filter, argument: { kind } }) => {
      const isWhole = kind === 'INT' || kind === 'BIGINT';
      const each = (name: string): string => `${name}(${distinct}${of})${filter}`;
      return isWhole ? `${each('sum')} div ${each('count')}` : each('avg');
    },
  },
  MIN: plain('min'),
  MAX: plain('max'),
  FIRST_VALUE: edge('min_by', 'first_value'),
  LAST_VALUE: edge('max_by', 'last_value'),
  STDDEV_POP: plain('stddev_pop'),
  STDDEV_SAMP: plain('stddev_samp'),
  VAR_POP: plain('var_pop'),
  VAR_SAMP: plain('var_samp'),
  APPROX_COUNT_DISTINCT: {
    ...plain('approx_count_distinct'),
    remark: () => ({ fidelity: 'approximate', text: say`APPROX_COUNT_DISTINCT is another estimate, within 5 %.` }),
  },
  PERCENTILE: {
    write: ({ of, filter, distinct, item }) => `percentile(${distinct}${of}, ${item.percentile ?? 0.5})${filter}`,
  },
  LISTAGG: {
    write: ({ of, filter, distinct, item, time }) => {
      const order = distinct !== '' || time === null ? '' : ` WITHIN GROUP (ORDER BY ${sqlName(time)})`;
      return `listagg(${distinct}${of}, ${quoted(item.separator ?? ',')})${order}${filter}`;
    },
    remark: ordered,
  },
  COLLECT: {
    write: ({ of, filter, distinct, time }) => {
      if (distinct !== '') return `nullif(collect_set(${of})${filter}, array())`;
      if (time === null) return `nullif(collect_list(${of})${filter}, array())`;
      const pairs = `array_sort(collect_list(struct(${sqlName(time)} AS at, ${of} AS value))${filter})`;
      return `nullif(filter(${pairs}.value, x -> x IS NOT NULL), array())`;
    },
    remark: ordered,
  },
};

export interface SparkAggregates {
  /** Arguments of `agg`, with their aliases. */
  readonly columns: readonly string[];
  readonly remarks: readonly Remark[];
}

/** To be called within `orUnsupported`. `isStreaming`: aggregates of streams have no DISTINCT. */
export function sparkAggregates(
  items: readonly AggregateItem[],
  input: SparkInput,
  isStreaming: boolean,
): SparkAggregates | Unsupported {
  const columns: string[] = [];
  const remarks = new Map<string, Remark>();
  for (const item of items) {
    const one = callOf(item, input);
    if (isStreaming && one.distinct !== '' && item.fn !== 'COUNT' && item.fn !== 'COLLECT') {
      return batchOnly(say`has ${item.fn}(DISTINCT …)`);
    }
    const remark = SPELLINGS[item.fn].remark?.(one) ?? null;
    if (remark !== null) remarks.set(remark.text, remark);
    // A set of the values is the same: all that Spark refuses of a stream is the word.
    const isSet = isStreaming && one.distinct !== '' && item.fn === 'COUNT';
    const sql = isSet ? `CAST(size(collect_set(${one.of})${one.filter}) AS BIGINT)` : write(one);
    columns.push(`${columnOf(one, sql)}.alias(${pythonText(item.as)})`);
  }
  return { columns, remarks: [...remarks.values()] };
}

/** `F.sum("price")` where it is no more than that. */
function columnOf({ item, of }: AggregateCall, sql: string): string {
  const name = item.fn.toLowerCase();
  const field = isAllRows(item) ? '*' : asField(item.expr);
  if (field === null || sql !== `${name}(${of})`) return `F.expr(${pythonText(sql)})`;
  return `F.${name}(${field === '*' ? '"*"' : columnText(field)})`;
}

/** With `over`, `OVER (…)`, behind it. To be called within `orUnsupported`. */
export function sparkOverAggregate(
  item: AggregateItem,
  input: SparkInput,
  over: string,
): { readonly sql: string } | Unsupported {
  const { fn } = item;
  if (fn === 'LISTAGG') return { unsupported: say`has LISTAGG, which Spark has not over the rows before a row` };
  const one = callOf(item, input);
  if (one.distinct !== '')
    return { unsupported: say`has ${fn}(DISTINCT …), which Spark has not over the rows before a row` };
  // There it has no FILTER, and its order is that of the rows.
  const condition = /^ FILTER \(WHERE (.*)\)$/s.exec(one.filter)?.[1];
  const of = condition === undefined ? one.of : `CASE WHEN ${condition} THEN ${one.of === '*' ? '1' : one.of} END`;
  return { sql: write({ ...one, of, filter: ` ${over}`, time: null }) };
}

function callOf(item: AggregateItem, input: SparkInput): AggregateCall {
  const scope = scopeOf(input.schema);
  const print = (text: string): string => sqlExpression(text, scope, 'spark');
  const argument: DataType = isAllRows(item) ? BOOLEAN : checkExpression(item.expr, scope).expression!.type;
  const inferred = (aggregateFunctions[item.fn] as AggregateFunction).infer(argument);
  assert(inferred.ok, 'only documents without errors are exported');
  return {
    of: isAllRows(item) ? '*' : print(item.expr),
    filter: item.filter === null ? '' : ` FILTER (WHERE ${print(item.filter)})`,
    distinct: item.distinct && !DUPLICATES_CHANGE_NOTHING.has(item.fn) ? 'DISTINCT ' : '',
    argument,
    result: inferred.value.type,
    item,
    time: input.time,
  };
}

function write(one: AggregateCall): string {
  const written = SPELLINGS[one.item.fn].write(one);
  return needsCast(one) ? `CAST(${written} AS ${printSparkType(one.result)})` : written;
}

const DUPLICATES_CHANGE_NOTHING: ReadonlySet<AggregateName> = new Set(['MIN', 'MAX', 'APPROX_COUNT_DISTINCT']);

/** Whether Spark gives the value in another type. */
function needsCast({ item: { fn }, argument, result }: AggregateCall): boolean {
  if (fn === 'SUM')
    return argument.kind === 'INT' || (argument.kind === 'DECIMAL' && !sameType(sumOf(argument), result));
  return fn === 'AVG' && (argument.kind === 'INT' || argument.kind === 'DECIMAL');
}

/** Type of Spark's sum of a DECIMAL. */
function sumOf(argument: DataType & { readonly kind: 'DECIMAL' }): DataType {
  return { ...argument, precision: Math.min(38, argument.precision + 10) };
}
