import { BOOLEAN } from '../../core/types.ts';
import { equalValues, type Present } from '../operations.ts';
import { declare, takes, typeOfArgument, type FunctionSpec } from './declare.ts';

export const CONDITIONAL_FUNCTIONS: readonly FunctionSpec[] = [
  declare('conditional', {
    name: 'COALESCE',
    signatures: [takes({ 'value…': 'common' }, typeOfArgument(0), 'all')],
    doc: 'The first argument that is not NULL. Later ones are not evaluated.',
    example: ["COALESCE(NULL, 'a', 'b')", "'a'"],
    lazy: 'coalesce',
    nulls: 'custom',
  }),
  declare('conditional', {
    name: 'IFNULL',
    aliases: ['NVL'],
    signatures: [takes({ value: 'common', otherwise: 'common' }, typeOfArgument(0), 'all')],
    doc: '`value`, or `otherwise` when it is NULL.',
    example: ['IFNULL(NULL, 5)', '5'],
    lazy: 'coalesce',
    nulls: 'custom',
  }),
  declare('conditional', {
    name: 'IF',
    signatures: [takes({ condition: BOOLEAN, then: 'common', otherwise: 'common' }, typeOfArgument(1), 'any')],
    doc: '`then` when the condition is TRUE, else `otherwise`. Only the one that is taken is evaluated.',
    example: ["IF(2 > 1, 'yes', 'no')", "'yes'"],
    lazy: 'if',
    nulls: 'custom',
  }),
  declare('conditional', {
    name: 'NULLIF',
    signatures: [takes({ value: 'common', other: 'common' }, typeOfArgument(0), 'always')],
    doc: 'NULL when both arguments are equal, else the first. Guards a division: `a / NULLIF(b, 0)`.',
    example: ['NULLIF(5, 0)', '5'],
    nulls: 'custom',
    evaluate: (value: Present | null, other: Present | null) =>
      value !== null && other !== null && equalValues(value, other) ? null : value,
  }),
  declare('conditional', {
    name: 'NVL2',
    signatures: [takes({ value: 'any', then: 'common', otherwise: 'common' }, typeOfArgument(1), 'always')],
    doc: '`then` when the value is not NULL, else `otherwise`.',
    example: ["NVL2(NULL, 'known', 'unknown')", "'unknown'"],
    nulls: 'custom',
    evaluate: (value: Present | null, then: Present | null, otherwise: Present | null) =>
      value === null ? otherwise : then,
    flink: ([value, then, otherwise]) => `CASE WHEN ${value} IS NOT NULL THEN ${then} ELSE ${otherwise} END`,
  }),
];
