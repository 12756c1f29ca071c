/** The list of a document's breakpoints: pure changes of it. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Schema } from '../../runtime/core/schema.ts';
import { sameType } from '../../runtime/core/types.ts';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import { renameFields, scopeOf, type RenameOf } from '../../runtime/expression/index.ts';
import type { BreakpointPlace, BreakpointRequest } from '../../runtime/protocol/debug.ts';

type Breakpoints = readonly BreakpointRequest[];
export type Hits = NonNullable<BreakpointRequest['hits']>;

/** Kinds of places that are set by a node, or (without one, but for `state`) hold for all. */
export const EVENT_PLACES = ['firing', 'late', 'timer', 'watermark', 'barrier', 'state', 'error'] as const;
export type EventPlace = (typeof EVENT_PLACES)[number];

export function eventPlace(type: EventPlace, nodeId: NodeId): BreakpointPlace {
  return type === 'watermark' ? { type, nodeId, atLeast: null } : { type, nodeId };
}

/** The same event at any node. */
export function anywhere(type: Exclude<EventPlace, 'state'>): BreakpointPlace {
  return type === 'watermark' ? { type, nodeId: null, atLeast: null } : { type, nodeId: null };
}

export function portPlace(side: 'input' | 'output', nodeId: NodeId, port: string): BreakpointPlace {
  return { type: side === 'input' ? 'node' : 'output', nodeId, port };
}

/** Where a row has just come onto an edge. */
export function edgePlace({ from, fromPort }: EdgeRef): BreakpointPlace {
  return portPlace('output', from as NodeId, fromPort);
}

export function samePlace(a: BreakpointPlace, b: BreakpointPlace): boolean {
  return placeKey(a) === placeKey(b);
}

/** Values that are edited in the list are none of it: a breakpoint on a watermark stays one when its time changes. */
function placeKey(place: BreakpointPlace): string {
  const { type, nodeId } = place;
  return JSON.stringify([
    type,
    nodeId,
    'port' in place ? place.port : null,
    place.type === 'lineage' ? place.row : null,
    place.type === 'state' ? [place.table, place.key] : null,
  ]);
}

/** Takes the breakpoint at the place away, or sets one. */
export function toggled(breakpoints: Breakpoints, place: BreakpointPlace): Breakpoints {
  const rest = breakpoints.filter((one) => !samePlace(one.place, place));
  return rest.length < breakpoints.length
    ? rest
    : [...breakpoints, { id: freshId(breakpoints), place, mode: 'enabled' }];
}

export function changed(breakpoints: Breakpoints, id: string, change: Partial<BreakpointRequest>): Breakpoints {
  return breakpoints.map((one) => (one.id === id ? { ...one, ...change } : one));
}

/** Left out where it says nothing: an empty condition is none. */
export function withCondition({ condition: _, ...rest }: BreakpointRequest, condition: string): BreakpointRequest {
  return condition.trim() === '' ? rest : { ...rest, condition };
}

/** Null: at every hit. */
export function withHits({ hits: _, ...rest }: BreakpointRequest, hits: Hits | null): BreakpointRequest {
  if (hits === null || !Number.isInteger(hits.n) || hits.n < 1) return rest;
  return hits.n === 1 && hits.type !== 'at' ? rest : { ...rest, hits };
}

export function withMessage({ message: _, ...rest }: BreakpointRequest, message: string): BreakpointRequest {
  return message.trim() === '' ? rest : { ...rest, message };
}

export function removed(breakpoints: Breakpoints, id: string): Breakpoints {
  return breakpoints.filter((one) => one.id !== id);
}

/** The same list when none is at the node. */
export function withRenamedNode(breakpoints: Breakpoints, from: NodeId, to: NodeId): Breakpoints {
  if (!breakpoints.some(({ place }) => place.nodeId === from)) return breakpoints;
  return breakpoints.map((one) =>
    one.place.nodeId === from ? { ...one, place: { ...one.place, nodeId: to } as BreakpointPlace } : one,
  );
}

/** Conditions and messages of breakpoints on rows of `schema` (before the rename), in new names of its fields. */
export function withRenamedFields(one: BreakpointRequest, renameOf: RenameOf, schema: Schema): BreakpointRequest {
  const scope = scopeOf(schema);
  const rename = (text: string): string => renameFields(text, renameOf, scope);
  const { condition, message } = one;
  return {
    ...one,
    ...(condition === undefined ? {} : { condition: rename(condition) }),
    ...(message === undefined
      ? {}
      : { message: message.replace(/\{([^{}]+)\}/g, (_, text: string) => `{${rename(text)}}`) }),
  };
}

export interface FieldRename {
  readonly from: string;
  readonly to: string;
}

/**
 * A field that goes by another name now: in the same place of a schema, of the same type, with all others as they were. That is what a
 * rename leaves behind, or its undoing; where more has changed these are other rows. Null: none.
 */
export function renamedField(before: Schema, after: Schema): FieldRename | null {
  if (before === after || before.fields.length !== after.fields.length) return null;
  if (!before.fields.every(({ type }, i) => sameType(after.fields[i]!.type, type))) return null;
  const others = before.fields.flatMap(({ name }, i) => {
    const to = after.fields[i]!.name;
    return to === name ? [] : [{ from: name, to }];
  });
  return others.length === 1 ? others[0]! : null;
}

/** Whether configs are the same but for the name of the field. */
export function isRenamedConfig(before: unknown, after: unknown, rename: FieldRename): boolean {
  if (before === after) return true;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return before === rename.from && after === rename.to;
  const [old, now] = [Object.entries(before), new Map<string, unknown>(Object.entries(after))];
  return (
    old.length === now.size && old.every(([key, value]) => now.has(key) && isRenamedConfig(value, now.get(key), rename))
  );
}

function freshId(breakpoints: Breakpoints): string {
  const last = Math.max(0, ...breakpoints.map(({ id }) => Number(id)).filter(Number.isFinite));
  return String(last + 1);
}
