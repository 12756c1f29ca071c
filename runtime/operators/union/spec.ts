import { configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type InputStream, type OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { printDataType, sameType, type Field } from '../../core/types.ts';

const config = configSpec({});
export type UnionConfig = ConfigOf<typeof config>;

export const unionSpec: OperatorSpec<UnionConfig> = {
  type: 'union',
  version: 1,
  label: 'Union',
  summary: 'Merges streams of the same schema into one.',
  category: 'transform',
  keywords: ['merge', 'combine', 'union all', 'concatenate'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Inputs', isMultiple: true }],
    outputs: [{ name: 'out', label: 'All rows' }],
  }),
  traits: () => ROW_WISE,
  infer(_config, inputs, report) {
    const [first] = inputs;
    if (first === undefined) return {};
    for (let i = 1; i < inputs.length; i++) {
      const difference = differenceOf(first.shape.schema, inputs[i]!.shape.schema);
      if (difference !== null) {
        report({ code: 'MR1404', message: say`Input ${i + 1} does not have the schema of input 1: ${difference}` });
        return {};
      }
    }
    return {
      out: {
        schema: { fields: mergeNullability(inputs) },
        eventTime: inputs.every((input) => input.shape.eventTime),
        changelog: inputs.some((input) => input.shape.changelog === 'update') ? 'update' : 'append',
        bounded: inputs.every((input) => input.shape.bounded),
      },
    };
  },
  describe: () => '',
};

/** The first difference in names, types or order, in words; nullability may differ. */
function differenceOf(expected: Schema, actual: Schema): string | null {
  const count = Math.max(expected.fields.length, actual.fields.length);
  for (let i = 0; i < count; i++) {
    const want = expected.fields[i];
    const have = actual.fields[i];
    if (want === undefined) return say`it has a field too many, ${printField(have!)}`;
    if (have === undefined) return say`it lacks ${printField(want)}`;
    if (want.name !== have.name || !sameType(want.type, have.type)) {
      return say`field ${i + 1} is ${printField(have)} where ${printField(want)} is needed`;
    }
  }
  return null;
}

function printField(field: Field): string {
  return `${field.name} ${printDataType(field.type)}`;
}

function mergeNullability(inputs: readonly InputStream[]): Field[] {
  return inputs[0]!.shape.schema.fields.map((field, i) => ({
    ...field,
    nullable: inputs.some((input) => input.shape.schema.fields[i]!.nullable),
  }));
}
