/** A dialogue with a debug session: a command a line, its answer below. */
import { createInterface } from 'node:readline';
import type { DebugSessionApi, DebugStart } from '../../protocol/debug.ts';
import type { CliIo } from '../io.ts';
import { Dialogue } from './repl-commands.ts';
import { describeStep } from './words.ts';

/** Until `quit` or the end of the input. `takeLog`: what breakpoints have logged since the last time. */
export async function runRepl(
  io: CliIo,
  session: DebugSessionApi,
  start: DebugStart,
  takeLog: () => readonly string[],
): Promise<void> {
  const dialogue = new Dialogue(session, start.plan);
  const say = (text: string): void => {
    if (text !== '') io.stdout.write(`${text}\n`);
  };
  const ask = (): void => {
    if (io.isTerminal) io.stdout.write('(millrace) ');
  };
  say(`"${start.plan.name}": ${start.plan.operators.length} operators. Next: ${describeStep(start.stop.next)}`);
  const lines = createInterface({ input: io.stdin, terminal: false });
  // An interrupt ends what runs, not the dialogue.
  const ignore = io.onInterrupt(() => void session.pause());
  try {
    ask();
    for await (const line of lines) {
      const answer = await dialogue.answer(line);
      for (const message of takeLog()) say(message);
      if (answer === null) break;
      say(answer);
      ask();
    }
  } finally {
    ignore();
    lines.close();
    await session.close();
  }
}
