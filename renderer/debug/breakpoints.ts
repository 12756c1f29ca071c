/** The list of a document's breakpoints: pure changes of it. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { BreakpointPlace, BreakpointRequest } from '../../runtime/protocol/debug.ts';

type Breakpoints = readonly BreakpointRequest[];

/** Kinds of places that are set by a node, or (without one) hold for all. */
export const EVENT_PLACES = ['firing', 'late', 'timer', 'watermark', 'barrier', 'state', 'error'] as const;
export type EventPlace = (typeof EVENT_PLACES)[number];

export function eventPlace(type: EventPlace, nodeId: NodeId): BreakpointPlace {
  return type === 'watermark' ? { type, nodeId, atLeast: null } : { type, nodeId };
}

export function samePlace(a: BreakpointPlace, b: BreakpointPlace): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
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

/** `every 3`, `from 3`, or nothing. */
export function withHits({ hits: _, ...rest }: BreakpointRequest, n: number): BreakpointRequest {
  return Number.isInteger(n) && n > 1 ? { ...rest, hits: { type: 'from', n } } : rest;
}

export function removed(breakpoints: Breakpoints, id: string): Breakpoints {
  return breakpoints.filter((one) => one.id !== id);
}

function freshId(breakpoints: Breakpoints): string {
  const last = Math.max(0, ...breakpoints.map(({ id }) => Number(id)).filter(Number.isFinite));
  return String(last + 1);
}
