/** The document that a session debugs, as it runs now: its run, where that stops, and where its rows come from. All begin anew together. */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { CompileOptions } from '../compiler/index.ts';
import { parseDocument, type PipelineDocument } from '../graph/index.ts';
import { runtimes } from '../operators/runtimes.ts';
import type { BreakpointRequest, DebugOptions, RowId } from '../protocol/debug.ts';
import { codedError } from '../protocol/wire.ts';
import { Breakpoints } from './breakpoints.ts';
import type { RunCheckpoint } from './checkpoints.ts';
import { compileForDebug, type DebugPlan } from './debug-plan.ts';
import { DebugRun } from './debug-run.ts';
import { LineageBook } from './lineage-book.ts';
import type { Outside } from './live-source.ts';
import { OutsideWorld } from './outside-world.ts';
import { recordedSubtasks } from './recording-file.ts';
import type { RunContext } from './replica.ts';
import { isSourceRow, rowsOfSources, sourcesOf } from './same-input.ts';

const DEFAULTS = { schedule: 'downstream-first', seed: 1, checkpointEvery: 2000, checkpointBytes: 64 << 20 } as const;

export interface DebuggeeRequest extends Pick<CompileOptions, 'findSpec' | 'subPipelines'> {
  readonly document: PipelineDocument;
  /** Absolute. */
  readonly folder: string;
  readonly options: DebugOptions;
  readonly outside: Outside;
  /** Those of the operators' folders unless a test brings others. */
  readonly findRuntime?: (type: string) => AnyOperatorFactory | undefined;
}

export class Debuggee {
  readonly #request: DebuggeeRequest;
  readonly #world: OutsideWorld;
  #document: PipelineDocument;
  #options: DebugOptions;
  #run!: DebugRun;
  #breakpoints!: Breakpoints;
  #lineage!: LineageBook;

  private constructor(request: DebuggeeRequest) {
    const { document, options, outside } = request;
    this.#request = request;
    this.#document = document;
    this.#options = options;
    this.#world = new OutsideWorld({
      outside,
      findRuntime: this.findRuntime,
      seed: options.seed ?? DEFAULTS.seed,
      startAt: Math.floor(outside.now()),
      onArrival: (nodeId, subtask) => this.#run?.noteArrival(nodeId, subtask),
      recordings: new Map(
        Object.entries(options.recordings ?? {}).map(([nodeId, file]) => [nodeId as NodeId, this.pathOf(file)]),
      ),
      ...(options.inputBytes === undefined ? {} : { inputBytes: options.inputBytes }),
    });
  }

  /** Rejects with the document's diagnostics when it has errors (MR1000 and on), and with what a source throws when it is opened. */
  static async start(
    request: DebuggeeRequest,
  ): Promise<{ readonly debuggee: Debuggee; readonly diagnostics: readonly Diagnostic[] }> {
    const debuggee = new Debuggee(request);
    const { debug, diagnostics } = debuggee.#compile(request.document, request.options);
    try {
      await debuggee.#begin(debug, DebugRun.start(Math.floor(request.outside.now())), 'refuse');
    } catch (error) {
      debuggee.#world.close();
      throw error;
    }
    return { debuggee, diagnostics };
  }

  readonly findRuntime = (type: string): AnyOperatorFactory | undefined =>
    this.#request.findRuntime?.(type) ?? (runtimes[type as keyof typeof runtimes] as AnyOperatorFactory | undefined);

  get run(): DebugRun {
    return this.#run;
  }

  get breakpoints(): Breakpoints {
    return this.#breakpoints;
  }

  get lineage(): LineageBook {
    return this.#lineage;
  }

  /** Absolute, of a path from the document's folder. */
  pathOf(file: string): string {
    return this.#request.outside.files.resolve(this.#request.folder, file);
  }

  async setBreakpoints(requests: readonly BreakpointRequest[]): Promise<void> {
    this.#breakpoints.set(requests);
    await this.#watch();
  }

  /** Does something to the run as it is now. */
  async change(decision: Parameters<DebugRun['change']>[0]): Promise<void> {
    await this.#run.change(decision);
    this.#breakpoints.forgetAfter(this.#run.moment);
    this.#lineage.close();
    this.#lineage = new LineageBook(this.#run);
    await this.#watch();
  }

  /** From the start, with the same input. */
  async restart(change: Partial<DebugOptions>): Promise<void> {
    this.#options = { ...this.#options, ...change };
    const { debug } = this.#compile(this.#document, this.#options);
    const start = this.#run.checkpoints.before(0);
    this.#run.close();
    await this.#begin(debug, { ...start, kept: null, progress: new Map() }, 'refuse');
  }

  /** Goes on with a changed document, from the last checkpoint, up to where its sources have given as much as they have now. */
  async replace(text: string): Promise<void> {
    const { document, diagnostics } = parseDocument(text);
    if (document === null) throw refused(diagnostics);
    const { debug } = this.#compile(document, this.#options);
    const before = this.#run;
    if (sourcesOf(before.debug) !== sourcesOf(debug)) {
      throw new Error(say`A source has changed: what it would give now was not recorded. Start a new debug session.`);
    }
    const { moment } = before;
    const from = before.checkpoints.before(moment);
    let left = rowsOfSources(before, from.moment, moment);
    before.close();
    this.#document = document;
    await this.#begin(debug, { ...from, moment: 0, nextRow: 1, progress: new Map() }, 'drop');
    if (left > 0) await this.#run.forward((step) => (isSourceRow(step) && left-- === 0 ? 'before' : null));
  }

  close(): void {
    this.#lineage.close();
    this.#run.close();
    this.#world.close();
  }

  #compile(
    document: PipelineDocument,
    { params, parallelism, allowsUserCode, recordings = {} }: DebugOptions,
  ): { readonly debug: DebugPlan; readonly diagnostics: readonly Diagnostic[] } {
    const { folder, findSpec, subPipelines, outside } = this.#request;
    const options = {
      baseFolder: folder,
      params,
      parallelism,
      allowsUserCode,
      subPipelines,
      ...(findSpec === undefined ? {} : { findSpec }),
    };
    const recorded = new Map(
      Object.entries(recordings).map(([id, file]) => [
        id as NodeId,
        recordedSubtasks(outside.files, this.pathOf(file)),
      ]),
    );
    const { debug, diagnostics } = compileForDebug(document, options, recorded);
    if (debug === null) throw refused(diagnostics);
    return { debug, diagnostics };
  }

  async #begin(debug: DebugPlan, from: RunCheckpoint, onMismatch: RunContext['onMismatch']): Promise<void> {
    await this.#world.open(debug);
    const { schedule, seed, checkpointEvery, checkpointBytes } = { ...DEFAULTS, ...defined(this.#options) };
    const run = new DebugRun({
      debug,
      world: this.#world,
      findRuntime: this.findRuntime,
      files: this.#request.outside.files,
      from,
      onMismatch,
      schedule,
      seed,
      checkpointEvery,
      checkpointBytes,
    });
    const requests = this.#breakpoints?.requests ?? [];
    this.#run = run;
    this.#lineage?.close();
    this.#lineage = new LineageBook(run);
    this.#breakpoints = new Breakpoints(debug.plan, (chosen: RowId, row: RowId) =>
      this.#lineage.isRelated(chosen, row),
    );
    this.#breakpoints.set(requests.filter(({ place }) => place.type !== 'lineage'));
    await run.open();
    await this.#watch();
  }

  /** What the breakpoints have to know of every step. */
  async #watch(): Promise<void> {
    const { watched, chosen } = this.#breakpoints;
    // A row that a change has undone has no relatives.
    for (const row of chosen) if (row <= this.#run.history.rows) await this.#lineage.choose(row);
    await this.#run.watch(watched, chosen.length > 0 ? () => this.#lineage.tracker() : null);
  }
}

function refused(diagnostics: readonly Diagnostic[]): Error {
  const first = diagnostics.find(({ severity }) => severity === 'error')!;
  return codedError(first.code, first.message, { diagnostics, nodeId: first.nodeId ?? null });
}

function defined(options: DebugOptions): Partial<typeof DEFAULTS> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
