/** What a client of the Debug Adapter Protocol wants to stop at. It sets each kind in place of those of the kind before. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointPlace, BreakpointRequest, BreakpointState, DebugSessionApi } from '../../protocol/debug.ts';

/** Events that can be stopped at without a place: in the list of exceptions. */
export const FILTERS = [
  { filter: 'late', label: 'Late rows', description: 'A row that the watermark has passed' },
  { filter: 'firing', label: 'Firings', description: 'Rows that leave since event time or the clock has moved' },
  { filter: 'timer', label: 'Timers', description: 'A timer is due, of event time or of the clock' },
  { filter: 'barrier', label: 'Barriers', description: 'A checkpoint comes to an operator' },
] as const;

export type BreakpointKind = 'lines' | 'functions' | 'data' | 'exceptions' | 'console';

interface Choices {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

export interface Wanted {
  /** What is wrong with it, where it is no place. */
  readonly place: BreakpointPlace | string;
  readonly choices?: Choices;
  /** Where it is shown. */
  readonly line?: number;
}

export class ClientBreakpoints {
  readonly #byKind = new Map<BreakpointKind, readonly BreakpointRequest[]>();
  /** By all that makes one: the same one keeps its number, and its hits, wherever it stands among others. */
  readonly #numbers = new Map<string, number>();

  /** Answers them in their order. */
  async set(
    session: DebugSessionApi,
    kind: BreakpointKind,
    wanted: readonly Wanted[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const given = new Map<string, number>();
    const requests = wanted.map(({ place, choices = {} }) => {
      if (typeof place === 'string') return place;
      const key = JSON.stringify([kind, place, choices]);
      const nth = given.get(key) ?? 0;
      given.set(key, nth + 1);
      return requestOf(String(this.#numberOf(`${key} ${nth}`)), place, choices);
    });
    this.#byKind.set(
      kind,
      requests.filter((one) => typeof one !== 'string'),
    );
    const states = new Map((await this.send(session)).map((state) => [state.id, state]));
    return requests.map((one, i) => ({
      ...(typeof one === 'string' ? { verified: false, message: one } : verdict(states.get(one.id)!)),
      ...(wanted[i]!.line === undefined ? {} : { line: wanted[i]!.line }),
    }));
  }

  /** Those of the console have ids of their own. */
  async setOfConsole(session: DebugSessionApi, requests: readonly BreakpointRequest[]): Promise<BreakpointState[]> {
    const own = requests.map((one) => ({ ...one, id: `console ${one.id}` }));
    this.#byKind.set('console', own);
    const states = new Map((await this.send(session)).map((state) => [state.id, state]));
    return own.map(({ id }, i) => ({ ...states.get(id)!, id: requests[i]!.id }));
  }

  send(session: DebugSessionApi): Promise<readonly BreakpointState[]> {
    return session.setBreakpoints([...this.#byKind.values()].flat());
  }

  #numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}

/** The numbers that a client knows them by. */
export function numbersOf(ids: readonly string[]): number[] {
  return ids.map(Number).filter(Number.isInteger);
}

/** Whether it can be hit, as far as is known. */
export function verdict({ id, problem }: BreakpointState): DebugProtocol.Breakpoint {
  return { id: Number(id), verified: problem === null, ...(problem === null ? {} : { message: problem }) };
}

function requestOf(
  id: string,
  place: BreakpointPlace,
  { condition, hitCondition = '', logMessage }: Choices,
): BreakpointRequest | string {
  const hits = hitsOf(hitCondition);
  if (hits === null && hitCondition.trim() !== '')
    return `"${hitCondition}" is no hit count: write >= 5 (from the fifth on), > 5, == 5 (the fifth only) or % 5 (every fifth).`;
  return {
    id,
    place,
    mode: logMessage === undefined ? 'enabled' : 'log',
    ...(condition === undefined ? {} : { condition }),
    ...(hits === null ? {} : { hits }),
    ...(logMessage === undefined ? {} : { message: logMessage }),
  };
}

/** `5` is as `>= 5`. */
export function hitsOf(text: string): NonNullable<BreakpointRequest['hits']> | null {
  const match = /^\s*(>=|>|={1,3}|%)?\s*(\d+)\s*$/.exec(text);
  if (match === null) return null;
  const [, sign = '>=', digits] = match;
  const n = Number(digits) + (sign === '>' ? 1 : 0);
  if (n === 0) return null;
  return { type: sign === '%' ? 'every' : sign.startsWith('=') ? 'at' : 'from', n };
}
