import { say } from '../../core/say.ts';
import { arrayOf, BIGINT, BOOLEAN, INT, mapOf, rowOf, STRING, type DataType, type Value } from '../../core/types.ts';
import { cannotCompute, comparison, equalValues, type Present } from '../operations.ts';
import { isOrdered } from '../type-rules.ts';
import {
  declare,
  takes,
  typeOfArgument,
  unsupported,
  type ArgumentInfo,
  type CallInfo,
  type FunctionSpec,
} from './declare.ts';

type List = readonly Value[];
type Dictionary = ReadonlyMap<Value, Value>;

const SAME_LIST = typeOfArgument(0);
const ONE_LIST = takes({ list: 'array' }, SAME_LIST);
const TWO_LISTS = takes({ list: 'common', other: 'common' }, SAME_LIST);

function elementOf(args: readonly ArgumentInfo[]): DataType {
  const type = args[0]!.type;
  return type.kind === 'ARRAY' ? type.element : type;
}

/** Only of lists whose elements have an order, for the functions that need one. */
function checkOrder(args: readonly ArgumentInfo[]): { argument: number; message: string } | null {
  return isOrdered(elementOf(args)) ? null : { argument: 0, message: say`The elements of the array have no order` };
}

/** `common` arguments of the set functions must be arrays. */
function checkLists(args: readonly ArgumentInfo[]): { argument: number; message: string } | null {
  const wrong = args.findIndex((arg) => arg.type.kind !== 'ARRAY');
  return wrong < 0 ? null : { argument: wrong, message: say`An ARRAY is needed here` };
}

function includes(list: List, value: Value): boolean {
  return list.some((item) => equalValues(item, value));
}

function distinct(list: List): Value[] {
  const simple = list.every((item) => item === null || typeof item !== 'object');
  return simple
    ? [...new Set(list)]
    : list.filter((item, i) => list.findIndex((other) => equalValues(other, item)) === i);
}

function extreme(sign: 1 | -1): (call: CallInfo) => (list: List) => Value {
  return ({ result }) => {
    const compare = comparison(result, result);
    return (list) => {
      const present = list.filter((item): item is Present => item !== null);
      return present.length === 0
        ? null
        : present.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
    };
  };
}

function sorted(list: List, element: DataType, ascending: boolean, nullsFirst: boolean): Value[] {
  const compare = comparison(element, element);
  return [...list].sort((a, b) => {
    if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
    return ascending ? compare(a, b) : compare(b, a);
  });
}

function keyAndValue(args: readonly ArgumentInfo[]): { key: DataType; value: DataType } {
  const type = args[0]!.type;
  return type.kind === 'MAP' ? type : { key: type, value: type };
}

/** A row that asks for more is taken for a mistake, lest it take all memory. */
const MAX_MADE = 1_000_000;

function checkedLength(name: string, length: number): number {
  if (length <= MAX_MADE) return length;
  throw cannotCompute(say`${name} makes arrays of up to ${MAX_MADE} elements, not of ${length}`);
}

export const COLLECTION_FUNCTIONS: readonly FunctionSpec[] = [
  declare('collection', {
    name: 'CARDINALITY',
    signatures: [takes({ list: 'array' }, INT), takes({ map: 'map' }, INT)],
    doc: 'Number of elements of an array, or of entries of a map.',
    example: ['CARDINALITY(ARRAY[1, 2, 3])', '3'],
    evaluate: (value: List | Dictionary) => (value instanceof Map ? value.size : (value as List).length),
  }),
  declare('collection', {
    name: 'ELEMENT',
    signatures: [takes({ list: 'array' }, elementOf, 'always')],
    doc: 'The only element of an array; NULL when it is empty. Fails when there are more.',
    example: ["ELEMENT(ARRAY['a'])", "'a'"],
    evaluate: (list: List) => {
      if (list.length > 1) throw cannotCompute(say`ELEMENT needs an array of one element, not of ${list.length}`);
      return list[0] ?? null;
    },
    spark: ([list]) => `try_element_at(${list}, 1)`,
  }),
  declare('collection', {
    name: 'ARRAY_CONTAINS',
    signatures: [takes({ list: 'array', value: 'element' }, BOOLEAN)],
    doc: 'Whether an element equals the value.',
    example: ["ARRAY_CONTAINS(ARRAY['a', 'b'], 'b')", 'TRUE'],
    evaluate: includes,
  }),
  declare('collection', {
    name: 'ARRAY_POSITION',
    signatures: [takes({ list: 'array', value: 'element' }, INT)],
    doc: 'Position of the first element that equals the value (1-based), 0 when there is none.',
    example: ["ARRAY_POSITION(ARRAY['a', 'b'], 'b')", '2'],
    evaluate: (list: List, value: Value) => list.findIndex((item) => equalValues(item, value)) + 1,
    spark: (args) => `CAST(array_position(${args.join(', ')}) AS INT)`,
  }),
  declare('collection', {
    name: 'ARRAY_APPEND',
    signatures: [takes({ list: 'array', value: 'element' }, SAME_LIST)],
    doc: 'The array with the value after its last element.',
    example: ['ARRAY_APPEND(ARRAY[1, 2], 3)', 'ARRAY[1, 2, 3]'],
    evaluate: (list: List, value: Value) => [...list, value],
  }),
  declare('collection', {
    name: 'ARRAY_PREPEND',
    signatures: [takes({ list: 'array', value: 'element' }, SAME_LIST)],
    doc: 'The array with the value before its first element.',
    example: ['ARRAY_PREPEND(ARRAY[1, 2], 0)', 'ARRAY[0, 1, 2]'],
    evaluate: (list: List, value: Value) => [value, ...list],
  }),
  declare('collection', {
    name: 'ARRAY_REMOVE',
    signatures: [takes({ list: 'array', value: 'element' }, SAME_LIST)],
    doc: 'The array without the elements that equal the value.',
    example: ['ARRAY_REMOVE(ARRAY[1, 2, 1], 1)', 'ARRAY[2]'],
    evaluate: (list: List, value: Value) => list.filter((item) => !equalValues(item, value)),
  }),
  declare('collection', {
    name: 'ARRAY_CONCAT',
    signatures: [takes({ 'list…': 'common' }, SAME_LIST)],
    doc: 'All arrays, one after the other.',
    example: ['ARRAY_CONCAT(ARRAY[1], ARRAY[2, 3])', 'ARRAY[1, 2, 3]'],
    evaluate: (...lists: List[]) => lists.flatMap((list) => [...list]),
    checkLiterals: checkLists,
    spark: 'concat',
  }),
  declare('collection', {
    name: 'ARRAY_UNION',
    signatures: [TWO_LISTS],
    doc: 'The elements of both arrays, each once.',
    example: ['ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])', 'ARRAY[1, 2, 3]'],
    evaluate: (list: List, other: List) => distinct([...list, ...other]),
    checkLiterals: checkLists,
  }),
  declare('collection', {
    name: 'ARRAY_INTERSECT',
    signatures: [TWO_LISTS],
    doc: 'The elements that are in both arrays, each once.',
    example: ['ARRAY_INTERSECT(ARRAY[1, 2, 2], ARRAY[2, 3])', 'ARRAY[2]'],
    evaluate: (list: List, other: List) => distinct(list.filter((item) => includes(other, item))),
    checkLiterals: checkLists,
  }),
  declare('collection', {
    name: 'ARRAY_EXCEPT',
    signatures: [TWO_LISTS],
    doc: 'The elements of the first array that are not in the second, each once.',
    example: ['ARRAY_EXCEPT(ARRAY[1, 2, 1], ARRAY[2])', 'ARRAY[1]'],
    evaluate: (list: List, other: List) => distinct(list.filter((item) => !includes(other, item))),
    checkLiterals: checkLists,
  }),
  declare('collection', {
    name: 'ARRAY_DISTINCT',
    signatures: [ONE_LIST],
    doc: 'The elements, each once, in the order of their first appearance.',
    example: ['ARRAY_DISTINCT(ARRAY[1, 2, 1])', 'ARRAY[1, 2]'],
    evaluate: distinct,
  }),
  declare('collection', {
    name: 'ARRAY_REVERSE',
    signatures: [ONE_LIST],
    doc: 'The elements in the opposite order.',
    example: ['ARRAY_REVERSE(ARRAY[1, 2, 3])', 'ARRAY[3, 2, 1]'],
    evaluate: (list: List) => [...list].reverse(),
    spark: 'reverse',
  }),
  declare('collection', {
    name: 'ARRAY_SORT',
    signatures: [takes({ list: 'array', 'ascending?': BOOLEAN, 'nullsFirst?': BOOLEAN }, SAME_LIST)],
    doc: 'The elements in order: ascending unless told otherwise, and NULLs first when ascending, last when not.',
    example: ['ARRAY_SORT(ARRAY[3, 1, 2])', 'ARRAY[1, 2, 3]'],
    bind: (call) => {
      const element = elementOf(call.args);
      return (list: List, ascending = true, nullsFirst = ascending) => sorted(list, element, ascending, nullsFirst);
    },
    checkLiterals: checkOrder,
    spark: ([list, ascending]) => `sort_array(${list}, ${ascending ?? 'TRUE'})`,
  }),
  declare('collection', {
    name: 'ARRAY_SLICE',
    signatures: [takes({ list: 'array', start: INT, 'end?': INT }, SAME_LIST)],
    doc: 'The elements from position `start` to `end` (1-based, both included; negative counts from the end).',
    example: ['ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, 3)', 'ARRAY[2, 3]'],
    evaluate: (list: List, start: number, end?: number) => {
      const at = (position: number): number => (position < 0 ? list.length + position + 1 : position);
      return list.slice(Math.max(0, at(start) - 1), Math.max(0, at(end ?? list.length)));
    },
    spark: ([list, start, end]) => `slice(${list}, ${start}, greatest(0, ${end ?? `size(${list})`} - ${start} + 1))`,
  }),
  declare('collection', {
    name: 'ARRAY_MAX',
    signatures: [takes({ list: 'array' }, elementOf, 'always')],
    doc: 'The largest element that is not NULL; NULL when there is none.',
    example: ['ARRAY_MAX(ARRAY[1, 3, 2])', '3'],
    bind: extreme(1),
    checkLiterals: checkOrder,
  }),
  declare('collection', {
    name: 'ARRAY_MIN',
    signatures: [takes({ list: 'array' }, elementOf, 'always')],
    doc: 'The smallest element that is not NULL; NULL when there is none.',
    example: ['ARRAY_MIN(ARRAY[2, 1, 3])', '1'],
    bind: extreme(-1),
    checkLiterals: checkOrder,
  }),
  declare('collection', {
    name: 'ARRAY_JOIN',
    signatures: [takes({ list: arrayOf(STRING), separator: STRING, 'nullText?': STRING }, STRING)],
    doc: 'The texts with a separator between them. NULLs are left out unless a text for them is given.',
    example: ["ARRAY_JOIN(ARRAY['a', NULL, 'b'], '-', '?')", "'a-?-b'"],
    evaluate: (list: List, separator: string, nullText?: string) =>
      list
        .map((item) => item ?? nullText)
        .filter((item) => item !== undefined)
        .join(separator),
  }),
  declare('collection', {
    name: 'SPLIT',
    signatures: [takes({ text: STRING, separator: STRING }, arrayOf(STRING))],
    doc: 'The parts of a text between separators; every character when the separator is empty.',
    example: ["SPLIT('a,b', ',')", "ARRAY['a', 'b']"],
    evaluate: (text: string, separator: string) => (separator === '' ? [...text] : text.split(separator)),
    spark: ([text, separator]) => `split(${text}, concat('\\\\Q', ${separator}, '\\\\E'))`,
  }),
  declare('collection', {
    name: 'MAP_KEYS',
    signatures: [takes({ map: 'map' }, (args) => arrayOf(keyAndValue(args).key))],
    doc: 'The keys of a map.',
    example: ["MAP_KEYS(MAP['a', 1, 'b', 2])", "ARRAY['a', 'b']"],
    evaluate: (map: Dictionary) => [...map.keys()],
  }),
  declare('collection', {
    name: 'MAP_VALUES',
    signatures: [takes({ map: 'map' }, (args) => arrayOf(keyAndValue(args).value))],
    doc: 'The values of a map.',
    example: ["MAP_VALUES(MAP['a', 1, 'b', 2])", 'ARRAY[1, 2]'],
    evaluate: (map: Dictionary) => [...map.values()],
  }),
  declare('collection', {
    name: 'MAP_ENTRIES',
    signatures: [
      takes({ map: 'map' }, (args) => {
        const { key, value } = keyAndValue(args);
        return arrayOf(
          rowOf([
            { name: 'key', type: key, nullable: false },
            { name: 'value', type: value, nullable: true },
          ]),
        );
      }),
    ],
    doc: 'The entries of a map, as rows of `key` and `value`.',
    example: ["MAP_ENTRIES(MAP['a', 1])[1].value", '1'],
    evaluate: (map: Dictionary) => [...map].map(([key, value]) => [key, value]),
  }),
  declare('collection', {
    name: 'MAP_FROM_ARRAYS',
    signatures: [takes({ keys: 'array', values: 'array' }, (args) => mapOf(elementOf(args), elementOf(args.slice(1))))],
    doc: 'A map from an array of keys and one of values, of the same length.',
    example: ["MAP_FROM_ARRAYS(ARRAY['a', 'b'], ARRAY[1, 2])['b']", '2'],
    evaluate: (keys: List, values: List) => {
      if (keys.length !== values.length) {
        throw cannotCompute(say`MAP_FROM_ARRAYS needs as many values as keys, not ${values.length} for ${keys.length}`);
      }
      return new Map(keys.map((key, i) => [key, values[i]!]));
    },
  }),
  declare('collection', {
    name: 'MAP_UNION',
    signatures: [takes({ 'map…': 'common' }, SAME_LIST)],
    doc: 'The entries of all maps; for a key in several, the last counts.',
    example: ["MAP_UNION(MAP['a', 1], MAP['a', 2])['a']", '2'],
    evaluate: (...maps: Dictionary[]) => new Map(maps.flatMap((map) => [...map])),
    checkLiterals: (args) => {
      const wrong = args.findIndex((arg) => arg.type.kind !== 'MAP');
      return wrong < 0 ? null : { argument: wrong, message: say`A MAP is needed here` };
    },
    // map_concat fails on a key that is in several maps.
    spark: (maps) =>
      maps.reduce(
        (all, map) => `map_concat(map_filter(${all}, (__key, __value) -> NOT map_contains_key(${map}, __key)), ${map})`,
      ),
  }),
  declare('collection', {
    name: 'FLATTEN',
    signatures: [takes({ lists: 'array' }, elementOf, 'always')],
    doc: 'The elements of the arrays in an array, as one array; NULL when one of them is NULL.',
    example: ['FLATTEN(ARRAY[ARRAY[1, 2], ARRAY[3]])', 'ARRAY[1, 2, 3]'],
    evaluate: (lists: readonly (List | null)[]) => (lists.includes(null) ? null : lists.flatMap((list) => [...list!])),
    checkLiterals: (args) =>
      elementOf(args).kind === 'ARRAY' ? null : { argument: 0, message: say`An ARRAY of ARRAYs is needed here` },
    flink: unsupported(say`Flink SQL has no FLATTEN for arrays`),
  }),
  declare('collection', {
    name: 'ARRAY_COMPACT',
    signatures: [ONE_LIST],
    doc: 'The elements that are not NULL.',
    example: ['ARRAY_COMPACT(ARRAY[1, NULL, 2])', 'ARRAY[1, 2]'],
    evaluate: (list: List) => list.filter((item) => item !== null),
    flink: unsupported(say`Flink SQL has no ARRAY_COMPACT`),
  }),
  declare('collection', {
    name: 'ARRAY_REPEAT',
    signatures: [takes({ value: 'any', times: INT }, (args) => arrayOf(args[0]!.type), 'always')],
    doc: 'An array of the value, `times` times over.',
    example: ["ARRAY_REPEAT('a', 3)", "ARRAY['a', 'a', 'a']"],
    nulls: 'custom',
    evaluate: (value: Value, times: number | null) =>
      times === null ? null : new Array<Value>(checkedLength('ARRAY_REPEAT', Math.max(0, times))).fill(value),
    flink: unsupported(say`Flink SQL has no ARRAY_REPEAT`),
  }),
  declare('collection', {
    name: 'SEQUENCE',
    signatures: [takes({ from: BIGINT, to: BIGINT }, arrayOf(BIGINT))],
    doc: 'The whole numbers from one to another, both included; downwards when the second is smaller.',
    example: ['SEQUENCE(3, 1)', 'ARRAY[CAST(3 AS BIGINT), CAST(2 AS BIGINT), CAST(1 AS BIGINT)]'],
    evaluate: (from: bigint, to: bigint) => {
      const step = to < from ? -1n : 1n;
      const length = checkedLength('SEQUENCE', Number((to - from) * step) + 1);
      return Array.from({ length }, (_, i) => from + BigInt(i) * step);
    },
    flink: unsupported(say`Flink SQL has no SEQUENCE`),
  }),
];
