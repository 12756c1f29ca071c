import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { printDataType, type Field } from '../../core/types.ts';
import { scopeOf } from '../../expression/index.ts';
import { aggregatesField, inferAggregates } from '../shared/aggregates/index.ts';
import { stateTtlField } from '../shared/state-ttl.ts';
import { isRetractable } from './retraction.ts';

const config = configSpec({
  groupBy: c.fields({
    label: 'Group by',
    help: 'Fields whose values make a group; none: one group for all rows, in one subtask.',
  }),
  aggregates: aggregatesField,
  stateTtl: stateTtlField('A group without a row for so long, in processing time, is forgotten and begins anew.'),
});
export type AggregateRunningConfig = ConfigOf<typeof config>;

export const aggregateRunningSpec: OperatorSpec<AggregateRunningConfig> = {
  type: 'aggregate.running',
  version: 1,
  label: 'Running aggregate',
  summary: 'Keeps the aggregates of each group up to date with every row.',
  category: 'aggregate',
  keywords: ['group by', 'count', 'sum', 'average', 'total', 'changelog', 'retract', 'updates'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Results' }],
  }),
  traits: ({ groupBy }) => ({
    isStateful: true,
    keepsOrder: true,
    needsEventTime: false,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: true,
    maxParallelism: groupBy.length === 0 ? 1 : null,
  }),
  distribution: ({ groupBy }) => (groupBy.length === 0 ? { type: 'single' } : { type: 'hash', fields: groupBy }),
  infer({ groupBy, aggregates }, [input], report) {
    if (input === undefined) return {};
    const { schema, changelog, bounded } = input.shape;
    const keys = keyFields(groupBy, schema, report);
    const results = inferAggregates(aggregates, scopeOf(schema), report);
    if (changelog === 'update') reportNotRetractable(aggregates, report);
    if (reportDuplicates(groupBy, aggregates, report)) return {};
    // As in Flink, a result has no event time: it holds for all of the group's rows.
    return { out: { schema: { fields: [...keys, ...results] }, eventTime: false, changelog: 'update', bounded } };
  },
  describe: ({ groupBy }, say) => (groupBy.length === 0 ? say`all rows` : say`by ${groupBy.join(', ')}`),
};

function keyFields(groupBy: readonly string[], schema: Schema, report: Report): readonly Field[] {
  return groupBy.flatMap((name, i) => {
    const path = `groupBy[${i}]`;
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: say`the input has no field "${name}"`, path });
      return [];
    }
    if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
      report({ code: 'MR1405', message: say`rows cannot be grouped by ${printDataType(key.type)}`, path });
    }
    return [key];
  });
}

function reportNotRetractable(aggregates: AggregateRunningConfig['aggregates'], report: Report): void {
  aggregates.forEach(({ fn }, i) => {
    if (isRetractable(fn)) return;
    report({
      code: 'MR1503',
      message: say`${fn} keeps a sketch, which cannot take a value back, and the input has updates: use COUNT with "distinct", which is exact, or aggregate before the operator that makes the updates`,
      path: `aggregates[${i}].fn`,
    });
  });
}

/** Whether two output fields have the same name. */
function reportDuplicates(
  groupBy: readonly string[],
  aggregates: AggregateRunningConfig['aggregates'],
  report: Report,
): boolean {
  const names = [
    ...groupBy.map((name, i) => ({ name, path: `groupBy[${i}]` })),
    ...aggregates.map(({ as }, i) => ({ name: as, path: `aggregates[${i}].as` })),
  ];
  const repeated = names.filter(({ name }, i) => names.findIndex((other) => other.name === name) < i);
  for (const { name, path } of repeated)
    report({ code: 'MR1402', message: say`the result would have two fields "${name}"`, path });
  return repeated.length > 0;
}
