/** What there is to see in a session, as lines of the dialogue. */
import type { NodeId } from '../../core/ids.ts';
import type { DebugPlanInfo, DebugRow, DebugSessionApi, LineageHop, QueueElement } from '../../protocol/debug.ts';
import { describeStep, instant, timeText } from './words.ts';

export function nodesText({ operators }: DebugPlanInfo): string {
  return lines(
    operators.map(
      ({ nodeId, type, subtasks, outputs }) =>
        `${nodeId}: ${type} × ${subtasks}${outputs.map(({ name, fields }) => `\n  ${name}: ${fields.map((f) => `${f.name} ${f.type}`).join(', ')}`).join('')}`,
    ),
  );
}

/** What the next step does with its row, and why. */
export async function whyText(session: DebugSessionApi): Promise<string> {
  const found = await session.explain();
  if (found === null) return 'nothing more can be done';
  const { step, outcome, expressions, changes } = found;
  return lines([
    `${describeStep(step)}: ${outcome}`,
    ...expressions.flatMap(({ path, parts }) =>
      parts.map(
        ({ text, value, error }, i) => `  ${i === 0 ? `${path}: ` : '  '}${text} = ${error ?? JSON.stringify(value)}`,
      ),
    ),
    ...step.emitted.map((row) => `  → ${row.port} ${describeRow(row)}`),
    ...changes.map(
      ({ table, key, namespace, before, after }) =>
        `  ${table}[${key.map(String).join(', ')}]${namespace === null ? '' : ` @ ${instant(namespace)}`}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    ),
  ]);
}

export async function queuesText(session: DebugSessionApi, { links }: DebugPlanInfo): Promise<string> {
  const queues = await session.queues();
  return lines(
    queues.map(({ link, fromSubtask, toSubtask, elements }) => {
      const { from, to } = links[link]!;
      const waiting = elements.map((one) => (one.type === 'row' ? describeRow(one.row) : markText(one)));
      return `${link}: ${from} #${fromSubtask} → ${to} #${toSubtask}: ${waiting.length === 0 ? 'empty' : waiting.join(' · ')}`;
    }),
  );
}

/** Of keys that begin with `key`. */
export async function stateText(session: DebugSessionApi, node: NodeId, key: readonly string[]): Promise<string> {
  const { tables, bytes } = await session.state(node, key.length === 0 ? {} : { key });
  return lines([
    `${node}: ${bytes} bytes`,
    ...tables.flatMap(({ name, entries, columns, shown }) => [
      `  ${name}: ${entries} entries`,
      ...shown.map(({ key: own, namespace, values }) => {
        const at = namespace === null ? '' : ` @ ${instant(namespace)}`;
        return `    ${own.map(String).join(', ')}${at}: ${columns.map((one, i) => `${one.name} ${JSON.stringify(values[i])}`).join(', ')}`;
      }),
    ]),
  ]);
}

export async function watermarksText(session: DebugSessionApi): Promise<string> {
  const all = await session.watermarks();
  const time = (at: number | 'end' | null): string => (at === null ? 'none' : at === 'end' ? 'the end' : instant(at));
  return lines(
    all.map(({ nodeId, subtask, watermark, inputs }) => {
      const holders =
        inputs.length < 2
          ? []
          : inputs.filter(({ holdsBack }) => holdsBack).map(({ port, from }) => `${port} (${from})`);
      return `${nodeId} #${subtask}: ${time(watermark)}${holders.length === 0 ? '' : `, held back by ${holders.join(', ')}`}`;
    }),
  );
}

export function describeRow({ id, values, eventTime, changeKind }: DebugRow): string {
  const time = eventTime === null ? '' : ` @ ${instant(eventTime)}`;
  return `${id} ${changeKind === '+I' ? '' : `${changeKind} `}${JSON.stringify(values)}${time}`;
}

export function describeHop({ row, parents, exactness }: LineageHop): string {
  const from = parents.length === 0 ? '' : ` ← ${parents.join(', ')}${exactness === 'exact' ? '' : ' (some of these)'}`;
  return `${row.nodeId}.${row.port} ${describeRow(row)}${from}`;
}

function markText(element: Exclude<QueueElement, { type: 'row' }>): string {
  return element.type === 'watermark' ? `watermark${timeText(element.watermark)}` : element.type;
}

export function lines(all: readonly string[]): string {
  return all.filter((one) => one !== '').join('\n');
}
