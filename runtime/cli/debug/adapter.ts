/**
 * The Debug Adapter Protocol (1.68, https://microsoft.github.io/debug-adapter-protocol) over a debug session: lines are the document's
 * nodes, threads the operators' subtasks, the stack the row's way, variables the row, state and watermarks.
 */
import {
  BreakpointEvent,
  ContinuedEvent,
  InitializedEvent,
  LoggingDebugSession,
  OutputEvent,
  Scope,
  StoppedEvent,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import type {
  BreakpointPlace,
  DebugEvent,
  DebugOptions,
  DebugPlanInfo,
  DebugSessionApi,
  DebugStart,
  DebugStop,
  StepTarget,
} from '../../protocol/debug.ts';
import { ClientBreakpoints, FILTERS, numbersOf, verdict } from './client-breakpoints.ts';
import { DebugConsole } from './console.ts';
import { completionsOn } from './completions.ts';
import { nodeAt, nodeLines, type NodeLines } from './document-lines.ts';
import { STEP_FRAME, StackViews } from './stack-views.ts';
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
  /** Empty: none yet. */
  #file: string;
  #session: DebugSessionApi | null = null;
  #lines: readonly NodeLines[] = [];
  #stack = new StackViews(NO_PLAN, '', []);
  #stop: DebugStop | null = null;
  #stopsOnEntry = true;
  #variables: VariableViews | null = null;
  #console: DebugConsole | null = null;
  readonly #breakpoints = new ClientBreakpoints();

  /** `file`: what is debugged unless a launch names another; `defaults`: how, as far as the launch does not say. `onEnd`: the client has left. */
  constructor(
    startDebugging: StartDebugging,
    file: string | null,
    defaults: Partial<DebugOptions> = {},
    onEnd: () => void = () => undefined,
  ) {
    super();
    this.#onEnd = onEnd;
    this.#startDebugging = startDebugging;
    this.#file = file ?? '';
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
      supportsCompletionsRequest: true,
      completionTriggerCharacters: ['.', ':'],
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
      if (this.#file === '') throw new Error('Say which document: "program" of the launch.');
      this.#stopsOnEntry = stopOnEntry;
      const { session, start, text } = await this.#startDebugging(
        this.#file,
        {
          allowsUserCode: true,
          ...this.#defaults,
          ...given({ params, parallelism, schedule, seed, recordings }),
        },
        (event) => this.#onEvent(event),
      );
      this.#session = session;
      this.#lines = nodeLines(text);
      this.#usePlan(start.plan);
      this.#noteStop(start.stop);
      this.#console = new DebugConsole(session, start.plan, this.#breakpoints);
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
      const wanted = breakpoints.map(({ line, ...choices }) => {
        const node = isOurs ? nodeAt(this.#lines, line) : null;
        if (node === null) return { place: 'No node of the document stands here.', line };
        return { place: { type: 'node', nodeId: node.nodeId } as const, choices: choicesOf(choices), line: node.first };
      });
      // Those in other files are of no interest to this run, and must not take the place of its own.
      if (isOurs) response.body = { breakpoints: await this.#breakpoints.set(this.#need(), 'lines', wanted) };
      else
        response.body = {
          breakpoints: wanted.map(({ place, line }) => ({ verified: false, message: place as string, line })),
        };
    });
  }

  protected override async setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const wanted = breakpoints.map(({ name, ...choices }) => ({
        place: parseEvent(name),
        choices: choicesOf(choices),
      }));
      response.body = { breakpoints: await this.#breakpoints.set(this.#need(), 'functions', wanted) };
    });
  }

  protected override async setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const wanted = FILTERS.filter(({ filter }) => filters.includes(filter));
      const breakpoints = await this.#breakpoints.set(
        this.#need(),
        'exceptions',
        wanted.map(({ filter }) => ({ place: { type: filter, nodeId: null } })),
      );
      response.body = { breakpoints };
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
      canPersist: true,
    };
    this.sendResponse(response);
  }

  protected override async setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      const wanted = breakpoints.map(({ dataId, ...choices }) => ({
        place: JSON.parse(dataId) as BreakpointPlace,
        choices: choicesOf(choices),
      }));
      response.body = { breakpoints: await this.#breakpoints.set(this.#need(), 'data', wanted) };
    });
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

  /** From the start with the same input, as far as the launch says with another parallelism, schedule or seed. */
  protected override restartRequest(
    response: DebugProtocol.RestartResponse,
    { arguments: launch }: DebugProtocol.RestartArguments = {},
  ): void {
    const { parallelism, schedule, seed } = (launch ?? {}) as LaunchArguments;
    this.#go(response, async (session) => {
      const stop = await session.restart(given({ parallelism, schedule, seed }));
      return this.#stopsOnEntry ? stop : session.resume();
    });
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
      await this.#arrive(await move(this.#need()));
    } catch (error) {
      this.sendEvent(new OutputEvent(`${messageOf(error)}\n`, 'stderr'));
      if (this.#stop !== null) this.#tellStop(this.#stop);
    }
  }

  async #arrive(stop: DebugStop): Promise<void> {
    this.#usePlan(await this.#need().plan());
    this.#noteStop(stop);
    this.#tellStop(stop);
  }

  #noteStop(stop: DebugStop): void {
    this.#stop = stop;
    this.#variables = new VariableViews(this.#need(), stop, this.#stack);
  }

  #tellStop({ reason, next, breakpoints, moment, isFinished }: DebugStop): void {
    const event = new StoppedEvent(REASONS[reason], this.#stack.threadOf(next));
    const body = event.body as DebugProtocol.StoppedEvent['body'];
    body.allThreadsStopped = true;
    body.description = isFinished ? 'The input has ended' : `Step ${moment}: ${describeStep(next)}`;
    if (next !== null && next.error !== null) body.text = next.error.message;
    body.hitBreakpointIds = numbersOf(breakpoints);
    this.sendEvent(event);
  }

  // Looking

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: this.#stack.threads };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
  ): void {
    const frames = this.#stop === null ? [] : this.#stack.framesOf(threadId, this.#stop);
    const end = levels === 0 ? frames.length : startFrame + levels;
    response.body = { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length };
    this.sendResponse(response);
  }

  protected override scopesRequest(
    response: DebugProtocol.ScopesResponse,
    { frameId }: DebugProtocol.ScopesArguments,
  ): void {
    const scopes = this.#variables?.scopes(frameId) ?? [];
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

  /** In the console, what begins with a colon is a command of the dialogue: `:lineage 12`, `:firing`, `:help`. */
  protected override async evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, frameId = STEP_FRAME, context }: DebugProtocol.EvaluateArguments,
  ): Promise<void> {
    await this.#answer(response, async () => {
      if (context === 'repl' && expression.trimStart().startsWith(':')) {
        const result = await this.#command(expression.trim().slice(1));
        response.body = { result, variablesReference: 0 };
        return;
      }
      const row = frameId === STEP_FRAME ? undefined : this.#variables?.rowOf(frameId)?.id;
      const [whole] = await this.#need().evaluate({ expression, ...(row === undefined ? {} : { row }) });
      if (whole === undefined) throw new Error('There is nothing to evaluate.');
      if (whole.error !== null) throw new Error(whole.error);
      response.body = { result: JSON.stringify(whole.value), type: whole.type, variablesReference: 0 };
    });
  }

  /** Whatever it does to the run is told as if the client had asked for it. */
  async #command(line: string): Promise<string> {
    const stop = this.#stop;
    this.#need();
    const answer = await this.#console!.answer(line);
    if (this.#console!.stop !== null && this.#console!.stop !== stop) {
      this.sendEvent(new ContinuedEvent(this.#stack.threadOf(stop?.next ?? null), true));
      await this.#arrive(this.#console!.stop);
    }
    return answer;
  }

  protected override async completionsRequest(
    response: DebugProtocol.CompletionsResponse,
    { text, column, frameId = STEP_FRAME }: DebugProtocol.CompletionsArguments,
  ): Promise<void> {
    await this.#answer(response, () => {
      const targets = text.startsWith(':')
        ? this.#console!.completionsOf(text)
        : completionsOn(this.#variables?.rowOf(frameId) ?? null, this.#stack.plan, text, column - 1);
      response.body = { targets };
      return Promise.resolve();
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
    this.#stack = new StackViews(plan, this.#file, this.#lines);
  }

  #onEvent(event: DebugEvent): void {
    if (event.type === 'log') this.sendEvent(new OutputEvent(`${event.message}\n`, 'stdout'));
    if (event.type === 'breakpoint' && event.breakpoint.problem !== null) {
      const breakpoint = verdict(event.breakpoint);
      if (!Number.isNaN(breakpoint.id)) this.sendEvent(new BreakpointEvent('changed', breakpoint));
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

const NO_PLAN: DebugPlanInfo = { name: '', operators: [], links: [] };

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

/** As far as they are given. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function choicesOf({
  condition,
  hitCondition,
  logMessage,
}: DebugProtocol.SourceBreakpoint | Partial<DebugProtocol.SourceBreakpoint>) {
  return given({ condition, hitCondition, logMessage });
}
