/** A handful of operators for the compiler's own tests, each with one property that the compiler asks for. */
import { c, configSpec, type ConfigSpec } from '../core/config.ts';
import {
  ROW_WISE,
  type AnyOperatorSpec,
  type AnyPrimitiveSpec,
  type CompositeSpec,
  type OperatorSpec,
  type PortSpec,
} from '../core/operator.ts';
import { field, fieldIndex, schemaOf, type StreamShape } from '../core/schema.ts';
import { BIGINT, STRING, TIMESTAMP } from '../core/types.ts';
import { parseDocument, type PipelineDocument } from '../graph/index.ts';

const nothing = configSpec({});
const into: PortSpec = { name: 'in', label: 'In' };
const out: PortSpec = { name: 'out', label: 'Out' };

const clicks: StreamShape = {
  schema: schemaOf([field('user', STRING), field('amount', BIGINT, false), field('ts', TIMESTAMP)]),
  eventTime: true,
  changelog: 'append',
  bounded: true,
};

function spec<C>(
  type: string,
  config: ConfigSpec<C>,
  rest: Partial<OperatorSpec<C>> & Pick<OperatorSpec<C>, 'category'>,
): OperatorSpec<C> {
  return {
    type,
    version: 1,
    label: type,
    summary: `${type}.`,
    config,
    ports: () => ({ inputs: [into], outputs: [out] }),
    traits: () => ROW_WISE,
    infer: (_config, inputs): Record<string, StreamShape> => ({ out: inputs[0]!.shape }),
    describe: () => '',
    ...rest,
  };
}

const key = configSpec({ key: c.field({ label: 'Key', help: 'Rows with the same value meet.' }) });
const seconds = configSpec({
  time: c.withDefault(c.choice({ label: 'Time', help: 'Whose.' }, { event: 'Event', none: 'None' }), 'event'),
  rows: c.optional(c.integer({ label: 'Rows', help: 'How many.' }, { min: 0 })),
  endless: c.withDefault(c.flag({ label: 'Endless', help: 'Never ends.' }), false),
});

const specs: readonly AnyPrimitiveSpec[] = [
  spec('source', seconds, {
    category: 'source',
    ports: () => ({ inputs: [], outputs: [out, { name: 'rejected', label: 'Rejected', isOptional: true }] }),
    traits: () => ({ ...ROW_WISE, assignsWatermarks: true }),
    infer: ({ time, endless }) => ({
      out: { ...clicks, eventTime: time === 'event', bounded: !endless },
      rejected: { ...clicks, eventTime: false },
    }),
  }),
  spec('pass', configSpec({ note: c.withDefault(c.text({ label: 'Note', help: 'Anything.' }), 'none') }), {
    category: 'transform',
  }),
  spec('count', key, {
    category: 'aggregate',
    traits: () => ({ ...ROW_WISE, isStateful: true, needsEventTime: true, acceptsUpdates: false }),
    distribution: (config) => ({ type: 'hash', fields: [config.key] }),
    infer: (config, [input], report) => {
      const schema = input!.shape.schema;
      const found = schema.fields[fieldIndex(schema, config.key)];
      if (found === undefined) {
        const range = { start: 0, end: config.key.length };
        report({ code: 'MR1403', message: `there is no field "${config.key}"`, path: 'key', range });
        return {};
      }
      return { out: { ...input!.shape, schema: schemaOf([found, field('count', BIGINT, false)]) } };
    },
  }),
  spec('latest', key, {
    category: 'aggregate',
    distribution: (config) => ({ type: 'hash', fields: [config.key] }),
    infer: (_config, [input]) => ({ out: { ...input!.shape, changelog: 'update' } }),
  }),
  spec('merge', nothing, {
    category: 'transform',
    ports: () => ({ inputs: [{ ...into, isMultiple: true }], outputs: [out] }),
  }),
  spec('join', nothing, {
    category: 'join',
    ports: () => ({
      inputs: [
        { name: 'left', label: 'Left' },
        { name: 'right', label: 'Right' },
      ],
      outputs: [out],
    }),
    distribution: (_config, port) => (port === 'right' ? { type: 'broadcast' } : { type: 'any' }),
  }),
  spec('mute', nothing, { category: 'transform', infer: () => ({}) }),
  spec('sink', nothing, {
    category: 'sink',
    ports: () => ({ inputs: [into], outputs: [] }),
    infer: () => ({}),
  }),
  spec('single-sink', nothing, {
    category: 'sink',
    ports: () => ({ inputs: [into], outputs: [] }),
    traits: () => ({ ...ROW_WISE, maxParallelism: 1 }),
    infer: () => ({}),
  }),
];

/** Counts a stream joined with itself: its input is read twice, and the text `counted by user` holds the key that a problem is found in. */
const twice = configSpec({ say: c.text({ label: 'Say', help: 'As in `counted by user`.' }) });
const composite: CompositeSpec<{ readonly say: string }> = {
  type: 'twice',
  version: 1,
  label: 'twice',
  summary: 'twice.',
  category: 'aggregate',
  config: twice,
  ports: () => ({ inputs: [into], outputs: [{ name: 'counts', label: 'Counts' }] }),
  expand({ say }, _inputs, report) {
    const start = say.lastIndexOf(' ') + 1;
    const range = { start, end: say.length };
    if (!say.startsWith('counted by ')) {
      report({ code: 'MR1203', message: 'say `counted by`', path: 'say' });
      return null;
    }
    const key = say.slice(start);
    const pieces = [{ inner: { start: 0, end: key.length }, outer: range }];
    return {
      nodes: [
        { id: 'both', type: 'join', label: 'both', config: {}, origins: { '': { path: 'say' } } },
        {
          id: 'by-key',
          type: 'count',
          label: 'by key',
          config: { key },
          origins: { '': { path: 'say' }, key: { path: 'say', range, pieces } },
        },
      ],
      edges: [{ from: 'both', fromPort: 'out', to: 'by-key', toPort: 'in' }],
      inputs: {
        in: [
          { node: 'both', port: 'right' },
          { node: 'both', port: 'left' },
        ],
      },
      outputs: { counts: { node: 'by-key', port: 'out' } },
    };
  },
  describe: ({ say }) => say,
};

/** A composite in a composite. */
const nested: CompositeSpec<unknown> = {
  ...composite,
  type: 'nested',
  config: nothing,
  expand: () => ({
    nodes: [
      { id: 'inner', type: 'twice', label: 'inner', config: { say: 'counted by user' }, origins: {} },
      { id: 'after', type: 'pass', label: 'after', config: {}, origins: {} },
    ],
    edges: [{ from: 'inner', fromPort: 'counts', to: 'after', toPort: 'in' }],
    inputs: { in: [{ node: 'inner', port: 'in' }] },
    outputs: { counts: { node: 'after', port: 'out' } },
  }),
};

export function findFakeSpec(type: string): AnyOperatorSpec | null {
  return [...specs, composite, nested].find((one) => one.type === type) ?? null;
}

export function findFakePrimitive(type: string): AnyPrimitiveSpec | null {
  return specs.find((one) => one.type === type) ?? null;
}

type NodeSketch = string | readonly [type: string, config: object, more?: object];

/** `sketch({ s: 'source', c: ['count', { key: 'user' }] }, ['s > c', 's.rejected > c.left'])` */
export function sketch(
  nodes: Readonly<Record<string, NodeSketch>>,
  edges: readonly string[],
  settings: object = {},
): PipelineDocument {
  const { document, diagnostics } = parseDocument(
    JSON.stringify({
      format: 'millrace/pipeline',
      version: 1,
      name: 'sketch',
      settings,
      nodes: Object.entries(nodes).map(([id, node]) => {
        const [type, config, more] = typeof node === 'string' ? [node, {}, {}] : node;
        return { id, type, config, ...more };
      }),
      edges: edges.map((edge) => {
        const [from, to] = edge.split(' > ').map((end) => end.split('.'));
        return { from: from?.[0], fromPort: from?.[1], to: to?.[0], toPort: to?.[1] };
      }),
    }),
  );
  if (document === null) throw new Error(JSON.stringify(diagnostics));
  return document;
}
