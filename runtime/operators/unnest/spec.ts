import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { printDataType, rowOf, type DataType } from '../../core/types.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';

const config = configSpec({
  expr: c.expression({ label: 'Array', help: 'An array or a map: every element becomes a row.' }),
  as: c.text({ label: 'Name', help: 'Name of the field that holds the element.' }),
  outer: c.withDefault(
    c.flag({ label: 'Keep rows without elements', help: 'Keeps a row whose array is empty or NULL once, with NULL.' }),
    false,
  ),
});
export type UnnestConfig = ConfigOf<typeof config>;

export const unnestSpec: OperatorSpec<UnnestConfig> = {
  type: 'unnest',
  version: 1,
  label: 'Unnest',
  summary: 'Gives one row per element of an array.',
  category: 'transform',
  keywords: ['explode', 'flatten', 'split', 'flatmap', 'lateral', 'cross join'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Elements' }],
  }),
  traits: () => ROW_WISE,
  infer({ expr, as }, [input], report) {
    if (input === undefined) return {};
    const { schema } = input.shape;
    const { expression, problems } = checkExpression(expr, scopeOf(schema));
    for (const problem of problems) report({ ...problem, path: 'expr' });
    if (schema.fields.some((f) => f.name === as)) {
      report({ code: 'MR1402', message: say`The input has a field "${as}" already`, path: 'as' });
      return {};
    }
    if (expression === null) return {};
    const type = elementType(expression.type);
    if (type === null) {
      report({
        code: 'MR1306',
        message: say`An array or a map is needed, not ${printDataType(expression.type)}`,
        path: 'expr',
      });
      return {};
    }
    return { out: { ...input.shape, schema: { fields: [...schema.fields, { name: as, type, nullable: true }] } } };
  },
  describe: ({ expr, as }, say) => say`${expr} as ${as}`,
};

/** Type of what an array or map is made of; null for anything else. */
function elementType(type: DataType): DataType | null {
  if (type.kind === 'ARRAY') return type.element.kind === 'NULL' ? null : type.element;
  if (type.kind !== 'MAP') return null;
  return rowOf([
    { name: 'key', type: type.key, nullable: false },
    { name: 'value', type: type.value, nullable: true },
  ]);
}
