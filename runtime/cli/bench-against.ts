/** `millrace bench --against flink,spark,storm` */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { measureAgainst, millrace, printReport, rivals, type AgainstOptions } from '../bench/against/index.ts';
import { queries } from '../bench/nexmark/index.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import type { CliServices } from './services.ts';

export interface AgainstChoices extends Pick<AgainstOptions, 'events' | 'parallelism' | 'runs' | 'timeLimit'> {
  readonly against: readonly string[];
  readonly query: readonly string[];
  readonly output?: string;
}

/** Its point is what it writes, and sinks write nothing here. */
const LEFT_OUT = 'q10';

export const measuredQueries = queries.filter(({ name }) => name !== LEFT_OUT);

/** Engines by their names, with commas between. */
export function engineNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !rivals.some(({ id }) => id === name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(
    `There is no engine "${unknown}"; known are ${rivals.map(({ id }) => id).join(', ')}.`,
  );
}

export async function benchAgainst(
  choices: AgainstChoices,
  io: CliIo,
  { workerFile }: CliServices,
  done: (code: number) => void,
): Promise<void> {
  const { against, query, output, ...figures } = choices;
  const { events, parallelism, runs, timeLimit } = figures;
  const interrupted = new AbortController();
  const stopListening = io.onInterrupt(() => interrupted.abort(new Error('interrupted')));
  const options = {
    setups: [millrace, ...rivals.filter(({ id }) => against.includes(id))],
    queries: measuredQueries.filter(({ name }) => query.length === 0 || query.includes(name)),
    ...figures,
    seed: 1,
    workerFile,
    signal: interrupted.signal,
    onProgress: (text: string) => io.stderr.write(`${text} …\n`),
  };
  try {
    const command = [
      `npm run bench -- --against ${against.join(',')} --events ${events} --parallelism ${parallelism} --runs ${runs} --time-limit ${timeLimit}`,
      ...query.map((name) => `--query ${name}`),
    ].join(' ');
    const text = printReport(await measureAgainst(options), options, command);
    if (output === undefined) io.stdout.write(text);
    else await writeFile(path.resolve(io.cwd, output), text);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    io.stderr.write('interrupted: the engines are ended, and nothing is written\n');
    done(EXIT.interrupted);
  } finally {
    stopListening();
  }
}
