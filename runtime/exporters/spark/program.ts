/** A whole pipeline as a program of PySpark: a DataFrame for each output port, and a query for each sink. */
import { UNKNOWN_STREAM } from '../../core/exporter.ts';
import type { PythonChain, Remark, SparkInput, SparkJob, SparkQuery, Unsupported } from '../../core/exporter.ts';
import type { NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { findExporter } from '../../operators/exporters.ts';
import { orUnsupported } from '../../operators/shared/flink-sql/expressions.ts';
import { columnText, timeBeside } from '../../operators/shared/spark/columns.ts';
import { attribute, call, pythonText } from '../../operators/shared/spark/python.ts';
import { batchOnly, WAITS_FOR_WATERMARK } from '../../operators/shared/spark/remarks.ts';
import type { ExportGraph, ExportNode } from '../export-graph.ts';
import type { Loss, PartLosses } from '../loss-report.ts';
import { Queries } from '../queries.ts';
import { RESERVED } from './reserved.ts';

export interface SparkStatement {
  /** Lines before it. */
  readonly comment: readonly string[];
  /** Variable; null: it has none. */
  readonly name: string | null;
  readonly value: PythonChain;
}

/** Where rows go. */
export interface SparkOutput {
  readonly node: NodeId;
  /** DataFrame with the fields that come in, and no more. */
  readonly rows: string;
  readonly outputMode: 'append' | 'update';
  /** Whether rows come once a watermark has passed them. */
  readonly waitsForWatermark: boolean;
  /** In streaming the query, else the statement that writes. */
  readonly statement: SparkStatement;
}

export interface SparkProgram {
  readonly mode: SparkJob['mode'];
  /** Whether it ends by itself. */
  readonly isBounded: boolean;
  readonly frames: readonly SparkStatement[];
  readonly outputs: readonly SparkOutput[];
  readonly losses: readonly PartLosses[];
  readonly remarks: readonly Remark[];
  /** Variables of each node. */
  readonly names: ReadonlyMap<NodeId, readonly string[]>;
}

/** Pure. */
export function sparkProgram(graph: ExportGraph): SparkProgram {
  return new ProgramWriter(graph).write();
}

/** What is known of a DataFrame beside its columns. */
interface Upstream {
  readonly isStateful: boolean;
  readonly isWatermarked: boolean;
  readonly waitsForWatermark: boolean;
}

const NOTHING: Upstream = { isStateful: false, isWatermarked: false, waitsForWatermark: false };

class ProgramWriter {
  readonly #graph: ExportGraph;
  readonly #queries: Queries;
  readonly #job: SparkJob;
  readonly #isBounded: boolean;
  readonly #frames: SparkStatement[] = [];
  readonly #outputs: SparkOutput[] = [];
  readonly #losses = new Map<NodeId, Loss[]>();
  readonly #names = new Map<NodeId, string[]>();
  readonly #upstream = new Map<NodeId, Upstream>();

  constructor(graph: ExportGraph) {
    this.#graph = graph;
    this.#queries = new Queries({ nodes: graph.nodes, dialect: 'spark', reserved: RESERVED });
    this.#job = { mode: graph.settings.runtimeMode, fileUrl: graph.fileUrl };
    this.#isBounded = graph.nodes.every(
      ({ ports, outputs }) => ports.inputs.length > 0 || Object.values(outputs).every(({ bounded }) => bounded),
    );
  }

  write(): SparkProgram {
    this.#queries.describe(portsOf);
    for (const node of this.#graph.nodes) {
      this.#losses.set(node.id, []);
      this.#names.set(node.id, []);
      const inputs = this.#inputsOf(node);
      this.#upstream.set(node.id, {
        isStateful: inputs.some(({ isStateful }) => isStateful),
        isWatermarked: inputs.some(({ isWatermarked }) => isWatermarked),
        waitsForWatermark: node.edges.some(({ from }) => this.#upstream.get(from)?.waitsForWatermark === true),
      });
      const ports = portsOf(node);
      if (ports.length === 0 && node.ports.inputs.length > 0) this.#addSink(node, inputs);
      for (const port of ports) this.#addFrame(node, inputs, port);
    }
    return {
      mode: this.#job.mode,
      isBounded: this.#isBounded,
      frames: this.#frames,
      outputs: this.#outputs,
      losses: [...this.#losses].map(([node, losses]) => ({ node, losses })),
      remarks: this.#jobRemarks(),
      names: this.#names,
    };
  }

  #inputsOf(node: ExportNode): readonly SparkInput[] {
    return this.#queries.inputsOf(node).map((input, i) => ({
      ...input,
      isChangelog: node.inputs[i]!.shape.changelog === 'update',
      ...upstreamOf(this.#upstream.get(node.edges[i]!.from)),
    }));
  }

  #addFrame(node: ExportNode, inputs: readonly SparkInput[], port: string): void {
    const output = this.#queries.outputOf(node, port);
    const fragment = orUnsupported(() => findExporter(node.type)!.spark(node.config, inputs, output, this.#job));
    const problem = 'unsupported' in fragment ? fragment : this.#chainedUpdates(inputs, fragment);
    if ('unsupported' in fragment || problem !== null) return this.#impossible(node, problem!);
    const { frame, before = [], isStateful = false } = fragment;
    const waits = this.#job.mode === 'streaming' && fragment.waitsForWatermark === true;
    const remarks = [...(waits ? [WAITS_FOR_WATERMARK] : []), ...(fragment.remarks ?? [])];
    const upstream = this.#upstream.get(node.id)!;
    this.#upstream.set(node.id, {
      isStateful: upstream.isStateful || isStateful,
      isWatermarked: upstream.isWatermarked || frame.calls.some(({ method }) => method === 'withWatermark'),
      waitsForWatermark: upstream.waitsForWatermark || waits,
    });
    this.#remark(node, remarks);
    let comment = port === portsOf(node)[0] ? commentOf(node, remarks) : [];
    for (const one of before) {
      this.#frames.push({ comment, name: one.name, value: one.frame });
      this.#names.get(node.id)!.push(one.name);
      comment = [];
    }
    this.#frames.push({ comment, name: output.table, value: frame });
    this.#names.get(node.id)!.push(output.table);
  }

  /** Streaming Spark keeps no state over rows that change. */
  #chainedUpdates(inputs: readonly SparkInput[], { isStateful = false }: SparkQuery): Unsupported | null {
    if (this.#job.mode === 'batch' || !isStateful || !inputs.some(({ isChangelog }) => isChangelog)) return null;
    return batchOnly(say`takes in rows that change, and keeps state over them`);
  }

  #addSink(node: ExportNode, inputs: readonly SparkInput[]): void {
    const [given] = inputs;
    if (given === undefined) return;
    const beside = timeBeside(given);
    const input: SparkInput =
      beside === null ? given : { ...given, ...UNKNOWN_STREAM, table: `${given.table}.drop(${columnText(beside)})` };
    const sink = orUnsupported(
      () => findExporter(node.type)?.sparkSink?.(node.config, input, this.#job) ?? WITHOUT_SINK,
    );
    if ('unsupported' in sink) return this.#impossible(node, sink);
    const { writer, remarks = [] } = sink;
    this.#remark(node, remarks);
    const comment = commentOf(node, remarks);
    const outputMode = input.isChangelog ? 'update' : 'append';
    const name = this.#job.mode === 'batch' ? null : this.#queries.freshTable(node.id);
    const value = name === null ? writer : this.#query(node.id, writer, outputMode);
    if (name !== null) this.#names.get(node.id)!.push(name);
    this.#outputs.push({
      node: node.id,
      rows: input.table,
      outputMode,
      waitsForWatermark: this.#upstream.get(node.id)!.waitsForWatermark,
      statement: { comment, name, value },
    });
  }

  #query(id: NodeId, writer: PythonChain, outputMode: string): PythonChain {
    return {
      ...writer,
      calls: [
        ...writer.calls.map((one) => (one.method === 'writeStream' ? attribute(one.method) : one)),
        call('outputMode', pythonText(outputMode)),
        call('queryName', pythonText(id)),
        call('option', '"checkpointLocation"', `f"{CHECKPOINTS}/${id}"`),
        ...(this.#isBounded ? [call('trigger', 'availableNow=True')] : []),
        call('start'),
      ],
    };
  }

  #jobRemarks(): readonly Remark[] {
    const remarks: Remark[] = [];
    if (this.#job.mode === 'batch') return remarks;
    if ([...this.#upstream.values()].some(({ isWatermarked }) => isWatermarked)) {
      remarks.push({
        fidelity: 'note',
        text: say`There is one watermark for a whole query, the least of its sources, and it moves between micro-batches: rows of one batch are never late, others are when the batch before has moved past them. Rows that a filter leaves out do not move it. What is late is dropped and counted (numRowsDroppedByWatermark).`,
      });
    }
    if (this.#outputs.length > 1) {
      remarks.push({
        fidelity: 'note',
        text: say`Each of the ${this.#outputs.length} sinks is a query of its own: it reads the sources by itself, with a watermark and a checkpoint of its own.`,
      });
    }
    remarks.push({
      fidelity: 'note',
      text: say`Every micro-batch is a checkpoint: the interval and mode of checkpoints and the restart strategy are not those of the document. Whoever starts the job starts it again.`,
    });
    return remarks;
  }

  #remark({ id }: ExportNode, remarks: readonly Remark[]): void {
    const losses = this.#losses.get(id)!;
    losses.push(...remarks.filter(({ text }) => !losses.some((one) => one.text === text)));
  }

  #impossible({ id }: ExportNode, { unsupported }: Unsupported): void {
    const losses = this.#losses.get(id)!;
    if (!losses.some((one) => one.text === unsupported)) losses.push({ fidelity: 'impossible', text: unsupported });
  }
}

function upstreamOf({ isStateful, isWatermarked }: Upstream = NOTHING): Pick<
  SparkInput,
  'isStateful' | 'isWatermarked'
> {
  return { isStateful, isWatermarked };
}

const WITHOUT_SINK: Unsupported = {
  unsupported: say`has no sink in Spark: write to files, or send rows by foreachBatch in Python`,
};

/** Ports that become DataFrames: those that are read. */
function portsOf(node: Pick<ExportNode, 'ports'> & Partial<Pick<ExportNode, 'readPorts'>>): readonly string[] {
  return node.ports.outputs.map(({ name }) => name).filter((name) => node.readPorts?.includes(name) === true);
}

function commentOf({ label, id }: ExportNode, remarks: readonly Remark[]): readonly string[] {
  return [label === id ? id : `${label} (${id})`, ...remarks.map(({ text }) => text)];
}
