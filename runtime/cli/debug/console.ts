/** The dialogue's commands in the console of a debug adapter's client. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DEBUG_METHODS, type DebugPlanInfo, type DebugSessionApi, type DebugStop } from '../../protocol/debug.ts';
import type { ClientBreakpoints } from './client-breakpoints.ts';
import { Dialogue } from './repl-commands.ts';

export class DebugConsole {
  readonly #dialogue: Dialogue;
  /** Where the last command has brought the run; null before the first that did. */
  stop: DebugStop | null = null;

  /** `breakpoints`: those of the client, which stand beside those of the console. */
  constructor(session: DebugSessionApi, plan: DebugPlanInfo, breakpoints: ClientBreakpoints) {
    this.#dialogue = new Dialogue(this.#watched(session, breakpoints), plan);
  }

  async answer(line: string): Promise<string> {
    this.stop = null;
    return (await this.#dialogue.answer(line)) ?? 'The client ends the session: press its Stop.';
  }

  completionsOf(text: string): DebugProtocol.CompletionItem[] {
    const names = this.#dialogue.names.filter((name) => name.startsWith(text.slice(1)));
    return names.map((name) => ({ label: `:${name}`, type: 'method', start: 0, length: text.length }));
  }

  /** The same session, whose stops are noted. */
  #watched(session: DebugSessionApi, breakpoints: ClientBreakpoints): DebugSessionApi {
    const call =
      (method: keyof DebugSessionApi) =>
      async (...args: never[]) => {
        const answer: unknown = await (session[method] as (...all: never[]) => Promise<unknown>)(...args);
        if (isStop(answer)) this.stop = answer;
        return answer;
      };
    const watched = Object.fromEntries(DEBUG_METHODS.map((method) => [method, call(method)]));
    return {
      ...(watched as unknown as DebugSessionApi),
      setBreakpoints: (requests) => breakpoints.setOfConsole(session, requests),
    };
  }
}

function isStop(answer: unknown): answer is DebugStop {
  return typeof answer === 'object' && answer !== null && 'frontier' in answer && 'reason' in answer;
}
