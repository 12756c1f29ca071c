import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { CompositeSpec } from '../../core/operator.ts';
import { printDataType } from '../../core/types.ts';

const config = configSpec({
  port: c.withDefault(
    c.text({ label: 'Port', help: 'Name of the input, as those who use the pipeline see it.' }, { minLength: 1 }),
    'in',
  ),
  schema: c.list(
    { label: 'Schema', help: 'The fields that the rows must have. Others that come along are not seen in here.' },
    c.object(
      { label: 'Field', help: 'One field of the rows.' },
      {
        name: c.text({ label: 'Name', help: 'Name of the field.' }, { isGiven: true }),
        type: c.dataType({ label: 'Type', help: 'Type of the field, such as STRING or DECIMAL(10,2).' }),
        sample: c.withDefault(
          c.expression(
            {
              label: 'Sample',
              help: 'Its value in the sample rows, from their number n: 0, 1, 2, …; NULL when left out.',
            },
            { rowNumber: true },
          ),
          'NULL',
        ),
      },
    ),
    { itemLabel: 'field', minLength: 1 },
  ),
  eventTime: c.optional(
    c.field({
      label: 'Event time',
      help: 'The rows must have an event time. The TIMESTAMP field named here is that of the sample rows.',
    }),
  ),
  updates: c.withDefault(
    c.flag({ label: 'Takes updates', help: 'Whether rows may be updates of earlier ones.' }),
    false,
  ),
  sampleRows: c.withDefault(
    c.integer(
      { label: 'Sample rows', help: 'How many rows to make up when the pipeline runs by itself, to try it.' },
      { min: 0, unit: 'rows' },
    ),
    10,
  ),
});
export type SubPipelineInputConfig = ConfigOf<typeof config>;

export const subPipelineInputSpec: CompositeSpec<SubPipelineInputConfig> = {
  type: 'subpipeline.input',
  version: 1,
  label: 'Sub-pipeline input',
  summary: 'Where rows come in when another pipeline uses this one.',
  category: 'source',
  keywords: ['fragment', 'parameter', 'port', 'reuse', 'component'],
  config,
  ports: () => ({ inputs: [], outputs: [{ name: 'out', label: 'Rows' }] }),
  boundary: ({ port, schema, eventTime, updates }) => ({
    side: 'input',
    port,
    fields: schema.map(({ name, type }) => ({ name, type, nullable: true })),
    needsEventTime: eventTime !== null,
    acceptsUpdates: updates,
  }),
  // By itself: rows to try it with.
  expand: ({ schema, eventTime, sampleRows }) => ({
    nodes: [
      {
        id: 'samples',
        type: 'source.generator',
        label: 'Sample rows',
        config: {
          rows: sampleRows,
          fields: schema.map(({ name, type, sample }) => ({ name, type: printDataType(type), expr: nullable(sample) })),
          ...(eventTime === null ? {} : { eventTime: { field: eventTime } }),
        },
        origins: {
          '': { path: '' },
          fields: { path: 'schema' },
          'eventTime.field': { path: 'eventTime' },
          ...Object.fromEntries(
            schema.flatMap((_, i) => [
              [`fields[${i}].name`, { path: `schema[${i}].name` }],
              [`fields[${i}].expr`, { path: `schema[${i}].sample` }],
            ]),
          ),
        },
      },
    ],
    edges: [],
    inputs: {},
    outputs: { out: { node: 'samples', port: 'out' } },
  }),
  describe: ({ port, schema }) => `${port}: ${schema.map(({ name }) => name).join(', ')}`,
};

/** An expression of a declared type has to have one. */
function nullable(sample: string): string {
  return sample.trim() === '' ? 'NULL' : sample;
}
