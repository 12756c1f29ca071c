/** The topology as YAML for Flux. */
import { stringify } from 'yaml';
import type { ExportGraph } from '../export-graph.ts';
import { LIBRARY_PACKAGE } from './library.ts';
import type { StormComponent, StormProgram, StormStream } from './program.ts';

/** Rows of a spout's task that are under way. */
const MAX_SPOUT_PENDING = 1000;

/** Values of rows that are sent to other workers, beside those that Storm knows. */
const SERIALIZED = [
  'java.math.BigDecimal',
  'java.time.Instant',
  'java.time.LocalDate',
  'java.util.ArrayList',
  'java.util.LinkedHashMap',
];

export function printTopology(
  { name, description }: ExportGraph,
  program: StormProgram,
  packageName: string,
  base: string,
): string {
  const { components, forwards, streams } = program;
  const topology = {
    name: base,
    config: {
      'topology.workers': 1,
      'topology.max.spout.pending': MAX_SPOUT_PENDING,
      'topology.message.timeout.secs': 30,
      'topology.kryo.register': SERIALIZED,
    },
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
  // Flux puts values in for ${…} of its own.
  return `${comment}${stringify(topology, { lineWidth: 0 }).replaceAll('${', '$ {')}`;
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
