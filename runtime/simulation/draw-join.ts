import type { Draw } from './draw.ts';
import { drawWindow, type DrawnField } from './draw-config.ts';

export interface DrawnJoin {
  readonly type: string;
  readonly config: Record<string, unknown>;
  /** Fields behind those of both sides. */
  readonly adds: readonly DrawnField[] | null;
  /** Whether results have an event time. */
  readonly isTimed: boolean;
}

/** `canWait`: no row of either side is late, as far as can be said beforehand. */
export function drawJoin(draw: Draw, keys: readonly DrawnField[], canWait: boolean): DrawnJoin {
  const chosen = [draw.pick(keys), ...(draw.chance(0.3) ? [draw.pick(keys)] : [])].map(({ name }) => name);
  const on = [...new Set(chosen)].map((name) => ({ left: name, right: name }));
  const number = keys.find(({ type }) => type === 'INT')?.name;
  const condition = number !== undefined && draw.chance(0.3) ? `left.${number} <= right.${number}` : null;
  const common = { on, ...(condition === null ? {} : { condition }) };
  const kind = draw.pick(['inner', 'left', 'right', 'full']);
  const all: DrawnJoin = { type: 'join.stream', config: common, adds: null, isTimed: false };
  if (!canWait) return all;
  const lower = draw.integer(-5000, 2000);
  return draw.weighted<DrawnJoin>([
    [2, all],
    [
      3,
      {
        type: 'join.interval',
        config: {
          ...common,
          kind,
          lowerBound: `${lower} milliseconds`,
          upperBound: `${lower + draw.integer(0, 5000)} milliseconds`,
        },
        adds: null,
        isTimed: true,
      },
    ],
    [
      3,
      { type: 'join.temporal', config: { ...common, kind: draw.pick(['inner', 'left']) }, adds: null, isTimed: true },
    ],
    [
      3,
      {
        type: 'join.window',
        config: { ...common, kind, window: windowWithEnds(draw) },
        adds: [
          { name: 'window_start', type: 'TIMESTAMP' },
          { name: 'window_end', type: 'TIMESTAMP' },
        ],
        isTimed: true,
      },
    ],
  ]);
}

/** Sessions join nothing. */
function windowWithEnds(draw: Draw): Record<string, unknown> {
  for (;;) {
    const window = drawWindow(draw, 'event');
    if (window.type !== 'session') return window;
  }
}

/** Null when names would be there twice, or would be those of a window. */
export function joinedFields(left: readonly DrawnField[], right: readonly DrawnField[]): readonly DrawnField[] | null {
  const taken = new Set(left.map(({ name }) => name));
  const fields = [
    ...left,
    ...right.map(({ name, type }) => ({ name: taken.has(name) ? `right_${name}` : name, type })),
  ];
  const names = fields.map(({ name }) => name);
  const hasWindow = names.some((name) => name.includes('window_'));
  return hasWindow || new Set(names).size < names.length ? null : fields;
}
