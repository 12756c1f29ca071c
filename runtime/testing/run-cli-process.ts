/** The bundled command line in a process of its own: what can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { JobEvent } from '../protocol/job.ts';

const CLI = path.resolve(import.meta.dirname, '../../dist/cli/millrace.cjs');

export interface CliRun {
  readonly process: ChildProcess;
  /** Settles with the first event that fits, or rejects when the process ends without one. */
  waitFor(fits: (event: JobEvent) => boolean): Promise<JobEvent>;
  /** Exit code; null when killed. */
  readonly exitCode: Promise<number | null>;
  readonly stderr: () => string;
}

/** `millrace run FILE --json …` */
export function startRun(file: string, args: readonly string[]): CliRun {
  const child = spawn(process.execPath, [CLI, 'run', file, '--json', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const events: JobEvent[] = [];
  const listeners = new Set<() => void>();
  let isOver = false;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      events.push(JSON.parse(line) as JobEvent);
      for (const listener of [...listeners]) listener();
    })
    .on('close', () => {
      isOver = true;
      for (const listener of [...listeners]) listener();
    });
  return {
    process: child,
    stderr: () => stderr,
    exitCode: once(child, 'close').then(([code]) => code as number | null),
    waitFor: (fits) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = events.find(fits);
          if (found === undefined && !isOver) return;
          listeners.delete(check);
          if (found !== undefined) resolve(found);
          else reject(new Error(`the run ended without the event: ${stderr}`));
        };
        listeners.add(check);
        check();
      }),
  };
}
