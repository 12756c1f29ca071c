/** What a debug adapter shows as variables, while a run stands where it stands: all references are new at the next stop. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { NodeId } from '../../core/ids.ts';
import type { BreakpointPlace, DebugPlanInfo, DebugRow, DebugSessionApi, DebugStop } from '../../protocol/debug.ts';
import { STEP_FRAME, type StackViews } from './stack-views.ts';
import { instant } from './words.ts';

type Variables = readonly DebugProtocol.Variable[];
type Load = () => Promise<Variables> | Variables;

interface View {
  readonly load: Load;
  /** Names of the variables that are entries of keyed state. */
  readonly places?: ReadonlyMap<string, BreakpointPlace & { type: 'state' }>;
}

export interface ScopeView {
  readonly name: string;
  readonly reference: number;
  readonly expensive: boolean;
}

export class VariableViews {
  readonly #session: DebugSessionApi;
  readonly #stop: DebugStop;
  readonly #plan: DebugPlanInfo;
  readonly #stack: StackViews;
  readonly #views: View[] = [];

  constructor(session: DebugSessionApi, stop: DebugStop, stack: StackViews) {
    this.#session = session;
    this.#stop = stop;
    this.#stack = stack;
    this.#plan = stack.plan;
  }

  scopes(frameId: number): readonly ScopeView[] {
    const { next } = this.#stop;
    const nodeId = this.#stack.nodeOf(frameId, this.#stop);
    const row = this.rowOf(frameId);
    return [
      ...(row === null ? [] : [this.#scope('Row', false, () => this.#rowVariables(row))]),
      ...(frameId === STEP_FRAME && next !== null ? [this.#scope('Next step', false, () => this.#explanation())] : []),
      ...(nodeId === null
        ? []
        : [this.#stateScope(nodeId), this.#scope('Watermarks', false, () => this.#watermarks(nodeId))]),
      this.#scope('Queues', true, () => this.#queues()),
    ];
  }

  /** That a frame is about. */
  rowOf(frameId: number): DebugRow | null {
    const { next, path } = this.#stop;
    return frameId === STEP_FRAME ? (next?.row ?? null) : (path[frameId - STEP_FRAME - 1] ?? null);
  }

  async variables(reference: number): Promise<Variables> {
    return (await this.#views[reference - 1]?.load()) ?? [];
  }

  /** Where a variable is an entry of keyed state. */
  stateAt(reference: number, name: string): (BreakpointPlace & { type: 'state' }) | null {
    return this.#views[reference - 1]?.places?.get(name) ?? null;
  }

  /** In the row that is about to be handled. `value`: JSON, or text as it is. */
  async setField(name: string, value: string): Promise<DebugStop> {
    const { next } = this.#stop;
    const row = next?.row ?? null;
    if (next === null || row === null) throw new Error('Only the row that is about to be handled can be changed.');
    const at = this.#fieldsOf(row).indexOf(name);
    if (at < 0) throw new Error(`The row has no field "${name}".`);
    const queues = await this.#session.queues();
    for (const { link, fromSubtask, toSubtask, elements } of queues) {
      const index = elements.findIndex((one) => one.type === 'row' && one.row.id === row.id);
      if (index < 0 || this.#plan.links[link]?.to !== next.nodeId) continue;
      const values = row.values.map((old, i) => (i === at ? parse(value) : old));
      return this.#session.editRow({ link, fromSubtask, toSubtask, index }, { values });
    }
    throw new Error('The row waits in no queue any more.');
  }

  #scope(name: string, expensive: boolean, load: Load): ScopeView {
    return { name, reference: this.#reference({ load }), expensive };
  }

  #reference(view: View): number {
    return this.#views.push(view);
  }

  #rowVariables(row: DebugRow): Variables {
    return [
      ...this.#fieldsOf(row).map((name, i) => this.#value(name, row.values[i])),
      leaf('(row)', String(row.id)),
      leaf('(event time)', row.eventTime === null ? 'none' : instant(row.eventTime)),
      leaf('(change)', row.changeKind),
    ];
  }

  async #explanation(): Promise<Variables> {
    const why = await this.#session.explain();
    if (why === null) return [];
    return [
      leaf('outcome', why.outcome),
      ...why.expressions.map(({ path, text, parts }) => ({
        ...leaf(path, `${text} → ${JSON.stringify(parts[0]?.error ?? parts[0]?.value)}`),
        variablesReference: this.#reference({
          load: () => parts.map((part) => leaf(part.text, part.error ?? JSON.stringify(part.value))),
        }),
      })),
      ...why.step.emitted.map((row) => ({
        ...leaf(`→ ${row.port}`, JSON.stringify(row.values)),
        variablesReference: this.#reference({ load: () => this.#rowVariables(row) }),
      })),
      ...why.changes.map(({ table, key, before, after }) =>
        leaf(
          `${table}[${key.map((one) => JSON.stringify(one)).join(', ')}]`,
          `${JSON.stringify(before)} → ${JSON.stringify(after)}`,
        ),
      ),
    ];
  }

  #stateScope(nodeId: NodeId): ScopeView {
    return this.#scope('State', true, async () => {
      const { tables, lists } = await this.#session.state(nodeId);
      return [
        ...tables.map((table) => {
          const places = new Map<string, BreakpointPlace & { type: 'state' }>();
          const entries = table.shown.map(({ key, namespace, values }) => {
            const name = `${key.map((one) => String(one)).join(', ')}${namespace === null ? '' : ` @ ${instant(namespace)}`}`;
            places.set(name, {
              type: 'state',
              nodeId,
              table: table.name,
              key: key.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
            });
            return this.#value(name, Object.fromEntries(table.columns.map((column, i) => [column.name, values[i]])));
          });
          return {
            ...leaf(table.name, `${table.entries} ${table.entries === 1 ? 'entry' : 'entries'}`),
            variablesReference: this.#reference({ load: () => entries, places }),
          };
        }),
        ...lists.map(({ name, values }) => this.#value(name, values)),
      ];
    });
  }

  async #watermarks(nodeId: NodeId): Promise<Variables> {
    const ofNode = (await this.#session.watermarks()).filter((one) => one.nodeId === nodeId);
    return ofNode.map(({ subtask, watermark, inputs }) => ({
      ...leaf(`#${subtask}`, timeText(watermark)),
      variablesReference:
        inputs.length === 0
          ? 0
          : this.#reference({
              load: () =>
                inputs.map(({ port, from, fromSubtask, watermark: own, isIdle, holdsBack }) =>
                  leaf(
                    `${port} ← ${from} #${fromSubtask}`,
                    `${timeText(own)}${isIdle ? ', idle' : ''}${holdsBack ? ', holds back' : ''}`,
                  ),
                ),
            }),
    }));
  }

  async #queues(): Promise<Variables> {
    const queues = (await this.#session.queues()).filter(({ elements }) => elements.length > 0);
    return queues.map(({ link, fromSubtask, toSubtask, elements }) => {
      const { from, to } = this.#plan.links[link]!;
      const waiting = elements.map((one, i) =>
        leaf(`[${i}]`, one.type === 'row' ? JSON.stringify(one.row.values) : one.type),
      );
      return {
        ...leaf(`${from} #${fromSubtask} → ${to} #${toSubtask}`, `${elements.length} waiting`),
        variablesReference: this.#reference({ load: () => waiting }),
      };
    });
  }

  #fieldsOf(row: DebugRow): readonly string[] {
    const operator = this.#plan.operators.find(({ nodeId }) => nodeId === row.nodeId);
    return operator?.outputs.find(({ name }) => name === row.port)?.fields.map(({ name }) => name) ?? [];
  }

  #value(name: string, value: unknown): DebugProtocol.Variable {
    if (value === null || typeof value !== 'object') return leaf(name, JSON.stringify(value));
    const load = (): Variables => Object.entries(value).map(([key, one]) => this.#value(key, one));
    return { ...leaf(name, JSON.stringify(value)), variablesReference: this.#reference({ load }) };
  }
}

function leaf(name: string, value: string): DebugProtocol.Variable {
  return { name, value, variablesReference: 0 };
}

function timeText(time: number | 'end' | null): string {
  return time === null ? 'none yet' : time === 'end' ? 'the end' : instant(time);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
