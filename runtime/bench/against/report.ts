/** The figures as Markdown, for engineers who would distrust them. */
import { cpus, totalmem } from 'node:os';
import { printTable } from '../benchmark.ts';
import { round } from '../median.ts';
import { EVENT_RATE } from './event-files.ts';
import type { AgainstOptions, EngineResult, Outcome } from './measure.ts';

type Figures = Pick<AgainstOptions, 'events' | 'parallelism' | 'queries' | 'runs' | 'seed' | 'timeLimit'>;

/** The first result is ours. `command`: that gives the report again; `java`: version. */
export function printReport(results: readonly EngineResult[], options: Figures, command: string): string {
  const { events, parallelism, runs, seed, timeLimit } = options;
  const [own] = results as readonly [EngineResult, ...EngineResult[]];
  const others = results.slice(1).filter(({ leftOut }) => leftOut === null);
  const parts = [
    '# Against Flink, Spark and Storm',
    `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}: ${machine()}.`,
    `Nexmark, ${events.toLocaleString('en-US')} events (seed ${seed}, ${EVENT_RATE.toLocaleString('en-US')} a second of event time, in order), made once and read by every engine from the same files: lines of JSON, a folder for each kind of event, ${parallelism} ${parallelism === 1 ? 'file' : 'files'} in it. Parallelism ${parallelism}. Of each query the median of ${runs} ${runs === 1 ? 'run' : 'runs'}, after one that does not count; a run may take ${timeLimit} s. One engine at a time; no checkpoints. Reading and parsing JSON is in every figure, and of the cheap queries most of it.`,
    [
      'How each runs, and what is measured:',
      ...results.map(({ setup }) => `- **${setup.label}**: ${setup.about}`),
    ].join('\n'),
    '## Throughput\n\nMillions of events a second while processing, events of all kinds counted, as Nexmark does. "× Millrace" is how many times as fast as Millrace the engine is: above 1 Millrace loses.',
    throughput(own, others, options),
    losses(own, others, options),
    '## Seconds\n\nOf processing, and end to end: from giving the job to an engine that is up and warm to knowing that it is over. Of Millrace end to end is a whole process, its start included.',
    seconds([own, ...others], options),
    '## Start and memory\n\nStart: until jobs are taken, with everything downloaded and compiled. Memory: the most that all processes of the engine had resident at once in all its runs; a JVM takes what its heap allows before it collects, so that this is what it took, not what it needs.',
    printTable({
      columns: ['engine', 'start, s', 'peak memory, MiB'],
      rows: [own, ...others].map(({ setup, startSeconds, peakBytes }) => [setup.label, round(startSeconds, 1), peakBytes === 0 ? 'unknown' : Math.round(peakBytes / 2 ** 20)]), // prettier-ignore
    }),
    '## Not measured',
    notMeasured(results),
  ];
  return `${parts.join('\n\n')}\n`;
}

function machine(): string {
  const all = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${all.length} × ${all[0]?.model.trim() ?? 'processor'}, ${memory} GiB, ${process.platform}, Node ${process.versions.node}`;
}

function throughput(own: EngineResult, others: readonly EngineResult[], { queries, events }: Figures): string {
  const columns = ['query', 'Millrace', ...others.flatMap(({ setup }) => [setup.label, '× Millrace'])];
  const rate = (outcome: Outcome | undefined): string =>
    isMeasured(outcome) ? `${round(events / 1e6 / outcome.processing, 3)}${outcome.isBatch ? ' (batch)' : ''}` : '–';
  const rows = queries.map(({ name }) => [
    name,
    rate(own.outcomes.get(name)),
    ...others.flatMap((other) => {
      const ratio = ratioOf(own, other, name);
      return [rate(other.outcomes.get(name)), ratio === null ? '–' : round(ratio, 2)];
    }),
  ]);
  return printTable({ columns, rows });
}

function losses(own: EngineResult, others: readonly EngineResult[], { queries }: Figures): string {
  const lines = others.map((other) => {
    const compared = queries.flatMap(({ name }) => {
      const ratio = ratioOf(own, other, name);
      return ratio === null ? [] : [{ name, ratio }];
    });
    const lost = compared.filter(({ ratio }) => ratio > 1).sort((a, b) => b.ratio - a.ratio);
    const which =
      lost.length === 0 ? '' : `: ${lost.map(({ name, ratio }) => `${name} (${round(ratio, 2)})`).join(', ')}`;
    return `- ${other.setup.label} is faster in ${lost.length} of ${compared.length} queries${which}.`;
  });
  return ['Where Millrace loses:', ...lines].join('\n');
}

/** How many times as fast the other one is; null: one of them has no figure. */
function ratioOf(own: EngineResult, other: EngineResult, name: string): number | null {
  const [ours, theirs] = [own.outcomes.get(name), other.outcomes.get(name)];
  return isMeasured(ours) && isMeasured(theirs) ? ours.processing / theirs.processing : null;
}

function seconds(results: readonly EngineResult[], { queries }: Figures): string {
  const columns = ['query', ...results.flatMap(({ setup }) => [setup.label, 'end to end'])];
  const rows = queries.map(({ name }) => [
    name,
    ...results.flatMap(({ outcomes }): (string | number)[] => {
      const outcome = outcomes.get(name);
      return isMeasured(outcome) ? [round(outcome.processing), round(outcome.endToEnd)] : ['–', '–'];
    }),
  ]);
  return printTable({ columns, rows });
}

function notMeasured(results: readonly EngineResult[]): string {
  const rows = results.flatMap(({ setup, leftOut, outcomes }) => [
    ...(leftOut === null ? [] : [['all', setup.label, `LEFT OUT: ${cell(leftOut)}`]]),
    ...[...outcomes].flatMap(([name, outcome]) =>
      isMeasured(outcome) ? [] : [[name, setup.label, cell(outcome.problem)]],
    ),
  ]);
  rows.push(['q6', 'all', 'Flink cannot express it, and Nexmark leaves it out.']);
  rows.push(['q10', 'all', 'It is about writing files, and sinks here write nothing.']);
  return printTable({ columns: ['query', 'engine', 'why'], rows });
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function isMeasured(outcome: Outcome | undefined): outcome is Extract<Outcome, { readonly processing: number }> {
  return outcome !== undefined && 'processing' in outcome;
}
