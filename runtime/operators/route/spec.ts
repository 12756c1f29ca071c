import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { BOOLEAN } from '../../core/types.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { namedPorts } from '../shared/named-ports.ts';

/** Port of the rows that fit no case. */
export const OTHERWISE = 'otherwise';

const config = configSpec({
  cases: c.list(
    { label: 'Cases', help: 'Tried from top to bottom; the first that fits decides the port.' },
    c.object(
      { label: 'Case', help: 'A condition and where its rows go.' },
      {
        port: c.text({ label: 'Port', help: 'Name of the output port. Cases may share one.' }),
        condition: c.expression({ label: 'Condition', help: 'Fits a row if it is TRUE.' }, { expects: BOOLEAN }),
      },
    ),
    { itemLabel: 'case', minLength: 1 },
  ),
});
export type RouteConfig = ConfigOf<typeof config>;

export const routeSpec: OperatorSpec<RouteConfig> = {
  type: 'route',
  version: 1,
  label: 'Route',
  summary: 'Sends every row to the output of the first case that fits.',
  category: 'transform',
  keywords: ['split', 'switch', 'case', 'branch', 'side output'],
  config,
  ports: (raw) => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [
      ...casePorts(raw.cases).map((name) => ({ name, label: name })),
      { name: OTHERWISE, label: 'Otherwise', isOptional: true },
    ],
  }),
  traits: () => ROW_WISE,
  infer({ cases }, [input], report) {
    if (input === undefined) return {};
    const scope = scopeOf(input.shape.schema);
    cases.forEach(({ condition }, i) => {
      const { problems } = checkExpression(condition, scope, BOOLEAN);
      for (const problem of problems) report({ ...problem, path: `cases[${i}].condition` });
    });
    return Object.fromEntries([...casePorts(cases), OTHERWISE].map((port) => [port, input.shape]));
  },
  describe: ({ cases }) => cases.map(({ port }) => port).join(', '),
};

function casePorts(cases: unknown): readonly string[] {
  return namedPorts(cases, OTHERWISE);
}
