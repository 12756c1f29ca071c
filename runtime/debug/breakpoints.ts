/** Where a run stops: decided after each step, before or behind it. */
import type { Batch } from '../core/batch.ts';
import { field, schemaOf, type Schema } from '../core/schema.ts';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import { BIGINT, DOUBLE, INT, STRING, type DataType, type Value } from '../core/types.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import type { BreakpointPlace, BreakpointRequest, BreakpointState, Moment, RowId } from '../protocol/debug.ts';
import { hasTimerDue, isFiring } from './history.ts';
import type { MadeStep } from './replica.ts';
import { fillTemplate, rowCondition } from './run-conditions.ts';
import type { ChangedEntry } from './state-change-watch.ts';
import { keyText } from './state-view.ts';
import type { EntryPlace } from './state-watch.ts';
import type { OperatorCall } from './step-probe.ts';

/** What a breakpoint was hit by, for its condition and message. */
interface Occasion {
  readonly schema: Schema;
  readonly row: readonly Value[];
}

/** In front of the step that hits, or behind it: where the row stands in a queue. */
export type Side = 'before' | 'behind';

export interface Hit {
  readonly id: string;
  readonly side: Side;
  /** Of one that only logs; null: it stops. */
  readonly message: string | null;
}

export interface LookedAt {
  readonly step: MadeStep;
  readonly changes: readonly ChangedEntry[];
}

/** Whether the chosen row of a breakpoint on lineage was made of another, or the other of it. */
export type IsRelated = (chosen: RowId, row: RowId) => boolean;

class Breakpoint {
  readonly request: BreakpointRequest;
  problem: string | null = null;
  /** Moments of the steps that fitted, ascending. */
  readonly #hits: Moment[] = [];
  readonly #conditions = new Map<Schema, ReturnType<typeof rowCondition>>();
  /** When each subtask's watermark came to what is waited for. */
  readonly #reachedAt = new Map<string, Moment>();

  constructor(request: BreakpointRequest) {
    this.request = request;
  }

  /** How many hits up to a moment. */
  count(moment: Moment): number {
    let count = 0;
    while (count < this.#hits.length && this.#hits[count]! <= moment) count++;
    return count;
  }

  /** Notes a hit, unless it is known; its number. */
  note(moment: Moment): number {
    const at = this.#hits.findIndex((one) => one >= moment);
    if (at < 0) this.#hits.push(moment);
    else if (this.#hits[at] !== moment) this.#hits.splice(at, 0, moment);
    return at < 0 ? this.#hits.length : at + 1;
  }

  forgetAfter(moment: Moment): void {
    while (this.#hits.length > 0 && this.#hits.at(-1)! > moment) this.#hits.pop();
    for (const [task, at] of this.#reachedAt) if (at > moment) this.#reachedAt.delete(task);
  }

  /** True for the first watermark of a subtask that is high enough. */
  isFirstToReach({ nodeId, subtask }: OperatorCall, moment: Moment): boolean {
    const task = `${nodeId}#${subtask}`;
    const known = this.#reachedAt.get(task);
    if (known !== undefined && known < moment) return false;
    this.#reachedAt.set(task, moment);
    return true;
  }

  fits({ schema, row }: Occasion, now: number): boolean {
    const { condition } = this.request;
    if (condition === undefined || condition.trim() === '') return true;
    let checked = this.#conditions.get(schema);
    if (checked === undefined) this.#conditions.set(schema, (checked = rowCondition(condition, schema)));
    if ('test' in checked) return checked.test(row, now);
    this.problem = checked.problem;
    return false;
  }

  stopsAt(hit: number): boolean {
    const { hits } = this.request;
    switch (hits?.type) {
      case undefined:
        return true;
      case 'every':
        return hit % hits!.n === 0;
      case 'from':
        return hit >= hits!.n;
      case 'at':
        return hit === hits!.n;
    }
  }
}

export class Breakpoints {
  readonly #plan: PhysicalPlan;
  readonly #isRelated: IsRelated;
  #all: readonly Breakpoint[] = [];
  #told = new Map<string, string>();
  readonly #entrySchemas = new Map<string, Schema>();

  constructor(plan: PhysicalPlan, isRelated: IsRelated) {
    this.#plan = plan;
    this.#isRelated = isRelated;
  }

  /** In place of those before; what is known of one that is the same is kept. */
  set(requests: readonly BreakpointRequest[]): void {
    const before = new Map(this.#all.map((one) => [JSON.stringify(one.request), one]));
    this.#all = requests.map((request) => {
      const known = before.get(JSON.stringify(request));
      if (known !== undefined) return known;
      const made = new Breakpoint(request);
      made.problem = this.#problemOf(request);
      return made;
    });
  }

  get requests(): readonly BreakpointRequest[] {
    return this.#all.map(({ request }) => request);
  }

  states(moment: Moment): readonly BreakpointState[] {
    return this.#all.map((one) => ({ id: one.request.id, problem: one.problem, hits: one.count(moment) }));
  }

  /** Those of them that have changed since this was asked last. */
  news(moment: Moment): readonly BreakpointState[] {
    const states = this.states(moment);
    const changed = states.filter((state) => this.#told.get(state.id) !== JSON.stringify(state));
    this.#told = new Map(states.map((state) => [state.id, JSON.stringify(state)]));
    return changed;
  }

  /** Nodes whose state is watched. */
  get watched(): ReadonlySet<NodeId> {
    const places = this.#active.map(({ request }) => request.place);
    return new Set(
      places.flatMap((place) =>
        place.type === 'state'
          ? this.#plan.operators.map((o) => o.nodeId).filter((id) => this.#isAt(place.nodeId, id))
          : [],
      ),
    );
  }

  /** Rows whose relatives some stop at. */
  get chosen(): readonly RowId[] {
    return this.#active.flatMap(({ request: { place } }) => (place.type === 'lineage' ? [place.row] : []));
  }

  forgetAfter(moment: Moment): void {
    for (const one of this.#all) one.forgetAfter(moment);
  }

  /** What a step hits. Counts it. */
  look(at: LookedAt): readonly Hit[] {
    return this.#active.flatMap((one) => this.#lookFor(one, at));
  }

  get #active(): readonly Breakpoint[] {
    return this.#all.filter(({ request, problem }) => request.mode !== 'disabled' && problem === null);
  }

  #lookFor(breakpoint: Breakpoint, at: LookedAt): readonly Hit[] {
    const { request } = breakpoint;
    const occasion = this.#occasions(breakpoint, at).find((one) => breakpoint.fits(one, at.step.now));
    if (occasion === undefined) return [];
    const { moment } = at.step;
    if (!breakpoint.stopsAt(breakpoint.note(moment))) return [];
    const side = request.place.type === 'output' ? 'behind' : 'before';
    return [{ id: request.id, side, message: request.mode === 'log' ? messageOf(request, occasion, at) : null }];
  }

  /** All that the step did which the breakpoint is about. */
  #occasions(breakpoint: Breakpoint, { step, changes }: LookedAt): readonly Occasion[] {
    const { place } = breakpoint.request;
    const { call } = step;
    if (call === null || !this.#isAt(place.nodeId, call.nodeId)) return [];
    switch (place.type) {
      case 'node':
        return call.kind === 'row' && this.#cameTo(place, call) ? [rowOf(call.batch!)] : [];
      case 'output':
        return call.emitted.filter(({ port }) => this.#leftBy(place, call, port)).map(({ batch }) => rowOf(batch));
      case 'firing':
        return isFiring(call) ? call.emitted.map(({ batch }) => rowOf(batch)) : [];
      case 'late':
        return call.lateRows > 0 ? [call.batch === null ? NOTHING : rowOf(call.batch)] : [];
      case 'timer':
        return hasTimerDue(call) ? [NOTHING] : [];
      case 'watermark':
        if (call.kind !== 'watermark') return [];
        if (place.atLeast === null) return [NOTHING];
        return call.time! >= place.atLeast && breakpoint.isFirstToReach(call, step.moment) ? [NOTHING] : [];
      case 'barrier':
        return call.kind === 'barrier' ? [NOTHING] : [];
      case 'error':
        return step.error !== null ? [call.batch === null ? NOTHING : rowOf(call.batch)] : [];
      case 'lineage':
        return call.kind === 'row' && this.#isRelated(place.row, call.row) ? [rowOf(call.batch!)] : [];
      case 'state':
        return changes.filter((change) => isWanted(place, change)).map((change) => this.#entryOf(change));
    }
  }

  /** Whether an operator is the node, or a part of it. */
  #isAt(wanted: NodeId | null, nodeId: NodeId): boolean {
    return wanted === null || wanted === nodeId || nodeId.startsWith(`${wanted}/`);
  }

  #cameTo(place: BreakpointPlace & { type: 'node' }, call: OperatorCall): boolean {
    const composite = this.#plan.composites.find(({ nodeId }) => nodeId === place.nodeId);
    const port = this.#inputOf(call)?.port;
    if (composite === undefined) {
      // Of a node that stands for others: where rows come in.
      return place.nodeId === call.nodeId
        ? place.port === undefined || place.port === port
        : this.#comesInto(place, call);
    }
    return composite.inputs.some(
      (inner) =>
        inner.nodeId === call.nodeId &&
        inner.port === port &&
        (place.port === undefined || place.port === inner.outerPort),
    );
  }

  #comesInto({ nodeId }: BreakpointPlace & { type: 'node' }, call: OperatorCall): boolean {
    const links = this.#plan.links.filter(({ to, input }) => to === call.nodeId && input === call.input);
    return links.some(({ from }) => !this.#isAt(nodeId, from));
  }

  #leftBy(place: BreakpointPlace & { type: 'output' }, call: OperatorCall, port: string): boolean {
    const composite = this.#plan.composites.find(({ nodeId }) => nodeId === place.nodeId);
    if (composite === undefined) return port === place.port;
    return composite.outputs.some(
      (inner) => inner.nodeId === call.nodeId && inner.port === port && inner.outerPort === place.port,
    );
  }

  #inputOf(call: OperatorCall): PhysicalPlan['operators'][number]['inputs'][number] | undefined {
    return this.#plan.operators.find(({ nodeId }) => nodeId === call.nodeId)?.inputs[call.input];
  }

  #entryOf({ place, before, after }: ChangedEntry): Occasion {
    const id = `${place.nodeId} ${place.table}`;
    let schema = this.#entrySchemas.get(id);
    if (schema === undefined) this.#entrySchemas.set(id, (schema = entrySchema(place)));
    const values = after ?? before ?? [];
    const row = [
      ...place.key,
      ...place.layout.columns.map((_, i) => (values[i] ?? null) as Value),
      BigInt(Math.trunc(place.namespace)),
    ];
    return { schema, row };
  }

  #problemOf({ place, condition }: BreakpointRequest): string | null {
    const operators = this.#plan.operators.filter(({ nodeId }) => this.#isAt(place.nodeId, nodeId));
    if (operators.length === 0) return say`there is no node "${place.nodeId}"`;
    if (condition === undefined || condition.trim() === '') return null;
    if (place.type !== 'node' && place.type !== 'output' && place.type !== 'lineage') return null;
    const shapes = operators.flatMap(({ inputs, outputs }) => [
      ...(place.type === 'output' ? [] : inputs.map(({ shape }) => shape)),
      ...(place.type === 'output' && outputs[place.port] !== undefined ? [outputs[place.port]!] : []),
    ]);
    const problems = shapes
      .map(({ schema }) => rowCondition(condition, schema))
      .flatMap((c) => ('problem' in c ? [c.problem] : []));
    return shapes.length > 0 && problems.length === shapes.length ? problems[0]! : null;
  }
}

const NOTHING: Occasion = { schema: schemaOf([]), row: [] };

function rowOf(batch: Batch): Occasion {
  return { schema: batch.schema, row: batch.row(0) };
}

function isWanted({ table, key }: BreakpointPlace & { type: 'state' }, { place }: ChangedEntry): boolean {
  if (table !== undefined && table !== place.table) return false;
  return key === undefined || key.every((text, i) => keyText(printable(place.key[i])) === text);
}

function printable(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Keys, state columns and the namespace, as far as their names are not taken. */
function entrySchema({ layout }: EntryPlace): Schema {
  const names = new Set<string>();
  const own = (name: string): string => {
    const free = names.has(name) ? `state_${name}` : name;
    names.add(free);
    return free;
  };
  return schemaOf([
    ...layout.keys.map(({ name, type }) => field(own(name), type)),
    ...layout.columns.map(({ name, type }) => field(own(name), COLUMN_TYPES[type])),
    field(own('namespace'), BIGINT),
  ]);
}

const COLUMN_TYPES: Readonly<Record<EntryPlace['layout']['columns'][number]['type'], DataType>> = {
  f64: DOUBLE,
  i64: BIGINT,
  i32: INT,
  bytes: STRING,
  object: STRING,
};

function messageOf({ message, place }: BreakpointRequest, { schema, row }: Occasion, { step }: LookedAt): string {
  if (message !== undefined) return fillTemplate(message, schema, row, step.now);
  const { call, moment } = step;
  const values = schema.fields.map(({ name }, i) => `${name}=${keyText(printable(row[i]))}`).join(', ');
  return say`${place.type} at ${call?.nodeId ?? '?'} in step ${moment}${values === '' ? '' : `: ${values}`}`;
}
