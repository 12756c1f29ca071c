/**
 * fast-check arbitraries of types, schemas, rows and streams. Values are drawn from small sets for the most part, so that
 * keys meet and instants tie; limits of each type come up now and then.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from '../core/schema.ts';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  decimal,
  DOUBLE,
  INT,
  mapOf,
  rowOf,
  STRING,
  TIMESTAMP,
  type DataType,
  type Field,
  type Value,
} from '../core/types.ts';
import { FAKE_EPOCH_MS } from './fake-clock.ts';

/** Types that can be a key: everything that is not nested. */
export function anyScalarType(): Arbitrary<DataType> {
  return fc.constantFrom(BOOLEAN, INT, BIGINT, DOUBLE, STRING, BYTES, DATE, TIMESTAMP, decimal(10, 2), decimal(38, 4));
}

/** Any type a column can have, nested at most `depth` times. */
export function anyType(depth = 2): Arbitrary<DataType> {
  if (depth === 0) return anyScalarType();
  const inner = anyType(depth - 1);
  return fc.oneof(
    { weight: 6, arbitrary: anyScalarType() },
    { weight: 1, arbitrary: inner.map(arrayOf) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(STRING, INT), inner).map(([key, value]) => mapOf(key, value)) },
    { weight: 1, arbitrary: anyFields(inner, 3).map(rowOf) },
  );
}

/** A schema of up to `maxFields` fields with unique names, some of which need quotes. */
export function anySchema(maxFields = 6, depth = 1): Arbitrary<Schema> {
  return anyFields(anyType(depth), maxFields).map((fields) => ({ fields }));
}

function anyFields(type: Arbitrary<DataType>, max: number): Arbitrary<readonly Field[]> {
  const name = fc.constantFrom('a', 'b', 'user', 'page', 'ts', 'amount', 'id', 'Größe', 'two words', 'select');
  return fc.uniqueArray(fc.record({ name, type, nullable: fc.boolean() }), {
    minLength: 1,
    maxLength: max,
    selector: (field) => field.name,
  });
}

/** A value of the type, never NULL at the top. */
export function anyValue(type: DataType): Arbitrary<Exclude<Value, null>> {
  switch (type.kind) {
    case 'BOOLEAN':
      return fc.boolean();
    case 'INT':
      return common(fc.integer({ min: -5, max: 20 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1));
    case 'BIGINT':
      return common(fc.bigInt(-5n, 20n), fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n));
    case 'DOUBLE':
      // Quarters add up exactly in any order; only the rare ones do not.
      return common(
        fc.integer({ min: -40, max: 80 }).map((n) => n / 4),
        fc.constantFrom(-0, 0.1, 5e-324, 12_345.678),
      );
    case 'DECIMAL': {
      const limit = 10n ** BigInt(type.precision) - 1n;
      return common(fc.bigInt(-9n, limit < 9n ? limit : 9n), fc.bigInt(-limit, limit));
    }
    case 'STRING':
      return common(fc.constantFrom('a', 'b', 'c', 'home', '', 'x,y'), fc.string({ unit: 'grapheme', maxLength: 6 }));
    case 'BYTES':
      return fc.uint8Array({ maxLength: 4 }).map((bytes) => new Uint8Array(bytes));
    case 'DATE':
      return common(fc.integer({ min: 20_454, max: 20_458 }), fc.constantFrom(0, -1, 2_932_896));
    case 'TIMESTAMP':
    case 'INTERVAL':
      return common(anyInstant(), fc.constantFrom(0, -1, 253_402_300_799_999));
    case 'ARRAY':
      return fc.array(orNull(anyValue(type.element)), { maxLength: 4 });
    case 'MAP':
      return fc
        .array(fc.tuple(anyValue(type.key), orNull(anyValue(type.value))), { maxLength: 3 })
        .map((entries) => new Map<Value, Value>(entries));
    case 'ROW':
      return fc.tuple(...type.fields.map(anyCell)) as Arbitrary<readonly Value[]>;
    case 'NULL':
      return fc.constant(false);
  }
}

/** A value of the field, now and then NULL where it may be. */
export function anyCell(field: Field): Arbitrary<Value> {
  return field.nullable ? orNull(anyValue(field.type)) : anyValue(field.type);
}

export function anyRow(schema: Schema): Arbitrary<readonly Value[]> {
  return fc.tuple(...schema.fields.map(anyCell));
}

/** Seconds and odd milliseconds within three minutes of `FAKE_EPOCH_MS`. */
export function anyInstant(): Arbitrary<number> {
  return fc
    .tuple(fc.integer({ min: 0, max: 180 }), fc.constantFrom(0, 0, 0, -1, 1))
    .map(([seconds, ms]) => FAKE_EPOCH_MS + seconds * 1000 + ms);
}

/** A step of a stream into one input. */
export type StreamStep =
  | { readonly type: 'row'; readonly values: readonly Value[]; readonly eventTime: number }
  | { readonly type: 'watermark'; readonly watermark: number };

export interface StreamOptions {
  /** Field that the event time is also written to; null = none. */
  readonly eventTimeField?: string | null;
  readonly maxRows?: number;
  /** Rows closer than this to the largest event time seen are not late. */
  readonly maxOutOfOrdernessMs?: number;
  /** Whether some rows come behind the watermark. */
  readonly hasLateRows?: boolean;
  /** Rows whose cells are mixed in: what conditions and patterns of a config are likely to ask for. */
  readonly samples?: readonly (readonly Value[])[];
}

const STEP_MS = 15_000;

/**
 * Rows out of order, with watermarks that never go back: event time drifts forward while single rows fall behind, some of
 * them behind the watermark (late).
 */
export function anyStream(schema: Schema, options: StreamOptions = {}): Arbitrary<readonly StreamStep[]> {
  const { eventTimeField = null, maxRows = 40, maxOutOfOrdernessMs = 5000, hasLateRows = true, samples = [] } = options;
  const timeIndex = schema.fields.findIndex((f) => f.name === eventTimeField);
  const draw = fc.record({
    values: fc.tuple(
      ...schema.fields.map((field, i) =>
        anySampled(
          field,
          samples.map((row) => row[i]!),
        ),
      ),
    ),
    advanceMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: STEP_MS }), fc.constantFrom(1000, 5000, 10_000)),
    behindMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: maxOutOfOrdernessMs - 1 }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: (hasLateRows ? 8 : 1) * maxOutOfOrdernessMs - 1 }) },
    ),
    hasWatermark: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
  });
  // fast-check would seldom draw more than ten of its own accord.
  return fc.array(draw, { maxLength: maxRows, size: 'max' }).map((draws) => {
    const steps: StreamStep[] = [];
    let largest = FAKE_EPOCH_MS;
    for (const { values, advanceMs, behindMs, hasWatermark } of draws) {
      largest += advanceMs;
      const eventTime = Math.max(FAKE_EPOCH_MS, largest - behindMs);
      steps.push({ type: 'row', values: timeIndex < 0 ? values : values.with(timeIndex, eventTime), eventTime });
      if (hasWatermark) steps.push({ type: 'watermark', watermark: largest - maxOutOfOrdernessMs });
    }
    return steps;
  });
}

function anySampled(field: Field, samples: readonly Value[]): Arbitrary<Value> {
  return samples.length === 0 ? anyCell(field) : fc.oneof(anyCell(field), fc.constantFrom(...samples));
}

function common<T>(usual: Arbitrary<T>, rare: Arbitrary<T>): Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

function orNull<T>(value: Arbitrary<T>): Arbitrary<T | null> {
  return fc.oneof({ weight: 7, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
}
