import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Field } from '../../core/types.ts';
import { checkExpression, printName, scopeOf } from '../../expression/index.ts';

const config = configSpec({
  fields: c.list(
    { label: 'Fields', help: 'The fields to compute, in order.' },
    c.object(
      { label: 'Field', help: 'A field of the output.' },
      {
        as: c.text({ label: 'Name', help: 'Name of the field in the output.' }),
        expr: c.expression({ label: 'Expression', help: 'Its value, from the fields of the input.' }),
      },
    ),
    { itemLabel: 'field', minLength: 1 },
  ),
  keepAll: c.withDefault(
    c.flag({
      label: 'Keep all fields',
      help: 'Keeps the fields of the input; one computed under the same name takes its place.',
    }),
    false,
  ),
});
export type ProjectConfig = ConfigOf<typeof config>;

export const projectSpec: OperatorSpec<ProjectConfig> = {
  type: 'project',
  version: 1,
  label: 'Project',
  summary: 'Chooses, renames and computes fields.',
  category: 'transform',
  keywords: ['select', 'map', 'compute', 'rename', 'cast', 'columns'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Output' }],
  }),
  traits: () => ROW_WISE,
  infer({ fields, keepAll }, [input], report) {
    if (input === undefined) return {};
    const { schema } = input.shape;
    const scope = scopeOf(schema);
    const output = new Map<string, Field>(keepAll ? schema.fields.map((f) => [f.name, f]) : []);
    const names = new Set<string>();
    let isKnown = true;
    fields.forEach(({ as, expr }, i) => {
      if (names.has(as))
        report({ code: 'MR1402', message: say`There is a field "${as}" already`, path: `fields[${i}].as` });
      names.add(as);
      const { expression, problems } = checkExpression(expr, scope);
      for (const problem of problems) report({ ...problem, path: `fields[${i}].expr` });
      if (expression === null) isKnown = false;
      // A key of a Map keeps its place when it is set again.
      else output.set(as, { name: as, type: expression.type, nullable: expression.nullable });
    });
    return isKnown ? { out: { ...input.shape, schema: { fields: [...output.values()] } } } : {};
  },
  renames: ({ fields }, names) => ({
    fields: fields.map(({ name }) => ({ as: names.get(name) ?? name, expr: printName(name) })),
  }),
  describe: ({ fields, keepAll }) => [...(keepAll ? ['*'] : []), ...fields.map(({ as }) => as)].join(', '),
};
