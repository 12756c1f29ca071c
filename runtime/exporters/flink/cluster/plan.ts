/** A job's plan, as Flink's REST API tells it (`/jobs/:id/plan`): its operators, and which of them feed which. */

/** Of `plan.nodes`. */
export interface PlanVertex {
  readonly id: string;
  readonly parallelism: number;
  /** HTML: operators in lines, each indented below the one that feeds it. */
  readonly description: string;
  readonly inputs?: readonly { readonly id: string }[];
}

/** An operator of Flink SQL's planner, `[13]:WindowAggregate(…)`, or one that connectors add, without number. */
export interface PlanOperator {
  readonly vertex: string;
  /** Of the planner: greater than those of the operators it reads from; null where there is none. */
  readonly number: number | null;
  readonly kind: string;
  readonly details: string;
  /** Names of the fields it gives; empty: not told. */
  readonly fields: readonly string[];
  readonly inputs: readonly PlanOperator[];
}

interface Draft extends PlanOperator {
  readonly inputs: Draft[];
}

/** Each after those it reads from. */
export function planOperators(vertices: readonly PlanVertex[]): readonly PlanOperator[] {
  const byVertex = new Map<string, readonly Draft[]>();
  const all: Draft[] = [];
  const read = new Set<Draft>();
  const waiting = [...vertices];
  while (waiting.length > 0) {
    const ready = waiting.findIndex(({ inputs = [] }) => inputs.every(({ id }) => byVertex.has(id)));
    // A vertex that nobody feeds is last resort: plans have no cycles.
    const [vertex] = waiting.splice(Math.max(0, ready), 1);
    const { id, description, inputs = [] } = vertex!;
    const operators = operatorsIn(id, description);
    byVertex.set(id, operators);
    all.push(...operators);
    const [head] = operators;
    for (const input of inputs) {
      const feeding = feeder(byVertex.get(input.id) ?? [], head ?? null, read);
      if (feeding === null) continue;
      head?.inputs.push(feeding);
      read.add(feeding);
    }
  }
  for (const operator of all) {
    if (operator.fields.length === 0) {
      const own = operator.inputs[0]?.fields ?? [];
      Object.assign(operator, { fields: own });
    }
  }
  return all;
}

/** Of the ends of a chain the one that an operator of another vertex reads: the last that was numbered before it, if there is one of those that nobody reads yet. */
function feeder(chain: readonly Draft[], reader: Draft | null, read: ReadonlySet<Draft>): Draft | null {
  const ends = chain.filter((one) => !chain.some(({ inputs }) => inputs.includes(one)));
  const number = reader?.number ?? null;
  if (number === null) return ends.find(({ number: own }) => own === null) ?? ends.at(-1) ?? null;
  const before = ends
    .filter((one) => one.number !== null && one.number < number)
    .sort((a, b) => Number(read.has(a)) - Number(read.has(b)) || b.number! - a.number!);
  return before[0] ?? ends[0] ?? null;
}

function operatorsIn(vertex: string, description: string): readonly Draft[] {
  const path: Draft[] = [];
  return linesOf(description).map((line) => {
    // ":  +- [5]:Local…": three characters for each step down the chain.
    const [, indent = '', number, rest = ''] = /^((?:[:+]- |:  |   )*)(?:\[(\d+)\]:)?(.*)$/s.exec(line)!;
    const depth = indent.length / 3;
    const [, kind = rest, details = ''] = /^(\w+)\((.*)\)$/s.exec(rest) ?? [];
    const operator: Draft = { vertex, number: number === undefined ? null : Number(number), kind, details, fields: fieldsOf(details), inputs: [] }; // prettier-ignore
    const parent = path[depth - 1];
    if (parent !== undefined) operator.inputs.push(parent);
    path.length = depth;
    path.push(operator);
    return operator;
  });
}

/** A text in an operator may go over several lines. */
function linesOf(description: string): readonly string[] {
  const lines: string[] = [];
  for (const line of description.split('<br/>').map(unescaped)) {
    const before = lines.at(-1);
    if (before !== undefined && before.includes('(') && !before.endsWith(')')) lines[lines.length - 1] += `\n${line}`;
    else if (line.trim() !== '') lines.push(line);
  }
  return lines;
}

function unescaped(text: string): string {
  return text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** `select=[page, COUNT(*) AS clicks]` → page, clicks. */
function fieldsOf(details: string): readonly string[] {
  const list = listAfter(details, 'select=[') ?? listAfter(details, 'fields=[');
  return list?.map((item) => /(?:^| AS )([\w$]+)$/.exec(item)?.[1] ?? item) ?? [];
}

/** Items up to the bracket that ends the list, split where no bracket or text is open. */
function listAfter(text: string, start: string): readonly string[] | null {
  const at = text.indexOf(start);
  if (at === -1) return null;
  const items: string[] = [];
  let depth = 0;
  let isText = false;
  let item = '';
  for (const char of text.slice(at + start.length)) {
    if (char === "'") isText = !isText;
    if (!isText) {
      if (depth === 0 && char === ']') break;
      if ('([{'.includes(char)) depth++;
      if (')]}'.includes(char)) depth--;
      if (depth === 0 && char === ',') {
        items.push(item.trim());
        item = '';
        continue;
      }
    }
    item += char;
  }
  return [...items, item.trim()];
}
