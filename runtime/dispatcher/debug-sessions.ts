/** Debug sessions in this process, beside its jobs, which get the thread between steps. */
import { DebugSession, type Outside } from '../debug/index.ts';
import type { DebugMethod } from '../protocol/debug.ts';
import type { EngineApi } from '../protocol/engine.ts';
import { release } from '../protocol/remote.ts';
import { codedError } from '../protocol/wire.ts';
import { say } from '../core/say.ts';
import { documentIn } from './refused.ts';

interface Session {
  readonly session: DebugSession;
  readonly onEvent: object;
}

export function createDebugSessions(outside: Outside): Pick<EngineApi, 'startDebug' | 'debug'> {
  const sessions = new Map<string, Session>();

  function end(id: string): void {
    const open = sessions.get(id);
    sessions.delete(id);
    if (open !== undefined) release(open.onEvent);
  }

  return {
    async startDebug({ sessionId, text, subPipelines = {}, folder, options }, onEvent) {
      const document = documentIn(text);
      const { session, start } = await DebugSession.start({
        document,
        subPipelines: new Map(Object.entries(subPipelines)),
        folder,
        options,
        outside,
        onEvent,
      });
      sessions.set(sessionId, { session, onEvent });
      return start;
    },
    async debug(sessionId, method, args) {
      const open = sessions.get(sessionId);
      if (open === undefined) throw codedError('MR2005', say`The debug session has ended.`);
      const call = open.session[method] as (...args: unknown[]) => Promise<unknown>;
      try {
        return (await call.apply(open.session, args)) as never;
      } finally {
        if (method === ('close' satisfies DebugMethod)) end(sessionId);
      }
    },
  };
}
