import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { CompositeSpec } from '../../core/operator.ts';

const config = configSpec({
  port: c.withDefault(
    c.text({ label: 'Port', help: 'Name of the output, as those who use the pipeline see it.' }, { minLength: 1 }),
    'out',
  ),
  schema: c.optional(c.columns({ label: 'Schema', help: 'The fields that are handed on. Left out: all that come.' })),
});
export type SubPipelineOutputConfig = ConfigOf<typeof config>;

export const subPipelineOutputSpec: CompositeSpec<SubPipelineOutputConfig> = {
  type: 'subpipeline.output',
  version: 1,
  label: 'Sub-pipeline output',
  summary: 'Where rows leave when another pipeline uses this one.',
  category: 'sink',
  keywords: ['fragment', 'result', 'port', 'reuse', 'component'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  boundary: ({ port, schema }) => ({
    side: 'output',
    port,
    fields: schema,
    needsEventTime: false,
    acceptsUpdates: true,
  }),
  // By itself: a table in the app.
  expand(_config, _inputs) {
    return {
      nodes: [{ id: 'table', type: 'sink.table', label: 'Rows', config: {}, origins: { '': { path: '' } } }],
      edges: [],
      inputs: { in: [{ node: 'table', port: 'in' }] },
      outputs: {},
    };
  },
  describe: ({ port, schema }) => (schema === null ? port : `${port}: ${schema.map(({ name }) => name).join(', ')}`),
};
