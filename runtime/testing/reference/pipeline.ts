/** A whole pipeline, stream by stream, with every row at hand: the oracle of jobs. */
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { FileIo } from '../../core/file-io.ts';
import type { NodeId } from '../../core/ids.ts';
import type { AggregateWindowConfig } from '../../operators/aggregate-window/spec.ts';
import type { DedupConfig } from '../../operators/dedup/spec.ts';
import type { FilterConfig } from '../../operators/filter/spec.ts';
import type { JoinIntervalConfig } from '../../operators/join-interval/spec.ts';
import type { JoinStreamConfig } from '../../operators/join-stream/spec.ts';
import type { JoinTemporalConfig } from '../../operators/join-temporal/spec.ts';
import type { JoinWindowConfig } from '../../operators/join-window/spec.ts';
import type { OverConfig } from '../../operators/over/spec.ts';
import type { ProjectConfig } from '../../operators/project/spec.ts';
import type { RouteConfig } from '../../operators/route/spec.ts';
import type { SourceFileConfig } from '../../operators/source-file/spec.ts';
import type { SourceGeneratorConfig } from '../../operators/source-generator/spec.ts';
import type { UnnestConfig } from '../../operators/unnest/spec.ts';
import type { WatermarkConfig } from '../../operators/watermark/spec.ts';
import { timedBag, timedSequence } from './event-time.ts';
import { firstOfKeys, overFrames } from './history-operators.ts';
import { filterRows, projectRows, routeRows, unionRows, unnestRows } from './row-operators.ts';
import { generateRows, readFiles } from './sources.ts';
import { joinAll, joinIntervals, joinVersions, joinWindows, type JoinedStreams } from './stream-joins.ts';
import { asBag, rowsOf, type ReferenceStream } from './streams.ts';
import { aggregateWindows, conservationOf, type Conservation } from './windows.ts';

type Ports = Readonly<Record<string, ReferenceStream | null>>;

export interface ReferenceJob {
  /** What goes into each operator, in order of its inputs; null where it depends on the interleaving. */
  readonly inputs: ReadonlyMap<NodeId, readonly (ReferenceStream | null)[]>;
  /** Of window aggregates whose results depend on the interleaving. */
  readonly conservations: ReadonlyMap<NodeId, Conservation>;
}

/**
 * The plan over the files as they are. `parallelism` is the highest that an operator ever has: what one subtask keeps in order,
 * several do not. Throws for an operator that has no model.
 */
export function referenceJob(plan: PhysicalPlan, files: FileIo, parallelism: (nodeId: NodeId) => number): ReferenceJob {
  const outputs = new Map<NodeId, Ports>();
  const inputs = new Map<NodeId, readonly (ReferenceStream | null)[]>();
  const conservations = new Map<NodeId, Conservation>();
  const isBatch = plan.settings.runtimeMode === 'batch';
  for (const operator of plan.operators) {
    const streams = plan.links
      .filter((link) => link.to === operator.nodeId)
      .sort((a, b) => a.input - b.input)
      .map((link) => outputs.get(link.from)![link.fromPort]!);
    inputs.set(operator.nodeId, streams);
    outputs.set(operator.nodeId, run(operator, streams));
  }
  return { inputs, conservations };

  function run(operator: PhysicalPlan['operators'][number], streams: readonly (ReferenceStream | null)[]): Ports {
    const { nodeId, type, config } = operator;
    const subtasks = parallelism(nodeId);
    const schemaOf = (port: string) => operator.outputs[port]!.schema;
    const [first = null] = streams;
    const rowWise = (port: string, apply: (input: ReferenceStream) => ReferenceStream): Ports =>
      first === null ? { [port]: null } : { [port]: throughSubtasks(apply(first), subtasks) };
    const join = (model: (streams: JoinedStreams) => Ports): Ports => {
      const [left, right] = ['left', 'right'].map(
        (port) => streams[operator.inputs.findIndex((i) => i.port === port)]!,
      );
      const { out, late } = operator.outputs;
      const unknown = Object.fromEntries(Object.keys(operator.outputs).map((port) => [port, null]));
      if (left === null || right === null) return unknown;
      return model({ left: left!, right: right!, out: out!.schema, late: (late ?? out!).schema });
    };
    switch (type) {
      case 'source.file':
        return readFiles(config as SourceFileConfig, schemaOf('out'), files, plan, subtasks);
      case 'source.generator':
        return { out: generateRows(config as SourceGeneratorConfig, schemaOf('out'), plan, subtasks) };
      case 'filter':
        return rowWise('out', (input) => filterRows(input, (config as FilterConfig).condition));
      case 'project':
        return rowWise('out', (input) => projectRows(input, config as ProjectConfig, schemaOf('out')));
      case 'unnest':
        return rowWise('out', (input) => unnestRows(input, config as UnnestConfig, schemaOf('out')));
      case 'route': {
        const { cases } = config as RouteConfig;
        const ports = Object.keys(operator.outputs);
        return Object.assign({}, ...ports.map((port) => rowWise(port, (input) => routeRows(input, cases, port))));
      }
      case 'union': {
        const known = streams.filter((stream) => stream !== null);
        if (known.length < streams.length) return { out: null };
        const { schema, eventTime } = operator.outputs.out!;
        return { out: throughSubtasks(unionRows(known, schema, eventTime), subtasks) };
      }
      case 'watermark': {
        const { eventTime } = config as WatermarkConfig;
        const assign = (input: ReferenceStream): ReferenceStream => {
          const rows = rowsOf(input).map((row) => row.values);
          return input.isOrdered && subtasks === 1
            ? timedSequence(schemaOf('out'), rows, eventTime, isBatch)
            : timedBag(schemaOf('out'), rows, eventTime, isBatch);
        };
        return rowWise('out', assign);
      }
      case 'aggregate.window': {
        if (first === null) return { out: null, late: null };
        const windows = aggregateWindows(first, config as AggregateWindowConfig, schemaOf('out'));
        const conservation = conservationOf(first, config as AggregateWindowConfig);
        if (windows.out === null && conservation !== null) conservations.set(nodeId, conservation);
        return { ...windows };
      }
      case 'dedup':
        return { out: first === null ? null : firstOfKeys(first, config as DedupConfig) };
      case 'over':
        return first === null
          ? { out: null, late: null }
          : { ...overFrames(first, config as OverConfig, schemaOf('out')) };
      case 'join.interval':
        return join((both) => ({ ...joinIntervals(both, config as JoinIntervalConfig) }));
      case 'join.window':
        return join((both) => ({ ...joinWindows(both, config as JoinWindowConfig) }));
      case 'join.temporal':
        return join((both) => ({ ...joinVersions(both, config as JoinTemporalConfig) }));
      case 'join.stream':
        return join((both) => ({ out: joinAll(both, config as JoinStreamConfig) }));
      case 'sink.file':
        return {};
      default:
        throw new Error(`there is no model of ${type}`);
    }
  }
}

/** Whether rows of this operator's input come in order. */
function throughSubtasks(stream: ReferenceStream, subtasks: number): ReferenceStream {
  return subtasks === 1 ? stream : asBag(stream);
}
