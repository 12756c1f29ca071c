/** A debug session: a document, run step by step, forwards and backwards (protocol/debug.ts). */
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import type {
  BreakpointRequest,
  BreakpointState,
  DebugEvent,
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
import type { Breakpoints, Hit } from './breakpoints.ts';
import { planInfo } from './debug-plan.ts';
import type { DebugRun, MoveEnd } from './debug-run.ts';
import type { Decision } from './decisions.ts';
import { Debuggee, type DebuggeeRequest } from './debuggee.ts';
import { dropAt, editAt, injectInto, injectWatermarkInto } from './edits.ts';
import { explainNext, scopeAt, scopeOfRow, viewQueues, viewWatermarks } from './inspect.ts';
import type { MadeStep } from './replica.ts';
import { subexpressions } from './run-conditions.ts';
import { recordNode } from './record-node.ts';
import { stopBefore } from './reverse.ts';
import { Serial } from './serial.ts';
import { viewState } from './state-view.ts';
import { stepTest, type StepTest } from './step-targets.ts';
import { belongsTo, causesOf, viewRows, viewStep } from './step-view.ts';
import { writeSink, type GivenRow } from './write-sink.ts';

export interface SessionRequest extends DebuggeeRequest {
  readonly onEvent?: (event: DebugEvent) => void;
}

export class DebugSession implements DebugSessionApi {
  readonly #request: SessionRequest;
  readonly #debuggee: Debuggee;
  readonly #serial = new Serial();

  private constructor(request: SessionRequest, debuggee: Debuggee) {
    this.#request = request;
    this.#debuggee = debuggee;
  }

  /** Rejects with the document's diagnostics when it has errors (MR1000 and on), and with what a source throws when it is opened. */
  static async start(request: SessionRequest): Promise<{ readonly session: DebugSession; readonly start: DebugStart }> {
    const { debuggee, diagnostics } = await Debuggee.start(request);
    const session = new DebugSession(request, debuggee);
    return { session, start: { plan: planInfo(debuggee.run.debug), diagnostics, stop: await session.#stop('entry') } };
  }

  /** Another one after a restart, or a change of the document. */
  get #run(): DebugRun {
    return this.#debuggee.run;
  }

  get #breakpoints(): Breakpoints {
    return this.#debuggee.breakpoints;
  }

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
      if ('nodeId' in target && target.nodeId !== undefined) this.#mustHave(target.nodeId);
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
      await this.#debuggee.change({ type: 'checkpoint' });
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
      await this.#debuggee.setBreakpoints(requests);
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
    return this.#serial.run(async () => {
      const { present, debug } = this.#run;
      this.#mustHave(nodeId);
      const state = viewState(nodeId, this.#run.nodes(present, nodeId), query);
      // What stands in for a source keeps its place in the recording, which is nothing of the source's.
      return debug.sources.has(nodeId) ? { ...state, bytes: 0, lists: [] } : state;
    });
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
    return this.#serial.run(() => {
      this.#mustHave(nodeId);
      return viewRows(this.#run, this.#run.history.rowsInto(nodeId, this.#run.moment, limit));
    });
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
    return this.#serial.run(() => this.#debuggee.lineage.of(row, direction));
  }

  // Changes

  editRow(place: QueuePlace, edit: RowEdit): Promise<DebugStop> {
    return this.#change((run) => editAt(run, place, edit));
  }

  dropElement(place: QueuePlace): Promise<DebugStop> {
    return this.#change((run) => dropAt(run, place));
  }

  injectRow(link: number, edit: RowEdit): Promise<DebugStop> {
    return this.#change((run) => injectInto(run, link, edit));
  }

  injectWatermark(link: number, time: number): Promise<DebugStop> {
    return this.#change((run) => injectWatermarkInto(run, link, time));
  }

  #change(decide: (run: DebugRun) => Decision): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#debuggee.change(decide(this.#run));
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
      await writeSink(debug.plan, nodeId, rows, this.#request.outside, this.#debuggee.findRuntime);
      return { rows: rows.length };
    });
  }

  record(nodeId: NodeId, file: string): Promise<{ readonly rows: number }> {
    return this.#serial.run(async () => ({
      rows: await recordNode(this.#run, nodeId, this.#request.outside.files, this.#debuggee.pathOf(file)),
    }));
  }

  restart(change: NonNullable<Parameters<DebugSessionApi['restart']>[0]> = {}): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#debuggee.restart(change);
      return this.#stop('entry');
    });
  }

  replaceDocument(text: string): Promise<DebugStop> {
    return this.#serial.run(async () => {
      await this.#debuggee.replace(text);
      return this.#stop('change');
    });
  }

  async close(): Promise<void> {
    this.#run.pause();
    await this.#serial.run(async () => this.#debuggee.close());
  }

  // Stops

  async #stop(reason: StopReason, breakpoints: readonly string[] = []): Promise<DebugStop> {
    const run = this.#run;
    const { next, present, moment } = run;
    const stop: DebugStop = {
      moment,
      frontier: run.history.length,
      // Paused, but it was a source that it waited for.
      reason: reason === 'pause' && next === null && !present.isFinished ? 'waiting' : reason,
      breakpoints,
      next: next === null ? null : viewStep(run, next),
      last: present.last === null ? null : viewStep(run, present.last),
      path: await viewRows(run, causesOf(run, next?.call?.row ?? 0)),
      now: present.now,
      isFinished: present.isFinished,
    };
    for (const state of this.#breakpoints.news(moment)) this.#tell({ type: 'breakpoint', breakpoint: state });
    this.#tell({ type: 'stopped', stop });
    return stop;
  }

  #mustHave(wanted: NodeId): void {
    if (!this.#run.debug.plan.operators.some(({ nodeId }) => belongsTo(nodeId, wanted)))
      throw new Error(say`there is no node "${wanted}"`);
  }

  #tell(event: DebugEvent): void {
    this.#request.onEvent?.(event);
  }
}

function reasonOf(end: Exclude<MoveEnd, 'found'>): StopReason {
  return end === 'paused' ? 'pause' : end;
}
