/** Random configs of operators, over fields whose names and types are known. */
import type { Draw } from './draw.ts';
import { EPOCH_MS, SOURCE_FIELDS } from './draw-input.ts';

export interface DrawnField {
  readonly name: string;
  readonly type: string;
}

export function generatorFields(draw: Draw, disorderMs: number): readonly Record<string, string>[] {
  const step = draw.integer(1, 1500);
  const jitter = disorderMs === 1 ? '0' : `MOD(n * 7919, ${Math.max(1, disorderMs)})`;
  const expressions = {
    k: `SUBSTRING('abcdeu', CAST(MOD(n * 31, 6) AS INT) + 1, 1)`,
    v: `CASE WHEN MOD(n, 11) = 3 THEN NULL ELSE CAST(MOD(n * 17, 19) AS INT) - 9 END`,
    big: `n * 1000003`,
    x: `CAST(MOD(n, 9) AS DOUBLE) / 4`,
    tags: `CASE WHEN MOD(n, 5) = 0 THEN NULL ELSE SUBSTRING('p|q|r|s', 1, CAST(MOD(n, 4) AS INT) * 2 + 1) END`,
    ts: `TO_TIMESTAMP_LTZ(${EPOCH_MS} + ${disorderMs} + n * ${step} - ${jitter}, 3)`,
  };
  return SOURCE_FIELDS.map(({ name, type }) => ({ name, type, expr: expressions[name] }));
}

export function drawCondition(draw: Draw, fields: readonly DrawnField[]): string {
  const { name, type } = draw.pick(fields);
  switch (type) {
    case 'INT':
    case 'BIGINT':
      return draw.pick([`${name} > ${draw.integer(-9, 5)}`, `MOD(${name}, 3) <> 1`, `${name} IS NULL OR ${name} < 3`]);
    case 'DOUBLE':
      return `${name} >= ${draw.integer(-4, 4)} / 4.0`;
    case 'STRING':
      return draw.pick([
        `${name} IN ('a', 'b', 'c', 'p')`,
        `${name} IS NOT NULL`,
        `CHAR_LENGTH(${name}) < 3`,
        `${name} <> 'a'`,
      ]);
    default:
      return draw.pick([`${name} IS NOT NULL`, 'TRUE']);
  }
}

const SIZES = [500, 1000, 3000, 7000, 20_000];

/** `isOnce`: every row is in one window. */
export function drawWindow(draw: Draw, time: 'event' | 'processing', isOnce = false): Record<string, unknown> {
  const ms = (n: number): string => `${n} milliseconds`;
  const size = draw.pick(time === 'event' ? SIZES : [5, 50, 400]);
  const times = draw.integer(1, 4);
  const offset = ms(draw.pick([0, 0, 300, 12_345]));
  return draw.weighted([
    [3, { type: 'tumbling', size: ms(size), offset, time }],
    [isOnce ? 0 : 2, { type: 'hopping', size: ms(size * times), slide: ms(size), offset, time }],
    [time === 'event' && !isOnce ? 2 : 0, { type: 'cumulative', size: ms(size * times), step: ms(size), offset, time }],
    [3, { type: 'session', gap: ms(size), time }],
  ]);
}

export interface DrawnAggregate {
  readonly as: string;
  readonly fn: string;
  readonly expr: string;
  readonly distinct?: boolean;
  readonly filter?: string;
  readonly percentile?: number;
  /** Of the result. */
  readonly type: string;
}

/** Names that no field of the input has, so that windows can follow windows. */
export function drawAggregates(
  draw: Draw,
  fields: readonly DrawnField[],
  isOrdered: boolean,
  groupBy: readonly string[],
): readonly DrawnAggregate[] {
  const free = (name: string): string => (fields.some((f) => f.name === name) ? free(`${name}_`) : name);
  const aggregates = [{ as: free('n'), fn: 'COUNT', expr: '*', type: 'BIGINT' }, ...drawSome()];
  return aggregates.filter(({ as }) => !groupBy.includes(as));

  function drawSome(): readonly DrawnAggregate[] {
    const count = draw.integer(0, 3);
    return Array.from({ length: count }, (_, i) => {
      const field = draw.pick(fields.filter(({ type }) => type !== 'ARRAY'));
      const fn = draw.pick(functionsFor(field.type, isOrdered));
      return {
        as: free(`r${i}`),
        fn,
        expr: field.name,
        type: fn === 'COUNT' ? 'BIGINT' : fn === 'COLLECT' ? 'ARRAY' : fn === 'PERCENTILE' ? 'DOUBLE' : field.type,
        ...(fn === 'COUNT' && draw.chance(0.5) ? { distinct: true } : {}),
        ...(draw.chance(0.2) ? { filter: drawCondition(draw, fields) } : {}),
        ...(fn === 'PERCENTILE' ? { percentile: draw.pick([0, 0.25, 0.5, 1]) } : {}),
      };
    });
  }
}

/** Those whose results do not depend on the order of rows, unless that is known. */
function functionsFor(type: string, isOrdered: boolean): readonly string[] {
  const byArrival = isOrdered
    ? ['FIRST_VALUE', 'LAST_VALUE', 'COLLECT', ...(type === 'STRING' ? ['LISTAGG'] : [])]
    : [];
  const numeric = ['SUM', 'MIN', 'MAX', 'COUNT', 'PERCENTILE'];
  switch (type) {
    case 'INT':
    case 'BIGINT':
      return [...numeric, 'AVG', ...byArrival];
    case 'DOUBLE':
      return [...numeric, ...byArrival];
    default:
      return ['MIN', 'MAX', 'COUNT', ...byArrival];
  }
}
