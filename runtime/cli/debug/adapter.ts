/**
 * The Debug Adapter Protocol (1.68, https://microsoft.github.io/debug-adapter-protocol) over a debug session: lines are the document's
 * nodes, threads the operators' subtasks, the stack the row's way, variables the row, state and watermarks.
 */
import {
  BreakpointEvent,
  InitializedEvent,
  LoggingDebugSession,
  OutputEvent,
  Scope,
  Source,
  StackFrame,
  StoppedEvent,
  TerminatedEvent,
  Thread,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import type {
  BreakpointPlace,
  BreakpointRequest,
  DebugEvent,
  DebugOptions,
  DebugPlanInfo,
  DebugSessionApi,
  DebugStart,
  DebugStop,
  StepTarget,
} from '../../protocol/debug.ts';
import { FILTERS, requestOf, verdict } from './breakpoint-requests.ts';
import { nodeAt, nodeLines, type NodeLines } from './document-lines.ts';
import { describeStep, parseEvent } from './words.ts';
import { VariableViews } from './variable-views.ts';

/** Starts a session of a document's file. Rejects when it cannot. */
export type StartDebugging = (
  file: string,
  options: DebugOptions,
  onEvent: (event: DebugEvent) => void,
) => Promise<{ readonly session: DebugSessionApi; readonly start: DebugStart; readonly text: string }>;

interface LaunchArguments extends DebugProtocol.LaunchRequestArguments, Partial<DebugOptions> {
  /** The document; the one on the command line unless given. */
  readonly program?: string;
  readonly stopOnEntry?: boolean;
}

export class MillraceDebugAdapter extends LoggingDebugSession {
  readonly #startDebugging: StartDebugging;
  readonly #defaults: Partial<DebugOptions>;
  readonly #onEnd: () => void;
  #file: string;
  #session: DebugSessionApi | null = null;
  #plan: DebugPlanInfo = { name: '', operators: [], links: [] };
  #lines: readonly NodeLines[] = [];
  #threads: readonly { readonly nodeId: NodeId; readonly subtask: number }[] = [];
  #stop: DebugStop | null = null;
  #stopsOnEntry = true;
  #variables: VariableViews | null = null;
  /** Of each kind of request that sets some. */
  readonly #breakpoints = new Map<string, readonly BreakpointRequest[]>();

  /** `file`: what is debugged unless a launch names another; `defaults`: how, as far as the launch does not say. `onEnd`: the client has left. */
  constructor(
    startDebugging: StartDebugging,
    file: string,
    defaults: Partial<DebugOptions> = {},
    onEnd: () => void = () => undefined,
  ) {
    super();
    this.#onEnd = onEnd;
    this.#startDebugging = startDebugging;
    this.#file = file;
    this.#defaults = defaults;
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsStepBack: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsFunctionBreakpoints: true,
      supportsDataBreakpoints: true,
      supportsEvaluateForHovers: true,
      supportsSetVariable: true,
      supportsRestartRequest: true,
      supportsTerminateRequest: true,
      exceptionBreakpointFilters: [...FILTERS],
    };
    this.sendResponse(response);
  }

  protected override async launchRequest(
    response: DebugProtocol.LaunchResponse,
    launch: LaunchArguments = {},
  ): Promise<void> {
    await this.#answer(response, async () => {
      const { program, stopOnEntry = true, params, parallelism, schedule, seed, recordings } = launch;
      if (program !== undefined) this.#file = program;
      this.#stopsOnEntry = stopOnEntry;
      const given = { params, parallelism, schedule, seed, recordings };
      const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      const { session, start, text } = await this.#startDebugging(
        this.#file,
        { allowsUserCode: true, ...this.#defaults, ...options },
        (event) => this.#onEvent(event),
      );
      this.#session = session;
      this.#lines = nodeLines(text);
      this.#usePlan(start.plan);
      this.#noteStop(start.stop);
      for (const { severity, message } of start.diagnostics) {
        this.sendEvent(new OutputEvent(`${severity}: ${message}\n`, 'console'));
      }
      this.sendEvent(new InitializedEvent());
    });
  }

  protected override attachRequest(
    response: DebugProtocol.AttachResponse,
    args: DebugProtocol.AttachRequestArguments,
  ): void {
    void this.launchRequest(response, args as LaunchArguments);
  }

  protected override async configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): Promise<void> {
    this.sendResponse(response);
    if (this.#stopsOnEntry) this.#tellStop(this.#stop!);
    else await this.#move((session) => session.resume());
  }

  // Breakpoints

  protected override async setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const isOurs = source.path === undefined || path.resolve(source.path) === path.resolve(this.#file);
      const found = breakpoints.map((one) => (isOurs ? nodeAt(this.#lines, one.line) : null));
      const requests = breakpoints.map((one, i) => ({ one, node: found[i]! }));
      const problems = await this.#setBreakpoints(
        'lines',
        requests.flatMap(({ one, node }, i) =>
          node === null ? [] : [requestOf(`lines-${i}`, { type: 'node', nodeId: node.nodeId }, one)],
        ),
      );
      response.body = {
        breakpoints: requests.map(({ one, node }, i) =>
          node === null
            ? { verified: false, line: one.line, message: 'No node of the document stands here.' }
            : { ...verdict(problems.get(`lines-${i}`)), id: i + 1, line: node.first },
        ),
      };
    });
  }

  protected override async setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const places = breakpoints.map(({ name }) => parseEvent(name));
      const problems = await this.#setBreakpoints(
        'functions',
        places.flatMap((place, i) =>
          typeof place === 'string' ? [] : [requestOf(`functions-${i}`, place, breakpoints[i]!)],
        ),
      );
      response.body = {
        breakpoints: places.map((place, i) =>
          typeof place === 'string' ? { verified: false, message: place } : verdict(problems.get(`functions-${i}`)),
        ),
      };
    });
  }

  protected override async setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const wanted = FILTERS.filter(({ filter }) => filters.includes(filter));
      await this.#setBreakpoints(
        'exceptions',
        wanted.map(({ filter }) => ({
          id: `exceptions-${filter}`,
          place: { type: filter, nodeId: null },
          mode: 'enabled',
        })),
      );
    });
  }

  /** Keyed state of the node at hand: `dataId` is the place as JSON. */
  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference, name }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const place = this.#variables?.stateAt(variablesReference ?? 0, name) ?? null;
    response.body = {
      dataId: place === null ? null : JSON.stringify(place),
      description: place === null ? 'Only keyed state can be watched.' : `State of ${place.nodeId} under ${name}`,
      accessTypes: ['write'],
    };
    this.sendResponse(response);
  }

  protected override async setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const problems = await this.#setBreakpoints(
        'data',
        breakpoints.map((one, i) => requestOf(`data-${i}`, JSON.parse(one.dataId) as BreakpointPlace, one)),
      );
      response.body = { breakpoints: breakpoints.map((_, i) => verdict(problems.get(`data-${i}`))) };
    });
  }

  async #setBreakpoints(
    group: string,
    requests: readonly BreakpointRequest[],
  ): Promise<ReadonlyMap<string, string | null>> {
    this.#breakpoints.set(group, requests);
    const states = await this.#need().setBreakpoints([...this.#breakpoints.values()].flat());
    return new Map(states.map(({ id, problem }) => [id, problem]));
  }

  // Movement

  protected override continueRequest(response: DebugProtocol.ContinueResponse): void {
    response.body = { allThreadsContinued: true };
    this.#go(response, (session) => session.resume());
  }

  protected override nextRequest(response: DebugProtocol.NextResponse): void {
    this.#go(response, (session) => session.step({ to: 'over' }));
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse): void {
    this.#go(response, (session) => session.step({ to: 'into' }));
  }

  protected override stepOutRequest(response: DebugProtocol.StepOutResponse): void {
    this.#go(response, (session) => session.step({ to: 'out' }));
  }

  protected override stepBackRequest(response: DebugProtocol.StepBackResponse): void {
    this.#go(response, (session) => session.stepBack());
  }

  protected override reverseContinueRequest(response: DebugProtocol.ReverseContinueResponse): void {
    this.#go(response, (session) => session.reverse());
  }

  protected override restartRequest(response: DebugProtocol.RestartResponse): void {
    this.#go(response, (session) => session.restart());
  }

  protected override async pauseRequest(response: DebugProtocol.PauseResponse): Promise<void> {
    await this.#answer(response, () => this.#need().pause());
  }

  /** `{ command: 'step', arguments: { target, times } }`, and `jump`: what the protocol has no words for. */
  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    if (command === 'step') {
      const { target, times = 1 } = args as { target: StepTarget; times?: number };
      this.#go(response, (session) => session.step(target, times));
    } else if (command === 'jump') {
      this.#go(response, (session) => session.jump((args as { moment: number }).moment));
    } else super.customRequest(command, response, args);
  }

  /** Answers at once, as the protocol wants it; the stop is told as an event. */
  #go(response: DebugProtocol.Response, move: (session: DebugSessionApi) => Promise<DebugStop>): void {
    this.sendResponse(response);
    void this.#move(move);
  }

  async #move(move: (session: DebugSessionApi) => Promise<DebugStop>): Promise<void> {
    try {
      const stop = await move(this.#need());
      this.#usePlan(await this.#need().plan());
      this.#noteStop(stop);
      this.#tellStop(stop);
    } catch (error) {
      this.sendEvent(new OutputEvent(`${messageOf(error)}\n`, 'stderr'));
      if (this.#stop !== null) this.#tellStop(this.#stop);
    }
  }

  #noteStop(stop: DebugStop): void {
    this.#stop = stop;
    this.#variables = new VariableViews(this.#need(), stop, this.#plan);
  }

  #tellStop({ reason, next, breakpoints, moment, isFinished }: DebugStop): void {
    const event = new StoppedEvent(REASONS[reason], this.#threadOf(next));
    const body = event.body as DebugProtocol.StoppedEvent['body'];
    body.allThreadsStopped = true;
    body.description = isFinished ? 'The input has ended' : `Step ${moment}: ${describeStep(next)}`;
    if (next !== null && next.error !== null) body.text = next.error.message;
    body.hitBreakpointIds = breakpoints.flatMap((id) => (id.startsWith('lines-') ? [Number(id.slice(6)) + 1] : []));
    this.sendEvent(event);
  }

  // Looking

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = {
      threads: this.#threads.map(({ nodeId, subtask }, i) => new Thread(i + 1, `${nodeId} #${subtask}`)),
    };
    this.sendResponse(response);
  }

  /** Of the subtask at hand its next step, then the operators that the row comes from; of others only where they are. */
  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels }: DebugProtocol.StackTraceArguments,
  ): void {
    const { next, path: way } = this.#stop!;
    const thread = this.#threads[threadId - 1];
    const isHere = threadId === this.#threadOf(next);
    const frames =
      isHere && next !== null
        ? [
            this.#frame(1, describeStep(next), next.nodeId),
            ...way.map((row, i) => this.#frame(i + 2, `${row.nodeId}.${row.port}: row ${row.id}`, row.nodeId)),
          ]
        : thread === undefined
          ? []
          : [this.#frame(1000 + threadId, `${thread.nodeId} #${thread.subtask}`, thread.nodeId)];
    const end = levels === undefined || levels === 0 ? frames.length : startFrame + levels;
    response.body = { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length };
    this.sendResponse(response);
  }

  protected override scopesRequest(
    response: DebugProtocol.ScopesResponse,
    { frameId }: DebugProtocol.ScopesArguments,
  ): void {
    const scopes = this.#variables?.scopes(frameId, this.#threads) ?? [];
    response.body = { scopes: scopes.map(({ name, reference, expensive }) => new Scope(name, reference, expensive)) };
    this.sendResponse(response);
  }

  protected override async variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference }: DebugProtocol.VariablesArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      response.body = { variables: [...((await this.#variables?.variables(variablesReference)) ?? [])] };
    });
  }

  /** A field of the row that is about to be handled. */
  protected override async setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { name, value }: DebugProtocol.SetVariableArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const stop = await this.#variables!.setField(name, value);
      this.#noteStop(stop);
      response.body = { value };
    });
  }

  protected override async evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, frameId }: DebugProtocol.EvaluateArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const row = frameId === undefined || frameId === 1 ? undefined : this.#stop!.path[frameId - 2]?.id;
      const [whole] = await this.#need().evaluate({ expression, ...(row === undefined ? {} : { row }) });
      if (whole === undefined) throw new Error('There is nothing to evaluate.');
      if (whole.error !== null) throw new Error(whole.error);
      response.body = { result: JSON.stringify(whole.value), type: whole.type, variablesReference: 0 };
    });
  }

  // The end

  protected override async terminateRequest(response: DebugProtocol.TerminateResponse): Promise<void> {
    await this.#answer(response, () => this.#close());
    this.sendEvent(new TerminatedEvent());
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse): void {
    void this.#close().then(() => {
      this.sendResponse(response);
      this.#onEnd();
    });
  }

  async #close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }

  #need(): DebugSessionApi {
    if (this.#session === null) throw new Error('No document is being debugged: launch one first.');
    return this.#session;
  }

  #usePlan(plan: DebugPlanInfo): void {
    this.#plan = plan;
    this.#threads = plan.operators.flatMap(({ nodeId, subtasks }) =>
      Array.from({ length: subtasks }, (_, subtask) => ({ nodeId, subtask })),
    );
  }

  #threadOf(step: DebugStop['next']): number {
    const at = this.#threads.findIndex(({ nodeId, subtask }) => nodeId === step?.nodeId && subtask === step.subtask);
    return Math.max(0, at) + 1;
  }

  #frame(id: number, name: string, nodeId: NodeId | null): StackFrame {
    const operator = this.#plan.operators.find((one) => one.nodeId === nodeId);
    const lines = this.#lines.find((one) => one.nodeId === (operator?.documentNode ?? nodeId));
    return new StackFrame(
      id,
      name,
      new Source(path.basename(this.#file), path.resolve(this.#file)),
      lines?.first ?? 0,
      1,
    );
  }

  #onEvent(event: DebugEvent): void {
    if (event.type === 'log') this.sendEvent(new OutputEvent(`${event.message}\n`, 'stdout'));
    if (event.type === 'breakpoint' && event.breakpoint.problem !== null) {
      this.sendEvent(new BreakpointEvent('changed', { verified: false, message: event.breakpoint.problem } as never));
    }
  }

  async #answer(response: DebugProtocol.Response, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.sendResponse(response);
    } catch (error) {
      this.sendErrorResponse(response, 1, messageOf(error));
    }
  }
}

const REASONS: Readonly<Record<DebugStop['reason'], string>> = {
  entry: 'entry',
  step: 'step',
  breakpoint: 'breakpoint',
  pause: 'pause',
  error: 'exception',
  waiting: 'pause',
  end: 'pause',
  jump: 'goto',
  change: 'step',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
