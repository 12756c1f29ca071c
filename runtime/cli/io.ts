/** The command line's surroundings, so that a test can stand in for them. */

export interface TextWriter {
  write(text: string): void;
}

export interface CliIo {
  /** What `debug` is told. */
  readonly stdin: NodeJS.ReadableStream;
  /** Data. */
  readonly stdout: TextWriter;
  /** Progress and diagnostics. */
  readonly stderr: TextWriter;
  /** Whether a person watches stderr: progress is drawn, and colours are used. */
  readonly isTerminal: boolean;
  readonly useColor: boolean;
  /** Characters of a line on the terminal. */
  columns(): number;
  readonly cwd: string;
  /** Milliseconds, from any start. */
  now(): number;
  /** Calls back on SIGINT and SIGTERM in place of ending; returns how to stop that. */
  onInterrupt(listener: () => void): () => void;
  /** Calls back on SIGUSR2, where there is one; returns how to stop that. */
  onSavepointSignal(listener: () => void): () => void;
  /** Ends at once. */
  exit(code: number): void;
}

export function processIo(): CliIo {
  const { stdout, stderr, env } = process;
  // A reader that closes its end early (`| head`) ends the program quietly, as it does others.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    stdin: process.stdin,
    stdout,
    stderr,
    isTerminal: stderr.isTTY === true,
    useColor: stderr.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb',
    columns: () => stderr.columns ?? 80,
    cwd: process.cwd(),
    now: () => performance.now(),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
    onSavepointSignal: (listener) => {
      // Windows has no such signal, and refuses the listener.
      if (process.platform === 'win32') return () => undefined;
      process.on('SIGUSR2', listener);
      return () => process.off('SIGUSR2', listener);
    },
    exit: (code) => process.exit(code),
  };
}
