import type { Diagnostic } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';

/** MR2402 of a place in a script. */
export function notImported(text: string, offset: number, message: string): Diagnostic {
  const lines = text.slice(0, offset).split('\n');
  const line = lines.length;
  const column = lines.at(-1)!.length + 1;
  return { severity: 'warning', code: 'MR2402', message: say`line ${line}, column ${column}: ${message}` };
}

/** Ends the reading of one statement; the others are read all the same. */
export class StatementProblem extends Error {
  /** Of the place in the script. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
