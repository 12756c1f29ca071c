/** The topology as YAML for Flux. */
import { Document, isMap, visit, type Node } from 'yaml';
import type { ExportGraph } from '../export-graph.ts';
import { LIBRARY_PACKAGE } from './library.ts';
import { WATERMARK, type StormComponent, type StormProgram, type StormStream } from './program.ts';

/** Storm's settings by their names. */
export type TopologyConfig = Readonly<Record<string, unknown>>;

const CONFIG: TopologyConfig = {
  'topology.workers': 1,
  'topology.max.spout.pending': 1000,
  'topology.message.timeout.secs': 30,
  'topology.kryo.register': [
    'java.math.BigDecimal',
    'java.time.Instant',
    'java.time.LocalDate',
    'java.util.ArrayList',
    'java.util.LinkedHashMap',
  ],
};

/** What stands before a key. */
const COMMENTS: Readonly<Record<string, string>> = {
  'topology.workers': 'Processes; with more of them the topology is spread over more machines.',
  'topology.max.spout.pending': 'Rows of a task of a spout that are under way at most.',
  'topology.message.timeout.secs': 'A row that is not processed to its end by then is sent again.',
  'topology.kryo.register': 'Values of rows that go to another worker, beside those that Storm knows.',
  streams: `Rows, and on the stream "${WATERMARK}" how far event time has come, which every task behind has to know.`,
};

/** `config`: in place of what is usual. */
export function printTopology(
  { name, description }: ExportGraph,
  program: StormProgram,
  packageName: string,
  base: string,
  config: TopologyConfig = {},
): string {
  const { components, forwards, streams } = program;
  const topology = {
    name: base,
    config: { ...CONFIG, ...config },
    spouts: components.filter(({ isSpout }) => isSpout).map((one) => componentOf(one, packageName)),
    bolts: [
      ...components.filter(({ isSpout }) => !isSpout).map((one) => componentOf(one, packageName)),
      ...forwards.map(({ id, fields }) => ({
        id,
        className: `${LIBRARY_PACKAGE}.ForwardBolt`,
        constructorArgs: [fields],
        parallelism: 1,
      })),
    ],
    streams: streams.map(streamOf),
  };
  const comment = [name, ...(description === '' ? [] : description.split('\n'))].map((line) => `# ${line}\n`).join('');
  const yaml = asWritten(new Document(topology)).toString({ lineWidth: 0, flowCollectionPadding: false });
  // Flux puts values in for ${…} of its own.
  return `${comment}${yaml.replaceAll('${', '$ {')}`;
}

/** With comments, sections apart, and each grouping in a line. */
function asWritten(document: Document): Document {
  visit(document, {
    Pair(_, pair, path) {
      const key = pair.key as Node & { readonly value: string };
      const comment = COMMENTS[key.value];
      if (comment !== undefined) key.commentBefore = ` ${comment}`;
      // Of the document and its map.
      if (path.length === 2) key.spaceBefore = key.value !== 'name';
      if (key.value === 'grouping' && isMap(pair.value)) pair.value.flow = true;
    },
  });
  return document;
}

function componentOf({ id, class: { name }, parallelism, right }: StormComponent, packageName: string): object {
  return {
    id,
    className: `${packageName}.${name}`,
    parallelism,
    ...(right.length === 0
      ? {}
      : { configMethods: right.map(({ component, stream }) => ({ name: 'setRight', args: [component, stream] })) }),
  };
}

function streamOf({ from, to, streamId, grouping }: StormStream): object {
  const { type } = grouping;
  return {
    from,
    to,
    grouping: {
      type,
      ...('args' in grouping ? { args: grouping.args } : {}),
      ...(streamId === 'default' ? {} : { streamId }),
    },
  };
}
