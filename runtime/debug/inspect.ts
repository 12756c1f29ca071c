/** What can be looked at while a run stands still. */
import type { Batch } from '../core/batch.ts';
import type { FormField } from '../core/config.ts';
import { schemaOf } from '../core/schema.ts';
import type { NodeId } from '../core/ids.ts';
import { isComposite } from '../core/operator.ts';
import { findSpec } from '../operators/catalog.ts';
import { scopeOf, type Scope } from '../expression/index.ts';
import type {
  DebugQueue,
  DebugWatermark,
  Explanation,
  ExpressionValues,
  QueueElement,
  RowId,
} from '../protocol/debug.ts';
import { protocolTime } from './checkpoints.ts';
import type { DebugRun } from './debug-run.ts';
import { subexpressions } from './run-conditions.ts';
import { stateChanges } from './state-view.ts';
import { viewStep } from './step-view.ts';
import { viewRow } from './row-store.ts';
import type { StreamElement } from '../engine/network/stream-element.ts';
import type { MadeStep } from './replica.ts';

export function viewQueues(run: DebugRun): readonly DebugQueue[] {
  const { present, history } = run;
  const view = (element: StreamElement, id: RowId): QueueElement => {
    switch (element.type) {
      case 'batch':
        return { type: 'row', row: viewRow(element.batch, history.row(id)!) };
      case 'watermark':
        return { type: 'watermark', watermark: protocolTime(element.watermark)! };
      case 'status':
        return { type: 'idle', isIdle: element.isIdle };
      case 'barrier':
        return { type: 'barrier', checkpointId: element.checkpointId };
      default:
        return { type: 'end' };
    }
  };
  const places = new Map(run.debug.plan.chains.map(({ id }, i) => [id, i]));
  const place = (link: number): number => places.get(run.debug.plan.links[link]!.to)!;
  // Those furthest from the sources run first.
  const ordered = present.channels.toSorted((a, b) => place(b.address.link) - place(a.address.link));
  return ordered.map(({ address, elements, ids, progress }) => ({
    link: address.link,
    fromSubtask: address.from,
    toSubtask: address.to,
    elements: elements.map((element, i) => view(element, ids[i]!)),
    watermark: protocolTime(progress.watermark),
    isIdle: progress.isIdle,
  }));
}

/** Of operators with inputs: the smallest of theirs that are not idle; of sources: what they have sent. */
export function viewWatermarks({ present, debug: { plan } }: DebugRun): readonly DebugWatermark[] {
  return plan.chains.flatMap(({ id, parallelism }) =>
    Array.from({ length: parallelism }, (_, subtask): DebugWatermark => {
      const into = present.channels.filter(
        ({ address }) => plan.links[address.link]!.to === id && address.to === subtask,
      );
      const outOf = present.channels.filter(
        ({ address }) => plan.links[address.link]!.from === id && address.from === subtask,
      );
      const counted = into.filter(({ progress }) => !progress.isIdle);
      const smallest = Math.min(...(counted.length === 0 ? into : counted).map(({ progress }) => progress.watermark));
      const own = into.length === 0 ? Math.max(-Infinity, ...outOf.map(({ progress }) => progress.sent)) : smallest;
      return {
        nodeId: id,
        subtask,
        watermark: protocolTime(own),
        inputs: into.map(({ address, progress }) => {
          const { toPort, from } = plan.links[address.link]!;
          return {
            port: toPort,
            from,
            fromSubtask: address.from,
            watermark: protocolTime(progress.watermark),
            isIdle: progress.isIdle,
            holdsBack: !progress.isIdle && progress.watermark === smallest,
          };
        }),
      };
    }),
  );
}

/** What the next step does with its row, and why. */
export function explainNext(run: DebugRun): Explanation | null {
  const { next, ahead } = run;
  if (next === null || ahead === null) return null;
  const step = viewStep(run, next);
  const { call } = next;
  const changes = call === null ? [] : stateChanges(run.nodes(run.present, call.nodeId), run.nodes(ahead, call.nodeId));
  return { step, outcome: outcomeOf(next, changes.length > 0), expressions: expressionsOf(run, next), changes };
}

function outcomeOf({ call, error }: MadeStep, hasChanged: boolean): Explanation['outcome'] {
  if (error !== null) return 'failed';
  if (call === null) return 'none';
  if (call.lateRows > 0) return 'late';
  if (call.emitted.length > 0) return 'emitted';
  if (hasChanged) return 'kept';
  return call.kind === 'row' ? 'dropped' : 'none';
}

/** Every expression of the operator's config on the row, those of its parts too. */
function expressionsOf(run: DebugRun, { call }: MadeStep): readonly ExpressionValues[] {
  const batch = call?.batch ?? null;
  if (call === null || batch === null) return [];
  const operator = run.debug.plan.operators.find(({ nodeId }) => nodeId === call.nodeId);
  const spec = operator === undefined ? null : findSpec(operator.type);
  if (operator === undefined || spec === null || isComposite(spec)) return [];
  const scope = scopeAt(run, call.nodeId, call.input);
  const found: ExpressionValues[] = [];
  for (const [name, field] of Object.entries(spec.config.fields)) {
    const value = (operator.config as Readonly<Record<string, unknown>>)[name];
    collect(field, value, name, (path, label, text) => {
      const parts = subexpressions(text, scope, batch.row(0), run.present.now);
      // Of the other side of a join: it says nothing about this row.
      if (parts.length > 0 && parts[0]!.type !== '') found.push({ path, label, text, parts });
    });
  }
  return found;
}

/** The fields of the row by their names, or behind its port's, as expressions over several inputs have them. */
export function scopeAt({ debug: { plan } }: DebugRun, nodeId: NodeId, input: number): Scope {
  const operator = plan.operators.find((one) => one.nodeId === nodeId)!;
  const { port, shape } = operator.inputs[input]!;
  if (operator.inputs.length === 1) return scopeOf(shape.schema);
  return { inputs: [{ name: port, schema: shape.schema }] };
}

export function scopeOfRow(batch: Batch): Scope {
  return scopeOf(schemaOf(batch.schema.fields));
}

function collect(
  field: FormField,
  value: unknown,
  path: string,
  found: (path: string, label: string, text: string) => void,
): void {
  if (value === null || value === undefined) return;
  switch (field.widget) {
    case 'expression':
      if (typeof value === 'string' && !field.rowNumber && !field.literals.includes(value))
        found(path, field.label, value);
      break;
    case 'list':
      (value as readonly unknown[]).forEach((item, i) => collect(field.item, item, `${path}[${i}]`, found));
      break;
    case 'object':
      collectAll(field.fields, value, path, found);
      break;
    case 'variant': {
      const tag = (value as Readonly<Record<string, unknown>>)[field.tag] ?? field.defaultCase;
      const one = field.cases[String(tag)];
      if (one !== undefined) collectAll(one.fields, value, path, found);
    }
  }
}

function collectAll(
  fields: Readonly<Record<string, FormField>>,
  value: unknown,
  path: string,
  found: (path: string, label: string, text: string) => void,
): void {
  for (const [name, field] of Object.entries(fields)) {
    collect(field, (value as Readonly<Record<string, unknown>>)[name], `${path}.${name}`, found);
  }
}
