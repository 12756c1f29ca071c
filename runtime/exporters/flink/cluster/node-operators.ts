/**
 * Which operators of a job stand for which nodes of the pipeline. Flink's plan names tables and neither the views between them nor files that are
 * written. So sources, and sinks where the plan has them, are found by name, and along each way from the one to the other nodes are laid beside
 * operators in their order: as many as fit by what their SQL asks for, and by the names of fields, numbers and texts that both have.
 */
import type { NodeId } from '../../../core/ids.ts';
import type { ExportGraph, ExportNode } from '../../export-graph.ts';
import type { FlinkScript } from '../script.ts';
import type { PlanOperator } from './plan.ts';

export interface NodeOperators {
  /** By node of the document, in the order of the flow; without what reads a table of its own beside its inputs. A node that has none of its own has those of the node it is computed with. */
  readonly byNode: ReadonlyMap<NodeId, readonly PlanOperator[]>;
  /** That no node matches. */
  readonly unmatched: readonly PlanOperator[];
}

/** What a clause of SQL becomes in a plan: kinds of Flink's planner, and what their details begin with. */
const CLAUSES: readonly (readonly [sql: RegExp, operator: RegExp])[] = [
  [/\bMATCH_RECOGNIZE\b/, /^Match\(/],
  [/\bFOR SYSTEM_TIME AS OF\b/, /^(LookupJoin|TemporalJoin)\(/],
  [/\bJOIN\b/, /^\w*Join\(/],
  [/\bROW_NUMBER\(\)/, /^\w*(Rank|Deduplicate|Limit)\(/],
  [/\bOVER \(/, /^OverAggregate\(/],
  [/\bGROUP BY\b|\bSELECT DISTINCT\b/, /^\w*Aggregate\(/],
  [/\bTABLE\((TUMBLE|HOP|CUMULATE|SESSION)\(/, /^WindowTableFunction\(/],
  [/\bUNION ALL\b/, /^Union\(/],
  [/\bUNNEST\b|\bLATERAL\b/, /^(Correlate|Unnest)/],
  [/\bORDER BY\b/, /^(Sort|TemporalSort|SortLimit)\(/],
  // At the head of its line: FILTER (WHERE …) is an aggregate's.
  [/^\s*WHERE\b/m, /^Calc\(.*where=\[/],
  [/\bWATERMARK FOR\b/, /^WatermarkAssigner\(/],
];
const TABLE_SCORE = 8;
const CLAUSE_SCORE = 4;
const FIELDS_SCORE = 2;
/** Where all words of an operator are those of the node as well. */
const WORDS_SCORE = 4;
/** Goes before a pattern or sink, and asks for nothing. */
const TIME_OF_ROWS = 'StreamRecordTimestampInserter';
/** For a node of a way that none of its operators is for: another way may do without the node. */
const ALONE_SCORE = -0.5;
/** Ways from a source to a sink that are looked at: a graph that forks and joins has many. */
const MAX_WAYS = 500;

export function nodeOperators(
  graph: ExportGraph,
  { statements, names }: Pick<FlinkScript, 'statements' | 'names'>,
  plan: readonly PlanOperator[],
): NodeOperators {
  const parts = graph.nodes.map((node): Part => {
    const sql = statements.filter(({ node: own }) => own === node.id).map((one) => one.sql).join('\n'); // prettier-ignore
    const clauses = CLAUSES.filter(([clause]) => clause.test(sql)).map(([, operator]) => operator);
    return { node, clauses, tables: names.get(node.id) ?? [], words: wordsOf(sql) };
  });
  const found = new Map<NodeId, Set<PlanOperator>>();
  for (const [node, operator] of sinksOfEnds(parts, plan).flatMap(({ pairs }) => pairs)) {
    found.set(node.origin, (found.get(node.origin) ?? new Set()).add(operator));
  }
  const matched = new Set([...found.values()].flatMap((operators) => [...operators]));
  const starts = new Set(graph.nodes.filter(({ ports }) => ports.inputs.length === 0).map(({ origin }) => origin));
  const byNode = new Map(
    [...found].map(([node, operators]) => {
      const own = plan.filter((one) => operators.has(one));
      return [node, starts.has(node) ? own : own.filter((one) => !isBeside(one, operators))];
    }),
  );
  return { byNode, unmatched: plan.filter((one) => !matched.has(one)) };
}

/** Whether it reads a table of the node's own: rows of a lookup, beside those that come in. */
function isBeside(operator: PlanOperator, ofNode: ReadonlySet<PlanOperator>): boolean {
  if (!ofNode.has(operator)) return false;
  return operator.kind === 'TableSourceScan' || (operator.inputs.length > 0 && operator.inputs.every((one) => isBeside(one, ofNode))); // prettier-ignore
}

type Pair = readonly [ExportNode, PlanOperator];

/** An end of the plan as a sink: all ways to the one beside ways to the other. */
interface EndAsSink {
  readonly end: PlanOperator;
  readonly sink: Part;
  readonly score: number;
  readonly pairs: readonly Pair[];
}

/** Each end of the plan is another sink: those that fit best first. */
function sinksOfEnds(parts: readonly Part[], plan: readonly PlanOperator[]): readonly EndAsSink[] {
  const byId = new Map(parts.map((part) => [part.node.id, part]));
  const sinks = parts.filter(({ node }) => isSink(node));
  const ways = waysTo(sinks, ({ node }) => node.edges.map(({ from }) => byId.get(from)!));
  const read = new Set(plan.flatMap(({ inputs }) => inputs));
  // Flink numbers operators sink by sink, in the order of their INSERTs: where nothing else tells them apart, that does.
  const ends = plan.filter((one) => !read.has(one)).sort((a, b) => numberBefore(a) - numberBefore(b));
  const named = new Set(ends.map(sinkTableOf).filter((name) => name !== null));
  const all = ends.flatMap((end) => {
    const operatorWays = waysTo([end], ({ inputs }) => inputs);
    const name = sinkTableOf(end);
    return sinks
      .filter(({ tables }) => (name === null ? !tables.some((one) => named.has(one)) : tables.includes(name)))
      .map((sink) => asSink(end, operatorWays, sink, ways.filter((way) => way.at(-1) === sink))); // prettier-ignore
  });
  const chosen: EndAsSink[] = [];
  for (const one of all.filter(({ pairs }) => pairs.length > 0).sort((a, b) => b.score - a.score)) {
    if (!chosen.some(({ end, sink }) => end === one.end || sink === one.sink)) chosen.push(one);
  }
  return chosen;
}

function numberBefore(end: PlanOperator): number {
  return end.number ?? Math.max(0, ...end.inputs.map(numberBefore));
}

function asSink(
  end: PlanOperator,
  operatorWays: readonly (readonly PlanOperator[])[],
  sink: Part,
  ways: readonly (readonly Part[])[],
): EndAsSink {
  const laid = operatorWays.flatMap((operators) => {
    const source = tableOf(operators[0]!);
    const layings = ways.flatMap((way) => {
      // A node may read a table of its own, beside its inputs.
      const start = way.findIndex(({ tables }) => source !== null && tables.includes(source));
      return start === -1 ? [] : [laidBeside(way.slice(start), operators)];
    });
    const top = Math.max(...layings.map(({ score }) => score));
    // Nodes that are the same share what Flink computes once.
    return layings.filter(({ score }) => score === top).map((one, _, { length }) => ({ ...one, score: top / length }));
  });
  return {
    end,
    sink,
    score: laid.reduce((sum, { score }) => sum + score, 0),
    pairs: laid.flatMap(({ pairs }) => pairs),
  };
}

interface Part {
  readonly node: ExportNode;
  /** Of operators that its SQL asks for. */
  readonly clauses: readonly RegExp[];
  /** And views. */
  readonly tables: readonly string[];
  readonly words: ReadonlySet<string>;
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

/** `table=[[default_catalog, default_database, clicks]]`, `table=[default_catalog.default_database.board]`. */
function tableOf({ details }: PlanOperator): string | null {
  return /table=\[\[?[^,.\]]+[,.] ?[^,.\]]+[,.] ?([^,\]]+)/.exec(details)?.[1] ?? null;
}

/** Null: it does not tell, as what writes files does not. */
function sinkTableOf(end: PlanOperator): string | null {
  return end.kind === 'Sink' ? tableOf(end) : end.inputs.length === 1 && end.number === null ? sinkTableOf(end.inputs[0]!) : null; // prettier-ignore
}

/** Nodes beside operators, both in order, for the highest score; an operator that fits no node better goes with the node before it. */
function laidBeside(
  way: readonly Part[],
  operators: readonly PlanOperator[],
): { readonly score: number; readonly pairs: readonly Pair[] } {
  const last = operators.length - 1;
  // best[i][j]: of the operators from j on, where the operator j is at node i.
  const best: { score: number; next: number }[][] = way.map(() => []);
  for (let j = last; j >= 0; j--) {
    for (let i = way.length - 1; i >= 0; i--) {
      let follow = { score: j === last ? (i === way.length - 1 ? 0 : -Infinity) : -Infinity, next: i };
      for (let k = i; j < last && k < way.length; k++) {
        // What fits nothing is no operator of a node's own.
        const alone = Math.max(0, k - i - 1) + Number(k > i && fit(way[k]!, operators[j + 1]!) === 0);
        const score = best[k]![j + 1]!.score + ALONE_SCORE * alone;
        if (score > follow.score) follow = { score, next: k };
      }
      best[i]![j] = { score: follow.score + fit(way[i]!, operators[j]!), next: follow.next };
    }
  }
  const placed: (readonly [Part, PlanOperator])[] = [];
  for (let j = 0, i = 0; j <= last; i = best[i]![j]!.next, j++) placed.push([way[i]!, operators[j]!]);
  const shared = way
    .filter((part) => !placed.some(([other]) => other === part))
    .map((part): Pair => [part.node, sharedWith(part, way, placed)]);
  return { score: best[0]![0]!.score, pairs: [...placed.map(([{ node }, operator]): Pair => [node, operator]), ...shared] }; // prettier-ignore
}

/** A node without operators of its own is computed where one beside it is: rows that it hands on are those of the last before, unless the first behind it fits better. */
function sharedWith(
  part: Part,
  way: readonly Part[],
  placed: readonly (readonly [Part, PlanOperator])[],
): PlanOperator {
  const at = way.indexOf(part);
  const before = placed.findLast(([other]) => way.indexOf(other) < at)?.[1];
  const behind = placed.find(([other]) => way.indexOf(other) > at && !isSink(other.node))?.[1];
  if (before === undefined || behind === undefined) return (before ?? behind)!;
  return fit(part, behind) > fit(part, before) ? behind : before;
}

function fit({ node, clauses, words }: Part, operator: PlanOperator): number {
  if (isSink(node)) return /^(Sink|.*Writer.*|.*Committer.*)$/.test(operator.kind) ? TABLE_SCORE : 0;
  if (operator.kind === TIME_OF_ROWS) return 0;
  const byTable = node.ports.inputs.length === 0 && operator.kind === 'TableSourceScan' ? TABLE_SCORE : 0;
  const byClause = clauses.some((clause) => clause.test(`${operator.kind}(${operator.details}`)) ? CLAUSE_SCORE : 0;
  const given = Object.values(node.outputs).map(({ schema }) => schema.fields.map(({ name }) => name));
  const byFields = given.some((list) => isSameSet(list, operator.fields)) ? FIELDS_SCORE : 0;
  const own = wordsOf(operator.details);
  const byWords = own.size === 0 ? 0 : (WORDS_SCORE * [...own].filter((word) => words.has(word)).length) / own.size;
  return byTable + byClause + byFields + byWords;
}

/** Names, numbers and texts. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/'[^']*'|[A-Za-z_]\w*|\d+(?:\.\d+)?/g));
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
