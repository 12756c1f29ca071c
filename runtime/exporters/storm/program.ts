/** A whole pipeline as a topology of Storm: a spout or bolt of a class of its own for each node, and the streams between them. */
import type { Remark, StormInput, Unsupported } from '../../core/exporter.ts';
import type { NodeId } from '../../core/ids.ts';
import { isComposite, type Distribution } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { PipelineEdge } from '../../graph/index.ts';
import { findExporter } from '../../operators/exporters.ts';
import { orUnsupported } from '../../operators/shared/flink-sql/expressions.ts';
import { streamOf, streamText } from '../../operators/shared/storm/java.ts';
import type { ExportGraph, ExportNode } from '../export-graph.ts';
import type { Loss, PartLosses } from '../loss-report.ts';
import { isTaken, type NamedClass } from './java-class.ts';

export type Grouping =
  | { readonly type: 'LOCAL_OR_SHUFFLE' | 'GLOBAL' | 'ALL' }
  | { readonly type: 'FIELDS'; readonly args: readonly string[] };

export interface StormStream {
  readonly from: string;
  readonly to: string;
  readonly streamId: string;
  readonly grouping: Grouping;
}

/** Which stream is the right side of a join. */
export interface RightInput {
  readonly component: string;
  readonly stream: string;
}

export interface StormComponent {
  /** In Storm: that of the node. */
  readonly id: string;
  readonly node: NodeId;
  readonly isSpout: boolean;
  readonly parallelism: number;
  readonly class: NamedClass;
  readonly right: readonly RightInput[];
}

/** A bolt between two others whose streams would be one and the same. */
export interface Forward {
  readonly id: string;
  readonly fields: readonly string[];
}

export interface StormProgram {
  readonly components: readonly StormComponent[];
  readonly forwards: readonly Forward[];
  readonly streams: readonly StormStream[];
  readonly losses: readonly PartLosses[];
  readonly remarks: readonly Remark[];
}

/** The stream with which components tell each other how far event time has come (`RowBolt.WATERMARK`). */
export const WATERMARK = 'watermark';

/** Pure. */
export function stormProgram(graph: ExportGraph): StormProgram {
  return new ProgramWriter(graph).write();
}

class ProgramWriter {
  readonly #graph: ExportGraph;
  readonly #components: StormComponent[] = [];
  readonly #forwards: Forward[] = [];
  readonly #streams: StormStream[] = [];
  readonly #losses = new Map<NodeId, Loss[]>();
  readonly #names = new Set<string>();
  readonly #ids: Set<string>;

  constructor(graph: ExportGraph) {
    this.#graph = graph;
    this.#ids = new Set(graph.nodes.map(({ id }) => id));
  }

  write(): StormProgram {
    for (const node of this.#graph.nodes) this.#addNode(node);
    return {
      components: this.#components,
      forwards: this.#forwards,
      streams: this.#streams,
      losses: [...this.#losses].map(([node, losses]) => ({ node, losses })),
      remarks: [...JOB_REMARKS, ...(this.#graph.settings.runtimeMode === 'batch' ? [ALWAYS_STREAMING] : [])],
    };
  }

  #addNode(node: ExportNode): void {
    const inputs = node.inputs.map(({ port, shape }): StormInput => ({
      port,
      schema: shape.schema,
      isChangelog: shape.changelog === 'update',
    }));
    const outputs = Object.fromEntries(
      Object.entries(node.outputs)
        .filter(([port]) => port === 'out' || node.readPorts.includes(port))
        .map(([port, { schema }]) => [port, { port, schema }]),
    );
    const made = orUnsupported(
      () => findExporter(node.type)?.storm?.(node.config, inputs, outputs, this.#graph) ?? NOTHING,
    );
    if ('unsupported' in made) {
      this.#losses.set(node.id, [{ fidelity: 'impossible', text: made.unsupported }]);
      return;
    }
    const remarks = [...(made.isStateful === true ? [STATE_IN_MEMORY] : []), ...(made.remarks ?? [])];
    this.#losses.set(node.id, remarks);
    const streams = Object.values(outputs)
      .filter(({ port }) => port !== 'out')
      .map(
        ({ port, schema }) =>
          `addOutput(${[streamText(port), ...schema.fields.map(({ name }) => JSON.stringify(name))].join(', ')});`,
      );
    const parallelism = this.#parallelismOf(node);
    const right = this.#connect(node, inputs, parallelism);
    this.#components.push({
      id: node.id,
      node: node.id,
      isSpout: node.inputs.length === 0,
      parallelism,
      class: {
        ...made,
        setup: [...streams, ...(made.setup ?? [])],
        name: this.#className(node.id),
        comment: [
          `${node.label === node.id ? '' : `${node.label}: `}component {@code ${node.id}}.`,
          ...remarks.map(({ text }) => text),
        ],
      },
      right,
    });
  }

  #parallelismOf({ parallelism, spec, config }: ExportNode): number {
    const most = spec === null || isComposite(spec) ? null : spec.traits(config).maxParallelism;
    const wanted = parallelism ?? this.#graph.settings.parallelism;
    return most === null ? wanted : Math.min(most, wanted);
  }

  #connect(node: ExportNode, inputs: readonly StormInput[], parallelism: number): readonly RightInput[] {
    const right: RightInput[] = [];
    const taken = new Set<string>();
    node.edges.forEach((edge, i) => {
      let from: string = edge.from;
      let streamId = streamOf(edge.fromPort);
      const input = inputs[i]!;
      // A bolt has a stream once: where it is to have it twice, a bolt between makes another of it.
      if (taken.has(`${from} ${streamId}`)) {
        const id = this.#freshId(`${node.id}-${edge.toPort}`);
        this.#forwards.push({ id, fields: input.schema.fields.map(({ name }) => name) });
        this.#addStreams(from, id, streamId, { type: 'GLOBAL' });
        from = id;
        streamId = streamOf('out');
      }
      taken.add(`${from} ${streamId}`);
      this.#addStreams(from, node.id, streamId, this.#groupingOf(node, edge, input, parallelism));
      if (edge.toPort === 'right') right.push({ component: from, stream: streamId });
    });
    return right;
  }

  #addStreams(from: string, to: string, streamId: string, grouping: Grouping): void {
    this.#streams.push({ from, to, streamId, grouping });
    const isTold = this.#streams.some((one) => one.from === from && one.to === to && one.streamId === WATERMARK);
    if (!isTold) this.#streams.push({ from, to, streamId: WATERMARK, grouping: { type: 'ALL' } });
  }

  #groupingOf(node: ExportNode, { toPort }: PipelineEdge, input: StormInput, parallelism: number): Grouping {
    const distribution: Distribution | undefined =
      node.spec === null || isComposite(node.spec) ? undefined : node.spec.distribution?.(node.config, toPort);
    switch (distribution?.type) {
      case 'hash':
        return { type: 'FIELDS', args: distribution.fields };
      case 'broadcast':
        return { type: 'ALL' };
      case 'single':
        return { type: 'GLOBAL' };
      default:
        // A row that takes another back must not overtake it.
        return { type: input.isChangelog && parallelism > 1 ? 'GLOBAL' : 'LOCAL_OR_SHUFFLE' };
    }
  }

  #className(id: string): string {
    const plain = id.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const base = /^[A-Z]/.test(plain) ? plain : `Node${plain}`;
    let name = isTaken(base) ? `${base}Node` : base;
    for (let n = 2; this.#names.has(name.toLowerCase()); n++) name = `${base}${n}`;
    this.#names.add(name.toLowerCase());
    return name;
  }

  #freshId(base: string): string {
    let id = base;
    for (let n = 2; this.#ids.has(id); n++) id = `${base}-${n}`;
    this.#ids.add(id);
    return id;
  }
}

const NOTHING: Unsupported = {
  unsupported: say`has no bolt in the library of the export: leave it out, or write one in Java`,
};

const STATE_IN_MEMORY: Remark = {
  fidelity: 'approximate',
  text: say`State is in the memory of the worker, and rows are acked once they are in it: when a worker dies, what it held is lost.`,
};

const JOB_REMARKS: readonly Remark[] = [
  {
    fidelity: 'note',
    text: say`Each row is processed at least once: one that is under way when something fails is sent again, and may come twice.`,
  },
  {
    fidelity: 'note',
    text: say`Event time goes along with the rows as watermarks, on a stream of its own; Storm would guess it anew in each bolt, once a second. A row that is sent again after a failure may be late.`,
  },
  {
    fidelity: 'note',
    text: say`There are no checkpoints: the interval and mode of checkpoints and the restart strategy are not those of the document. Storm starts workers that died again.`,
  },
];

const ALWAYS_STREAMING: Remark = {
  fidelity: 'approximate',
  text: say`Storm has no batch mode: the job runs as a stream, and rows that come too late for their window do not count.`,
};
