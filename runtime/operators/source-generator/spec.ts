import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { schemaOf, type Schema } from '../../core/schema.ts';
import { BIGINT, type Field } from '../../core/types.ts';
import { checkExpression, scopeOf } from '../../expression/index.ts';
import { checkEventTime, sourceTimeConfig, watermarkTraits } from '../shared/event-time-config.ts';
import { SPLITS } from '../shared/row-numbers.ts';

/** What expressions see: the number of the row, from 0. */
export const ROW_NUMBER: Schema = schemaOf([{ name: 'n', type: BIGINT, nullable: false }]);

const config = configSpec({
  rows: c.optional(
    c.integer({ label: 'Rows', help: 'How many rows to make; no end when left out.' }, { min: 0, unit: 'rows' }),
  ),
  rowsPerSecond: c.optional(
    c.number(
      { label: 'Rows per second', help: 'Holds the source to a rate; as fast as it goes when left out.' },
      { min: 0.001, unit: 'rows/s' },
    ),
  ),
  fields: c.list(
    { label: 'Fields', help: 'The fields of the rows, each from an expression over the row number n.' },
    c.object(
      { label: 'Field', help: 'A field of the rows.' },
      {
        name: c.text({ label: 'Name', help: 'Name of the field.' }),
        type: c.dataType({ label: 'Type', help: 'Type of the field, such as STRING or DECIMAL(10,2).' }),
        expr: c.expression(
          { label: 'Expression', help: 'Its value, from n: 0, 1, 2, … RAND() is the same for a row in every run.' },
          { rowNumber: true },
        ),
      },
    ),
    { itemLabel: 'field', minLength: 1 },
  ),
  seed: c.withDefault(c.integer({ label: 'Seed', help: 'Another seed gives other random numbers.' }), 1),
  eventTime: c.optional(sourceTimeConfig()),
});
export type SourceGeneratorConfig = ConfigOf<typeof config>;

export const sourceGeneratorSpec: OperatorSpec<SourceGeneratorConfig> = {
  type: 'source.generator',
  version: 1,
  label: 'Generator',
  summary: 'Makes rows from expressions, at a rate or as fast as it goes.',
  category: 'source',
  keywords: ['random', 'test data', 'datagen', 'fake', 'sequence', 'load'],
  config,
  ports: () => ({ inputs: [], outputs: [{ name: 'out', label: 'Rows' }] }),
  traits: ({ eventTime }) => ({
    isStateful: true,
    keepsOrder: true,
    needsEventTime: false,
    ...watermarkTraits(eventTime),
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: SPLITS,
  }),
  infer({ rows, fields, eventTime }, _inputs, report) {
    const scope = scopeOf(ROW_NUMBER);
    const output = new Map<string, Field>();
    fields.forEach(({ name, type, expr }, i) => {
      if (output.has(name))
        report({ code: 'MR1402', message: say`There are two fields "${name}"`, path: `fields[${i}].name` });
      const { expression, problems } = checkExpression(expr, scope, type);
      for (const problem of problems) report({ ...problem, path: `fields[${i}].expr` });
      // The type is declared, so what follows can be checked even while the expression is wrong.
      output.set(name, { name, type, nullable: expression?.nullable ?? true });
    });
    const schema = schemaOf([...output.values()]);
    if (eventTime !== null) checkEventTime(eventTime, schema, report);
    return { out: { schema, eventTime: eventTime !== null, changelog: 'append', bounded: rows !== null } };
  },
  rowsPerSecond: ({ rowsPerSecond }) => rowsPerSecond,
  describe({ rows, rowsPerSecond }, say) {
    const amount = rows === null ? say`endless` : say`${rows} rows`;
    return rowsPerSecond === null ? amount : say`${amount}, ${rowsPerSecond} rows/s`;
  },
};
