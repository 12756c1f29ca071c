/** The process that an engine runs in: it answers by the line, and tells on its standard error what goes wrong. */
import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

/** Of the log, in characters: what is said last matters. */
const LOG_LENGTH = 65_536;
/** From the start of a process to its first answer, on a busy machine. */
const START_MS = 180_000;

export class EngineProcess {
  /** When it was begun, by `performance.now()`. */
  readonly startedAt = performance.now();
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  #log = '';

  /** Begins one with what it begins in turn: they are killed together. `signal` kills them. */
  static begin(
    command: string,
    args: readonly string[],
    { signal, ...options }: Pick<SpawnOptionsWithoutStdio, 'cwd' | 'env' | 'signal'> = {},
  ): EngineProcess {
    // A group of its own, where there are groups: else the JVM of a Python that is killed would go on, and hold our pipes.
    const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
    return new EngineProcess(child, signal);
  }

  /** `signal` kills it. */
  constructor(child: ChildProcessWithoutNullStreams, signal?: AbortSignal) {
    this.#child = child;
    const kill = (): void => this.kill();
    signal?.addEventListener('abort', kill);
    child.on('exit', () => signal?.removeEventListener('abort', kill));
    if (signal?.aborted === true) kill();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log = (this.#log + text).slice(-LOG_LENGTH)));
    child.on('error', (error) => (this.#log += error.message));
    // Whether it still listens shows in its answer.
    child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** What it said last, at most `length` characters. */
  logEnd(length = 8192): string {
    return this.#log.slice(-length);
  }

  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The next line that it answers; null: it has ended. */
  async answer(): Promise<string | null> {
    const { done, value } = await this.#answers.next();
    return done === true ? null : value;
  }

  /** The first line that it answers; null: it has ended. Where that takes too long it is killed, as the end of the log then says. */
  async firstAnswer(patienceMs = START_MS): Promise<string | null> {
    const impatience = setTimeout(() => {
      this.kill();
      this.#log += `\nkilled, since it was not ready ${patienceMs / 1000} s after its start`;
    }, patienceMs);
    const answer = await this.answer();
    clearTimeout(impatience);
    return answer;
  }

  /** What else it prints is let go. */
  ignoreAnswers(): void {
    // Lines that nobody takes would hold up the process once there are many: its print, and with it every checkpoint of a job.
    this.#lines.close();
    this.#child.stdout.resume();
  }

  kill(): void {
    const { pid } = this.#child;
    try {
      // Its group.
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // There is none.
      this.#child.kill('SIGKILL');
    }
  }

  /** Ends its input, which ends it; after `patienceMs` it is killed. */
  async stop(patienceMs: number): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.stdin.end();
    const impatience = setTimeout(() => this.kill(), patienceMs);
    await exit;
    clearTimeout(impatience);
  }
}
