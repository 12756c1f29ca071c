/** FIRST_VALUE, LAST_VALUE, LISTAGG and COLLECT over a stream with updates: all values of a group, by arrival. */
import type { DataType } from '../../core/types.ts';
import type { Accumulator } from '../shared/aggregates/accumulator.ts';
import { DEFAULT_SEPARATOR } from '../shared/aggregates/collect.ts';
import { ArrivalList } from './arrival-list.ts';
import { SignedValues } from './signed-values.ts';
import type { Signs } from './signs.ts';

const emptyList = (): ArrivalList => new ArrivalList();

export function signedFirst(type: DataType, signs: Signs): Accumulator {
  return new SignedValues(type, emptyList, (values, toValue) => toValue(values.first), signs);
}

export function signedLast(type: DataType, signs: Signs): Accumulator {
  return new SignedValues(type, emptyList, (values, toValue) => toValue(values.last), signs);
}

export function signedListagg(type: DataType, separator: string | null, signs: Signs): Accumulator {
  return new SignedValues(type, emptyList, (values) => values.all().join(separator ?? DEFAULT_SEPARATOR), signs);
}

export function signedCollect(type: DataType, signs: Signs): Accumulator {
  return new SignedValues(type, emptyList, (values, toValue) => values.all().map(toValue), signs);
}
