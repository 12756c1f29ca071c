/** Makes a failing case smaller: leaves out whatever it fails without, until nothing more can go. */
import { compileCase, runCase, type Failure } from './run-case.ts';
import type { Attempt, AttemptEnd, CaseEdge, CaseNode, SimulationCase } from './simulation-case.ts';

export interface ShrinkOptions {
  /** Most runs to spend. */
  readonly maxRuns: number;
  /** Fails as the case at hand must; any failure of the same invariant unless given. */
  readonly fails?: (one: SimulationCase) => Promise<Failure | null>;
}

export interface Shrunk {
  readonly smallest: SimulationCase;
  readonly failure: Failure;
  readonly runs: number;
}

/** The smallest case found that fails for the same invariant as `failure`. */
export async function shrink(one: SimulationCase, failure: Failure, options: ShrinkOptions): Promise<Shrunk> {
  const fails = options.fails ?? (async (smaller) => (await runCase(smaller)).failure);
  let best = { smallest: one, failure };
  let runs = 0;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const smaller of smallerCases(best.smallest)) {
      if (runs >= options.maxRuns) return { ...best, runs };
      if (compileCase(smaller) === null) continue;
      runs++;
      const found = await fails(smaller);
      if (found?.invariant !== failure.invariant) continue;
      best = { smallest: smaller, failure: found };
      isSmaller = true;
      break;
    }
  }
  return { ...best, runs };
}

/** Cases with something left out, the largest cuts first. */
function* smallerCases(one: SimulationCase): Generator<SimulationCase> {
  yield* withFewerAttempts(one);
  yield* withFewerNodes(one);
  yield* withFewerRows(one);
  yield* withPlainSettings(one);
  yield* withPlainAttempts(one);
}

function* withFewerAttempts(one: SimulationCase): Generator<SimulationCase> {
  const { attempts } = one.schedule;
  // The last one is what comes to the end.
  for (let i = 0; i < attempts.length - 1; i++) yield withAttempts(one, attempts.toSpliced(i, 1));
}

function* withFewerNodes(one: SimulationCase): Generator<SimulationCase> {
  const { nodes, edges } = one.document;
  for (const { id } of nodes) {
    const before = edges.filter((edge) => edge.to === id);
    const behind = edges.filter((edge) => edge.from === id);
    // A node between others: they are joined over it. Else all that hangs on it alone goes too.
    if (before.length === 1 && behind.length > 0) {
      const [{ from, fromPort }] = before as [CaseEdge];
      const joined = behind.map(({ to, toPort }) => ({
        from,
        ...(fromPort === undefined ? {} : { fromPort }),
        to,
        ...(toPort === undefined ? {} : { toPort }),
      }));
      yield withGraph(
        one,
        nodes.filter((node) => node.id !== id),
        [...edges.filter((edge) => edge.from !== id && edge.to !== id), ...joined],
      );
    }
    yield withoutBranch(one, id);
  }
}

/** Without a node, all that only it feeds, and all that then feeds nothing. */
function withoutBranch(one: SimulationCase, id: string): SimulationCase {
  let nodes = one.document.nodes.filter((node) => node.id !== id);
  let { edges } = one.document;
  for (;;) {
    const ids = new Set(nodes.map((node) => node.id));
    edges = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
    const isAlive = ({ id: other, type }: CaseNode): boolean =>
      (type.startsWith('source.') || edges.some((edge) => edge.to === other)) &&
      (type.startsWith('sink.') || edges.some((edge) => edge.from === other));
    const alive = nodes.filter(isAlive);
    if (alive.length === nodes.length) return withGraph(one, nodes, edges);
    nodes = alive;
  }
}

function* withFewerRows(one: SimulationCase): Generator<SimulationCase> {
  for (const [path, lines] of Object.entries(one.files)) {
    yield { ...one, files: Object.fromEntries(Object.entries(one.files).filter(([other]) => other !== path)) };
    const header = path.endsWith('.csv') ? 1 : 0;
    for (let cut = Math.ceil((lines.length - header) / 2); cut >= 1; cut = cut === 1 ? 0 : Math.ceil(cut / 2)) {
      for (let at = header; at < lines.length; at += cut) {
        yield { ...one, files: { ...one.files, [path]: lines.toSpliced(at, cut) } };
      }
    }
  }
  for (const node of one.document.nodes) {
    const { rows } = node.config;
    if (typeof rows !== 'number') continue;
    for (const fewer of fewerThan(rows)) yield withConfig(one, node, { rows: fewer });
  }
}

function* withPlainSettings(one: SimulationCase): Generator<SimulationCase> {
  const { settings, nodes } = one.document;
  const withSetting = (name: string, value: unknown): SimulationCase => ({
    ...one,
    document: { ...one.document, settings: { ...settings, [name]: value } },
  });
  for (const fewer of fewerThan(Number(settings.parallelism), 1)) yield withSetting('parallelism', fewer);
  if (settings.batchRows !== 2048) yield withSetting('batchRows', 2048);
  if (Object.keys(settings.checkpoint as object).length > 0) yield withSetting('checkpoint', {});
  for (const node of nodes) {
    if (node.parallelism !== undefined && node.parallelism > 1) {
      yield withNode(one, { ...node, parallelism: node.parallelism - 1 });
    }
    for (const name of ['rolling', 'rowsPerSecond']) {
      if (node.config[name] === undefined) continue;
      const { [name]: _dropped, ...config } = node.config;
      yield withNode(one, { ...node, config });
    }
    const { aggregates } = node.config;
    if (!Array.isArray(aggregates)) continue;
    // The first counts rows, which checks may ask for.
    for (let i = 1; i < aggregates.length; i++) yield withConfig(one, node, { aggregates: aggregates.toSpliced(i, 1) });
  }
}

const PLAIN: readonly Partial<Attempt>[] = [
  { parallelism: {} },
  { downMs: 0 },
  { checkpointsBack: 0 },
  { checkpointEvery: 0 },
  { savepointShare: 0 },
  { abandonEvery: 0 },
  { stallEvery: 0 },
  { tickMs: 0 },
  { readBytes: 0 },
  { fileMs: 0 },
];

function* withPlainAttempts(one: SimulationCase): Generator<SimulationCase> {
  const { attempts } = one.schedule;
  for (const [i, attempt] of attempts.entries()) {
    const having = (change: Partial<Attempt>): SimulationCase =>
      withAttempts(one, attempts.with(i, { ...attempt, ...change }));
    for (const change of PLAIN) {
      const [name, value] = Object.entries(change)[0]!;
      if (JSON.stringify(attempt[name as keyof Attempt]) !== JSON.stringify(value)) yield having(change);
    }
    for (const [id, subtasks] of Object.entries(attempt.parallelism)) {
      for (const fewer of fewerThan(subtasks, 1))
        yield having({ parallelism: { ...attempt.parallelism, [id]: fewer } });
    }
    for (const end of earlierEnds(attempt.end)) yield having({ end });
  }
}

function* earlierEnds(end: AttemptEnd): Generator<AttemptEnd> {
  if ('operations' in end) for (const operations of fewerThan(end.operations, 1)) yield { ...end, operations };
  if ('checkpoint' in end) for (const checkpoint of fewerThan(end.checkpoint, 1)) yield { ...end, checkpoint };
  if ('steps' in end) for (const steps of fewerThan(end.steps)) yield { ...end, steps };
}

/** A few smaller numbers, the smallest first. */
function fewerThan(count: number, least = 0): readonly number[] {
  return [...new Set([least, least + Math.floor((count - least) / 2), count - 1])].filter(
    (n) => n >= least && n < count,
  );
}

function withAttempts(one: SimulationCase, attempts: readonly Attempt[]): SimulationCase {
  return { ...one, schedule: { ...one.schedule, attempts } };
}

function withNode(one: SimulationCase, changed: CaseNode): SimulationCase {
  const nodes = one.document.nodes.map((node) => (node.id === changed.id ? changed : node));
  return { ...one, document: { ...one.document, nodes } };
}

function withConfig(one: SimulationCase, node: CaseNode, change: Record<string, unknown>): SimulationCase {
  return withNode(one, { ...node, config: { ...node.config, ...change } });
}

/** Files that no source reads any more go, and what attempts say of nodes that are no more. */
function withGraph(one: SimulationCase, nodes: readonly CaseNode[], edges: readonly CaseEdge[]): SimulationCase {
  const folders = nodes.map(({ config }) => String(config.path).split('/')[0]!);
  const ids = new Set(nodes.map((node) => node.id));
  const isThere = ([id]: readonly [string, unknown]): boolean => ids.has(id);
  const attempts = one.schedule.attempts.map((attempt) => ({
    ...attempt,
    parallelism: Object.fromEntries(Object.entries(attempt.parallelism).filter(isThere)),
  }));
  return {
    document: { ...one.document, nodes, edges },
    files: Object.fromEntries(Object.entries(one.files).filter(([path]) => folders.includes(path.split('/')[2]!))),
    schedule: { ...one.schedule, attempts },
  };
}
