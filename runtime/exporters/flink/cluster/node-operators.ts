/**
 * Which operators of a job stand for which nodes of the pipeline. Flink's plan names tables and not the views between them, so sources and sinks are
 * found by name, and along each way from the one to the other nodes are laid beside operators in their order: as many as fit by
 * what their SQL asks for and by the names of their fields.
 */
import type { NodeId } from '../../../core/ids.ts';
import type { ExportGraph, ExportNode } from '../../export-graph.ts';
import type { FlinkScript } from '../script.ts';
import type { PlanOperator } from './plan.ts';

export interface NodeOperators {
  /** By node of the document, in the order of the flow. A node that has none of its own has those of the node it is computed with. */
  readonly byNode: ReadonlyMap<NodeId, readonly PlanOperator[]>;
  /** That no node matches. */
  readonly unmatched: readonly PlanOperator[];
}

/** What a clause of SQL becomes in a plan (kinds of Flink's planner). */
const CLAUSES: readonly (readonly [sql: RegExp, kind: RegExp])[] = [
  [/\bMATCH_RECOGNIZE\b/, /^Match$/],
  [/\bFOR SYSTEM_TIME AS OF\b/, /^(LookupJoin|TemporalJoin)$/],
  [/\bJOIN\b/, /Join$/],
  [/\bROW_NUMBER\(\)/, /(Rank|Deduplicate|Limit)$/],
  [/\bOVER \(/, /^OverAggregate$/],
  [/\bGROUP BY\b|\bSELECT DISTINCT\b/, /(Aggregate|Window)$/],
  [/\bUNION ALL\b/, /^Union$/],
  [/\bUNNEST\b|\bLATERAL\b/, /^(Correlate|Unnest)/],
  [/\bORDER BY\b/, /^(Sort|TemporalSort|SortLimit)$/],
  // At the head of its line: FILTER (WHERE …) is an aggregate's.
  [/^\s*WHERE\b/m, /^Calc$/],
  [/\bWATERMARK FOR\b/, /^WatermarkAssigner$/],
];
const CLAUSE_SCORE = 4;
const FIELDS_SCORE = 2;
/** Ways from a source to a sink that are looked at: a graph that forks and joins has many. */
const MAX_WAYS = 500;

export function nodeOperators(
  graph: ExportGraph,
  { statements, names }: Pick<FlinkScript, 'statements' | 'names'>,
  plan: readonly PlanOperator[],
): NodeOperators {
  const found = new Map<NodeId, Set<PlanOperator>>();
  const add = (node: NodeId, operator: PlanOperator): void => {
    const known = found.get(node) ?? new Set();
    found.set(node, known.add(operator));
  };
  const sqlOf = (node: NodeId): string =>
    statements.filter(({ node: own }) => own === node).map(({ sql }) => sql).join('\n'); // prettier-ignore
  const parts: readonly Part[] = graph.nodes.map((node) => ({
    node,
    kinds: CLAUSES.filter(([clause]) => clause.test(sqlOf(node.id))).map(([, kind]) => kind),
  }));
  const byId = new Map(parts.map((part) => [part.node.id, part]));
  const nodeWays = waysTo(parts.filter(({ node }) => isSink(node)), ({ node }) => node.edges.map(({ from }) => byId.get(from)!)); // prettier-ignore
  const ends = plan.filter((one) => !plan.some(({ inputs }) => inputs.includes(one)));
  const tables = (node: ExportNode): readonly string[] => names.get(node.id) ?? [];
  const named = new Set(ends.map((one) => (one.kind === 'Sink' ? tableOf(one) : null)).filter((one) => one !== null));
  const scored = waysTo(ends, ({ inputs }) => inputs).flatMap((operators) =>
    nodeWays
      .filter((way) => fitsEnds(way, operators, tables, named))
      .map((way) => ({ operators, ...laidBeside(way, operators) })),
  );
  const best = new Map<PlanOperator, (typeof scored)[number][]>();
  for (const one of scored) {
    const end = one.operators.at(-1)!;
    const known = best.get(end) ?? [];
    const top = known[0]?.score ?? -1;
    if (one.score > top) best.set(end, [one]);
    else if (one.score === top) best.set(end, [...known, one]);
  }
  for (const layings of best.values())
    for (const { pairs } of layings) for (const [node, operator] of pairs) add(node.origin, operator);
  const matched = new Set([...found.values()].flatMap((operators) => [...operators]));
  const byNode = new Map([...found].map(([node, operators]) => [node, plan.filter((one) => operators.has(one))]));
  return { byNode, unmatched: plan.filter((one) => !matched.has(one)) };
}

interface Part {
  readonly node: ExportNode;
  /** Of operators that its SQL asks for. */
  readonly kinds: readonly RegExp[];
}

function isSink({ ports, readPorts }: ExportNode): boolean {
  return ports.inputs.length > 0 && readPorts.length === 0;
}

/** Every way from a start to one of `ends`, each from its start on. */
function waysTo<T>(ends: readonly T[], inputsOf: (one: T) => readonly T[]): readonly (readonly T[])[] {
  const ways: T[][] = [];
  const walk = (one: T, behind: T[]): void => {
    if (ways.length >= MAX_WAYS) return;
    const way = [one, ...behind];
    const inputs = inputsOf(one);
    if (inputs.length === 0) ways.push(way);
    for (const input of inputs) walk(input, way);
  };
  for (const end of ends) walk(end, []);
  return ways;
}

/** Whether both start at the same table, and end at the same one where the operator tells its name. */
function fitsEnds(
  way: readonly Part[],
  operators: readonly PlanOperator[],
  tables: (node: ExportNode) => readonly string[],
  named: ReadonlySet<string>,
): boolean {
  const source = tableOf(operators[0]!);
  const sink = [...operators].reverse().map(tableOf).find((name) => name !== null) ?? null; // prettier-ignore
  const isOf = (name: string, { node }: Part): boolean => tables(node).includes(name);
  if (source === null || !isOf(source, way[0]!)) return false;
  // What writes files does not tell its table: then it is none of those that others tell.
  if (sink === source || sink === null) return !tables(way.at(-1)!.node).some((name) => named.has(name));
  return isOf(sink, way.at(-1)!);
}

/** `table=[[default_catalog, default_database, clicks]]`, `table=[default_catalog.default_database.board]`. */
function tableOf({ details }: PlanOperator): string | null {
  return /table=\[\[?[^,.\]]+[,.] ?[^,.\]]+[,.] ?([^,\]]+)/.exec(details)?.[1] ?? null;
}

/** Nodes beside operators, both in order, for the highest score; an operator that fits no node better goes with the node before it. */
function laidBeside(
  way: readonly Part[],
  operators: readonly PlanOperator[],
): { readonly score: number; readonly pairs: readonly (readonly [ExportNode, PlanOperator])[] } {
  const last = operators.length - 1;
  // best[i][j]: of the operators from j on, where the operator j is at node i.
  const best: { score: number; next: number }[][] = way.map(() => []);
  for (let j = last; j >= 0; j--) {
    for (let i = way.length - 1; i >= 0; i--) {
      let follow = { score: j === last ? (i === way.length - 1 ? 0 : -Infinity) : -Infinity, next: i };
      for (let k = i; j < last && k < way.length; k++) {
        const { score } = best[k]![j + 1]!;
        if (score > follow.score) follow = { score, next: k };
      }
      best[i]![j] = { score: follow.score + fit(way[i]!, operators[j]!), next: follow.next };
    }
  }
  const pairs: (readonly [ExportNode, PlanOperator])[] = [];
  const has = new Set<number>();
  for (let j = 0, i = 0; j <= last; i = best[i]![j]!.next, j++) {
    pairs.push([way[i]!.node, operators[j]!]);
    has.add(i);
  }
  // A node without operators of its own is computed where the next one that has some is.
  for (const [i, { node }] of way.entries()) {
    if (has.has(i)) continue;
    const next = way.findIndex((_, k) => k > i && has.has(k));
    const shared = pairs.find(([other]) => other === way[next]?.node);
    if (shared !== undefined) pairs.push([node, shared[1]]);
  }
  return { score: best[0]![0]!.score, pairs };
}

function fit({ node, kinds }: Part, operator: PlanOperator): number {
  const byClause = kinds.some((kind) => kind.test(operator.kind)) ? CLAUSE_SCORE : 0;
  const given = Object.values(node.outputs).map(({ schema }) => schema.fields.map(({ name }) => name));
  const taken = node.inputs.map(({ shape }) => shape.schema.fields.map(({ name }) => name));
  const isTable = isSink(node) ? /^(Sink|.*Writer.*|.*Committer.*)$/.test(operator.kind) : operator.kind === 'TableSourceScan' && node.ports.inputs.length === 0; // prettier-ignore
  const lists = isSink(node) ? taken : given;
  const byFields = lists.some((list) => isSameSet(list, operator.fields)) ? FIELDS_SCORE : 0;
  return byClause + byFields + (isTable ? 2 * CLAUSE_SCORE : 0);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
