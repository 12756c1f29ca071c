/** A debug session: a document, run step by step, forwards and backwards (protocol/debug.ts). */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { CompileOptions } from '../compiler/index.ts';
import { parseDocument, type PipelineDocument } from '../graph/index.ts';
import { runtimes } from '../operators/runtimes.ts';
import type {
  BreakpointRequest,
  BreakpointState,
  DebugEvent,
  DebugOptions,
  DebugPlanInfo,
  DebugQueue,
  DebugRow,
  DebugSessionApi,
  DebugStart,
  DebugStop,
  DebugWatermark,
  EvaluateRequest,
  Explanation,
  Lineage,
  Moment,
  NodeState,
  QueuePlace,
  RowEdit,
  RowId,
  StateQuery,
  StepTarget,
  StopReason,
  SubexpressionValue,
  Timeline,
} from '../protocol/debug.ts';
import { codedError } from '../protocol/wire.ts';
import { Breakpoints, type Hit } from './breakpoints.ts';
import { compileForDebug, planInfo, type DebugPlan } from './debug-plan.ts';
import { DebugRun, type MoveEnd } from './debug-run.ts';
import { editAt, injectInto } from './edits.ts';
import { explainNext, scopeAt, scopeOfRow, viewQueues, viewWatermarks } from './inspect.ts';
import { LineageBook } from './lineage-book.ts';
import type { Outside } from './live-source.ts';
import { OutsideWorld } from './outside-world.ts';
import type { RunCheckpoint } from './checkpoints.ts';
import type { MadeStep, RunContext } from './replica.ts';
import { subexpressions } from './run-conditions.ts';
import { recordNode } from './record-node.ts';
import { recordedSubtasks } from './recording-file.ts';
import { stopBefore } from './reverse.ts';
import { isSourceRow, rowsOfSources, sourcesOf } from './same-input.ts';
import { Serial } from './serial.ts';
import { viewState } from './state-view.ts';
import { stepTest, type StepTest } from './step-targets.ts';
import { causesOf, viewRows, viewStep } from './step-view.ts';
import { writeSink, type GivenRow } from './write-sink.ts';

const DEFAULTS = { schedule: 'downstream-first', seed: 1, checkpointEvery: 2000, checkpointBytes: 64 << 20 } as const;

export interface SessionRequest extends Pick<CompileOptions, 'findSpec' | 'subPipelines'> {
  readonly document: PipelineDocument;
  /** Absolute. */
  readonly folder: string;
  readonly options: DebugOptions;
  readonly outside: Outside;
  readonly onEvent?: (event: DebugEvent) => void;
  /** Those of the operators' folders unless a test brings others. */
  readonly findRuntime?: (type: string) => AnyOperatorFactory | undefined;
}

export class DebugSession implements DebugSessionApi {
  readonly #request: SessionRequest;
  readonly #world: OutsideWorld;
  readonly #serial = new Serial();
  readonly #files: FileIo;
  #document: PipelineDocument;
  #options: DebugOptions;
  #run!: DebugRun;
  #breakpoints!: Breakpoints;
  #lineage!: LineageBook;
  #reason: StopReason = 'entry';
  #hits: readonly string[] = [];

  private constructor(request: SessionRequest) {
    this.#request = request;
    this.#document = request.document;
    this.#options = request.options;
    this.#files = request.outside.files;
    this.#world = new OutsideWorld({
      outside: request.outside,
      findRuntime: this.#findRuntime,
      seed: request.options.seed ?? DEFAULTS.seed,
      startAt: Math.floor(request.outside.now()),
      onArrival: (nodeId, subtask) => this.#run?.noteArrival(nodeId, subtask),
      recordings: new Map(
        Object.entries(request.options.recordings ?? {}).map(([nodeId, file]) => [
          nodeId as NodeId,
          this.#pathOf(file),
        ]),
      ),
      ...(request.options.inputBytes === undefined ? {} : { inputBytes: request.options.inputBytes }),
    });
  }

  /** Rejects with the document's diagnostics when it has errors (MR1000 and on), and with what a source throws when it is opened. */
  static async start(request: SessionRequest): Promise<{ readonly session: DebugSession; readonly start: DebugStart }> {
    const session = new DebugSession(request);
    const { debug, diagnostics } = session.#compile(session.#document, session.#options);
    try {
      await session.#begin(debug, DebugRun.start(Math.floor(request.outside.now())), 'refuse');
    } catch (error) {
      session.#world.close();
      throw error;
    }
    return { session, start: { plan: planInfo(debug), diagnostics, stop: await session.#stop('entry') } };
  }

  readonly #findRuntime = (type: string): AnyOperatorFactory | undefined =>
    this.#request.findRuntime?.(type) ?? (runtimes[type as keyof typeof runtimes] as AnyOperatorFactory | undefined);

  // Movement

  resume(): Promise<DebugStop> {
    return this.#serial.run(async () => this.#forward(() => false));
  }

  /** Not behind the others: it ends the one that runs. */
  pause(): Promise<void> {
    this.#run.pause();
    return Promise.resolve();
  }

  step(target: StepTarget, times = 1): Promise<DebugStop> {
    return this.#serial.run(async () => {
      let stop = await this.#forward(stepTest(this.#run, target));
      for (let i = 1; i < times && stop.reason === 'step'; i++) stop = await this.#forward(stepTest(this.#run, target));
      return stop;
    });
  }

  stepBack(times = 1): Promise<DebugStop> {
    return this.#serial.run(async () => {
      let { moment } = this.#run;
      for (let i = 0; i < times && moment > 0; i++) {
        moment--;
        while (moment > 0 && !this.#run.history.isVisible(moment + 1)) moment--;
      }
      return this.#moveTo(moment, 'step');
    });
  }

  reverse(): Promise<DebugStop> {
    return this.#serial.run(async () => {
      const stop = await stopBefore(this.#run, (step, changes) => this.#hitsOf(step, changes));
      return stop === null ? this.#moveTo(0, 'entry') : this.#moveTo(stop.moment, 'breakpoint', stop.ids);
    });
  }

  jump(moment: Moment): Promise<DebugStop> {
    return this.#serial.run(() => {
      const frontier = this.#run.history.length;
      if (!Number.isInteger(moment) || moment < 0 || moment > frontier) {
        throw new Error(say`There is no moment ${moment}: the run has come to ${frontier}.`);
      }
      // The step that fails can be looked at from the one before only.
      const { next } = this.#run;
      const isFailure = next !== null && next.error !== null && moment === next.moment;
      return this.#moveTo(isFailure ? moment - 1 : moment, 'jump');
    });
  }

  checkpoint(): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#change({ type: 'checkpoint' });
      return this.#forward(({ call }) => call?.kind === 'checkpoint');
    });
  }

  async #moveTo(moment: Moment, reason: StopReason, hits: readonly string[] = []): Promise<DebugStop> {
    await this.#run.moveTo(moment);
    return this.#stop(reason, hits);
  }

  async #forward(test: StepTest): Promise<DebugStop> {
    this.#tell({ type: 'running' });
    let reason: StopReason = 'step';
    let ids: readonly string[] = [];
    const end = await this.#run.forward(
      (step, changes, isFirst) => {
        const hits = this.#look(step, changes).filter(
          ({ message, side }) => message === null && !(isFirst && side === 'before'),
        );
        const [hit] = hits;
        if (hit !== undefined) {
          reason = 'breakpoint';
          // One before the step goes before one behind it.
          const side = hits.some((one) => one.side === 'before') ? 'before' : 'behind';
          ids = hits.filter((one) => one.side === side).map(({ id }) => id);
          return side;
        }
        return test(step) ? 'before' : null;
      },
      (moment) => this.#tell({ type: 'progress', moment }),
    );
    return this.#stop(end === 'found' ? reason : reasonOf(end), end === 'found' ? ids : []);
  }

  #hitsOf(step: MadeStep, changes: Parameters<Breakpoints['look']>[0]['changes']): readonly Hit[] {
    return this.#breakpoints.look({ step, changes });
  }

  /** What a step on the way forwards hits; tells what is to be logged. */
  #look(step: MadeStep, changes: Parameters<Breakpoints['look']>[0]['changes']): readonly Hit[] {
    const hits = this.#hitsOf(step, changes);
    for (const { id, message } of hits) {
      if (message !== null) this.#tell({ type: 'log', breakpoint: id, moment: step.moment, message });
    }
    return hits;
  }

  // Breakpoints

  setBreakpoints(requests: readonly BreakpointRequest[]): Promise<readonly BreakpointState[]> {
    return this.#serial.run(async () => {
      this.#breakpoints.set(requests);
      await this.#watch();
      // With the step that it stands in front of.
      return this.#breakpoints.states(this.#run.moment + 1);
    });
  }

  // Looking

  plan(): Promise<DebugPlanInfo> {
    return Promise.resolve(planInfo(this.#run.debug));
  }

  queues(): Promise<readonly DebugQueue[]> {
    return this.#serial.run(async () => viewQueues(this.#run));
  }

  watermarks(): Promise<readonly DebugWatermark[]> {
    return this.#serial.run(async () => viewWatermarks(this.#run));
  }

  state(nodeId: NodeId, query?: StateQuery): Promise<NodeState> {
    return this.#serial.run(async () => viewState(nodeId, this.#run.nodes(this.#run.present, nodeId), query));
  }

  explain(): Promise<Explanation | null> {
    return this.#serial.run(async () => explainNext(this.#run));
  }

  evaluate({ expression, row }: EvaluateRequest): Promise<readonly SubexpressionValue[]> {
    return this.#serial.run(async () => {
      const { next, present } = this.#run;
      if (row === undefined) {
        const call = next?.call ?? null;
        if (call === null || call.batch === null)
          throw new Error(say`No row is about to be handled: say which row is meant.`);
        const { nodeId, input, batch } = call;
        return subexpressions(expression, scopeAt(this.#run, nodeId, input), batch.row(0), present.now);
      }
      await viewRows(this.#run, [row]);
      const batch = this.#run.rows.get(row);
      if (batch === undefined) throw new Error(say`There is no row ${row}.`);
      return subexpressions(expression, scopeOfRow(batch), batch.row(0), present.now);
    });
  }

  rowsInto(nodeId: NodeId, limit: number): Promise<readonly DebugRow[]> {
    return this.#serial.run(() => viewRows(this.#run, this.#run.history.rowsInto(nodeId, this.#run.moment, limit)));
  }

  timeline(from: Moment, to: Moment, parts: number): Promise<Timeline> {
    return this.#serial.run(async () => {
      const { history, checkpoints, decisions } = this.#run;
      return {
        frontier: history.length,
        parts: history.timeline(Math.max(0, from), to, parts),
        checkpoints: checkpoints.moments,
        changes: decisions.changes,
      };
    });
  }

  lineage(row: RowId, direction: 'backward' | 'forward'): Promise<Lineage> {
    return this.#serial.run(() => this.#lineage.of(row, direction));
  }

  // Changes

  editRow(place: QueuePlace, edit: RowEdit): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#change(editAt(this.#run, place, edit));
      return this.#stop('change');
    });
  }

  dropElement(place: QueuePlace): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#change(editAt(this.#run, place, null));
      return this.#stop('change');
    });
  }

  injectRow(link: number, edit: RowEdit): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#change(injectInto(this.#run, link, edit));
      return this.#stop('change');
    });
  }

  writeSink(nodeId: NodeId): Promise<{ readonly rows: number }> {
    return this.#serial.run(async () => {
      const { debug } = this.#run;
      if (!debug.sinks.has(nodeId)) throw new Error(say`"${nodeId}" is no sink: there is nothing to write.`);
      const rows: GivenRow[] = [];
      await this.#run.review(0, this.#run.moment, ({ call }) => {
        if (call !== null && call.kind === 'row' && call.nodeId === nodeId)
          rows.push({ input: call.input, row: call.batch! });
      });
      await writeSink(debug.plan, nodeId, rows, this.#request.outside, this.#findRuntime);
      return { rows: rows.length };
    });
  }

  record(nodeId: NodeId, file: string): Promise<{ readonly rows: number }> {
    return this.#serial.run(async () => ({
      rows: await recordNode(this.#run, nodeId, this.#files, this.#pathOf(file)),
    }));
  }

  #pathOf(file: string): string {
    return this.#files.resolve(this.#request.folder, file);
  }

  restart(change: NonNullable<Parameters<DebugSessionApi['restart']>[0]> = {}): Promise<DebugStop> {
    return this.#serial.run(async () => {
      this.#options = { ...this.#options, ...change };
      const { debug } = this.#compile(this.#document, this.#options);
      const start = this.#run.checkpoints.before(0);
      this.#run.close();
      await this.#begin(debug, { ...start, kept: null, progress: new Map() }, 'refuse');
      return this.#stop('entry');
    });
  }

  replaceDocument(text: string): Promise<DebugStop> {
    return this.#serial.run(async () => {
      const { document, diagnostics } = parseDocument(text);
      if (document === null) throw refused(diagnostics);
      const { debug } = this.#compile(document, this.#options);
      const before = this.#run;
      const isSameInput = sourcesOf(before.debug) === sourcesOf(debug);
      if (!isSameInput) {
        throw new Error(say`A source has changed: what it would give now was not recorded. Start a new debug session.`);
      }
      const { moment } = before;
      const from = before.checkpoints.before(moment);
      const rows = rowsOfSources(before, from.moment, moment);
      before.close();
      this.#document = document;
      await this.#begin(debug, { ...from, moment: 0, nextRow: 1, progress: new Map() }, 'drop');
      let left = rows;
      if (left > 0) await this.#run.forward((step) => (isSourceRow(step) && left-- === 0 ? 'before' : null));
      return this.#stop('change');
    });
  }

  async close(): Promise<void> {
    this.#run.pause();
    await this.#serial.run(async () => {
      this.#lineage.close();
      this.#run.close();
      this.#world.close();
    });
  }

  // Beginnings

  #compile(
    document: PipelineDocument,
    { params, parallelism, allowsUserCode, recordings = {} }: DebugOptions,
  ): { readonly debug: DebugPlan; readonly diagnostics: readonly Diagnostic[] } {
    const { folder, findSpec, subPipelines } = this.#request;
    const options = {
      baseFolder: folder,
      params,
      parallelism,
      allowsUserCode,
      subPipelines,
      ...(findSpec === undefined ? {} : { findSpec }),
    };
    const recorded = new Map(
      Object.entries(recordings).map(([id, file]) => [id as NodeId, recordedSubtasks(this.#files, this.#pathOf(file))]),
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
      findRuntime: this.#findRuntime,
      files: this.#files,
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
    this.#breakpoints = new Breakpoints(debug.plan, (chosen, row) => this.#lineage.isRelated(chosen, row));
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

  async #change(decision: Parameters<DebugRun['change']>[0]): Promise<void> {
    await this.#run.change(decision);
    this.#breakpoints.forgetAfter(this.#run.moment);
    this.#lineage.close();
    this.#lineage = new LineageBook(this.#run);
    await this.#watch();
  }

  async #stop(reason: StopReason, hits: readonly string[] = []): Promise<DebugStop> {
    const { next, present } = this.#run;
    // Paused, but it was a source that it waited for.
    this.#reason = reason === 'pause' && next === null && !present.isFinished ? 'waiting' : reason;
    this.#hits = hits;
    const stop = await this.#view();
    for (const state of this.#breakpoints.news(stop.moment)) this.#tell({ type: 'breakpoint', breakpoint: state });
    this.#tell({ type: 'stopped', stop });
    return stop;
  }

  async #view(): Promise<DebugStop> {
    const run = this.#run;
    const { next, present } = run;
    const row = next?.call?.row ?? 0;
    return {
      moment: run.moment,
      frontier: run.history.length,
      reason: this.#reason,
      breakpoints: this.#hits,
      next: next === null ? null : viewStep(run, next),
      last: present.last === null ? null : viewStep(run, present.last),
      path: await viewRows(run, causesOf(run, row)),
      now: present.now,
      isFinished: present.isFinished,
    };
  }

  #tell(event: DebugEvent): void {
    this.#request.onEvent?.(event);
  }
}

function reasonOf(end: Exclude<MoveEnd, 'found'>): StopReason {
  return end === 'paused' ? 'pause' : end;
}

function refused(diagnostics: readonly Diagnostic[]): Error {
  const first = diagnostics.find(({ severity }) => severity === 'error')!;
  return codedError(first.code, first.message, { diagnostics, nodeId: first.nodeId ?? null });
}

function defined(options: DebugOptions): Partial<typeof DEFAULTS> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
