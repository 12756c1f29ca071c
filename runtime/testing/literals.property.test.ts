import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOf } from '../core/column-builder.ts';
import { parseDataType, printDataType, type DataType } from '../core/types.ts';
import { anySchema, anyStream, anyType, anyValue } from './arbitraries.ts';
import { at, batch, shape } from './builders.ts';
import { toJson, toValue } from './literals.ts';
import { propertyRuns } from './property-runs.ts';

const typeAndValue = anyType().chain((type) => fc.tuple(fc.constant(type), anyValue(type)));

describe('arbitraries', () => {
  it('draws values that a column of the type holds', () => {
    fc.assert(
      fc.property(typeAndValue, ([type, value]) => {
        expect(columnOf(type, [null, value]).value(1)).toEqual(value);
      }),
      propertyRuns(100),
    );
  });

  it('draws types that can be written and read', () => {
    fc.assert(
      fc.property(anySchema(), ({ fields }) => {
        for (const { type } of fields) expect(parseDataType(printDataType(type))).toEqual({ ok: true, value: type });
      }),
      propertyRuns(100),
    );
  });

  it('draws streams whose watermarks never go back, and without late rows if so asked', () => {
    const { schema } = shape('user STRING, ts TIMESTAMP');
    fc.assert(
      fc.property(anyStream(schema, { eventTimeField: 'ts', hasLateRows: false }), (steps) => {
        let watermark = -Infinity;
        for (const step of steps) {
          if (step.type === 'watermark') {
            expect(step.watermark).toBeGreaterThanOrEqual(watermark);
            watermark = step.watermark;
          } else {
            expect(step.eventTime).toBeGreaterThan(watermark);
            expect(step.values[1]).toBe(step.eventTime);
          }
        }
      }),
      propertyRuns(100),
    );
  });
});

/** JSON has no exact form of these: -0 and long numbers lose something on the way. */
function isExact(type: DataType): boolean {
  switch (type.kind) {
    case 'DOUBLE':
    case 'DECIMAL':
    case 'MAP':
      return false;
    case 'ARRAY':
      return isExact(type.element);
    case 'ROW':
      return type.fields.every((field) => isExact(field.type));
    default:
      return true;
  }
}

describe('literals', () => {
  it('come back from JSON as they went', () => {
    fc.assert(
      fc.property(typeAndValue, ([type, value]) => {
        fc.pre(isExact(type));
        expect(toValue(type, toJson(type, value))).toEqual(value);
      }),
      propertyRuns(100),
    );
  });

  it('may be written as JSON or as values', () => {
    const rows = batch(
      'd DATE, ts TIMESTAMP, big BIGINT, price DECIMAL(10,2), m MAP<STRING, INT>, r ROW<a INT, b STRING>',
      [['2026-01-02', '2026-01-01T00:00:00.500Z', 7, 1.5, { k: 1 }, { b: 'x' }]],
    );
    expect(rows.row(0)).toEqual([20_455, at('2026-01-01 00:00:00.500'), 7n, 150n, new Map([['k', 1]]), [null, 'x']]);
  });

  it('must fit their type', () => {
    expect(() => batch('ts TIMESTAMP', [['yesterday']])).toThrow('yesterday is no TIMESTAMP');
    expect(() => batch('a INT', [[1, 2]])).toThrow('2 cells for 1 fields');
  });
});
