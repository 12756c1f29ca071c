import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { BOOLEAN } from '../../core/types.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';

const config = configSpec({
  condition: c.expression(
    { label: 'Condition', help: 'Rows for which it is TRUE are kept; FALSE and NULL are dropped.' },
    { expects: BOOLEAN },
  ),
});
export type FilterConfig = ConfigOf<typeof config>;

export const filterSpec: OperatorSpec<FilterConfig> = {
  type: 'filter',
  version: 1,
  label: 'Filter',
  summary: 'Keeps the rows for which a condition is TRUE.',
  category: 'transform',
  keywords: ['where', 'select', 'condition', 'drop'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Rows kept' }],
  }),
  traits: () => ROW_WISE,
  infer({ condition }, [input], report) {
    if (input === undefined) return {};
    const { problems } = checkExpression(condition, scopeOf(input.shape.schema), BOOLEAN);
    for (const problem of problems) report({ ...problem, path: 'condition' });
    // Even under a wrong condition the fields are known: the nodes behind need not be in doubt.
    return { out: input.shape };
  },
  describe: ({ condition }) => condition,
};
