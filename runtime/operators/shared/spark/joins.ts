/** Joins of two streams: `left.alias("L").join(right.alias("R"), …)`. */
import type { PythonChain, SparkInput, SparkQuery } from '../../../core/exporter.ts';
import type { Field } from '../../../core/types.ts';
import type { ScopeField } from '../../../expression/scope.ts';
import { parseExpression } from '../../../expression/index.ts';
import { LEFT, RIGHT } from '../flink-sql/joins.ts';
import { sqlExpression } from '../flink-sql/expressions.ts';
import { aliasedAs, sqlName } from '../flink-sql/names.ts';
import type { JoinConfig } from '../joins/config.ts';
import { joinedFields, joinScope } from '../joins/infer.ts';
import { selectExpr } from './columns.ts';
import { call, chain, inlineChain, pythonText } from './python.ts';

export interface SparkSides {
  readonly left: SparkInput;
  readonly right: SparkInput;
}

export interface SparkJoinParts {
  /** Of a side, its variable unless given. */
  readonly left?: PythonChain;
  readonly right?: PythonChain;
  /** What else has to hold, in Spark SQL. */
  readonly bounds?: readonly string[];
  /** Fields that the join adds, and what they are. */
  readonly tail?: readonly { readonly field: Field; readonly text: string }[];
}

export function sparkSides(inputs: readonly SparkInput[]): SparkSides {
  return { left: inputs.find(({ port }) => port === 'left')!, right: inputs.find(({ port }) => port === 'right')! };
}

/** To be called within `orUnsupported`. */
export function sparkJoin(config: JoinConfig, { left, right }: SparkSides, parts: SparkJoinParts): SparkQuery {
  const { bounds = [], tail = [] } = parts;
  const names = joinedFields(left.schema, right.schema, tail.map(({ field }) => field)); // prettier-ignore
  const ofLeft = (name: string): string => `${LEFT}.${sqlName(name)}`;
  const ofRight = (name: string): string => `${RIGHT}.${sqlName(name)}`;
  const on = [
    ...config.on.map((pair) => `${ofLeft(pair.left)} = ${ofRight(pair.right)}`),
    ...bounds,
    ...(config.condition === null ? [] : [conditionOf(config.condition, left, right)]),
  ].join(' AND ');
  const list = [
    ...left.schema.fields.map(({ name }, i) => columnAs(ofLeft(name), names.left[i]!.name)),
    ...right.schema.fields.map(({ name }, i) => columnAs(ofRight(name), names.right[i]!.name)),
    ...tail.map(({ field, text }) => columnAs(text, field.name)),
  ];
  const leftFrame = parts.left ?? chain(left.table);
  const rightFrame = aliased(parts.right ?? chain(right.table), RIGHT);
  return {
    frame: {
      start: leftFrame.start,
      calls: [
        ...aliased(leftFrame, LEFT).calls,
        call('join', inlineChain(rightFrame), `F.expr(${pythonText(on)})`, pythonText(config.kind)),
        selectExpr(list),
      ],
    },
    isStateful: true,
  };
}

function aliased(frame: PythonChain, alias: string): PythonChain {
  return { ...frame, calls: [...frame.calls, call('alias', pythonText(alias))] };
}

function columnAs(text: string, name: string): string {
  return text.slice(2) === sqlName(name) ? text : aliasedAs(text, name);
}

function conditionOf(condition: string, left: SparkInput, right: SparkInput): string {
  const columnOf = ({ input, field }: ScopeField): string =>
    `${input === 'left' ? LEFT : RIGHT}.${sqlName(field.name)}`;
  const text = sqlExpression(condition, joinScope(left.schema, right.schema), 'spark', columnOf);
  const { syntax } = parseExpression(condition);
  return syntax.node === 'logical' && syntax.operator === 'OR' ? `(${text})` : text;
}
