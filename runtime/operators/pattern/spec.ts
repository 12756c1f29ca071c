import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { InputStream, OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { printDuration } from '../../core/time.ts';
import { BOOLEAN, printDataType, type Field } from '../../core/types.ts';
import { afterMatchField } from './after-match.ts';
import { checkPattern } from './check-pattern.ts';
import { checkMatchExpression } from './navigation.ts';
import { variablesOf } from './pattern-syntax.ts';

const config = configSpec({
  partitionBy: c.fields({
    label: 'Partition by',
    help: 'Matches are looked for among the rows with the same values here; none: among all rows, in one subtask.',
  }),
  pattern: c.text(
    {
      label: 'Pattern',
      help: 'Variables in the order of their rows, with * + ? {n,m} (greedy, or reluctant with ? behind), | and ( ).',
    },
    { placeholder: 'A B+ C' },
  ),
  define: c.withDefault(
    c.list(
      { label: 'Define', help: 'What makes a row one of a variable. A variable that is not here takes any row.' },
      c.object(
        { label: 'Condition', help: 'A variable and its condition.' },
        {
          variable: c.text({ label: 'Variable', help: 'A variable of the pattern.' }),
          condition: c.code(
            {
              label: 'Condition',
              help: 'Such as price < LAST(B.price, 1): fields are those of the row at hand, B.price is that of the last row of B.',
            },
            'sql',
          ),
        },
      ),
      { itemLabel: 'condition' },
    ),
    [],
  ),
  measures: c.list(
    { label: 'Measures', help: 'Fields of a match, behind those it is partitioned by.' },
    c.object(
      { label: 'Measure', help: 'A field and how it is computed.' },
      {
        as: c.text({ label: 'Name', help: 'Name of the field.' }),
        expr: c.code(
          {
            label: 'Expression',
            help: 'Such as LAST(C.price) - FIRST(A.price), or COUNT(B.*): over the rows of the match.',
          },
          'sql',
        ),
      },
    ),
    { itemLabel: 'measure', minLength: 1 },
  ),
  within: c.optional(
    c.duration({
      label: 'Within',
      help: 'From the first row to the last it takes less than this, or there is no match.',
    }),
  ),
  afterMatch: afterMatchField,
});
export type PatternConfig = ConfigOf<typeof config>;

export const patternSpec: OperatorSpec<PatternConfig> = {
  type: 'pattern',
  version: 1,
  label: 'Pattern',
  summary: 'Finds sequences of rows that fit a pattern.',
  category: 'pattern',
  keywords: ['match_recognize', 'cep', 'sequence', 'complex event processing', 'funnel', 'within', 'alert'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [
      { name: 'out', label: 'Matches' },
      { name: 'timedOut', label: 'Timed out', isOptional: true },
    ],
  }),
  traits: ({ partitionBy }) => ({
    isStateful: true,
    keepsOrder: false,
    needsEventTime: true,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: partitionBy.length === 0 ? 1 : null,
  }),
  distribution: ({ partitionBy }) =>
    partitionBy.length === 0 ? { type: 'single' } : { type: 'hash', fields: partitionBy },
  infer(config, [input], report) {
    if (input === undefined) return {};
    const { schema, bounded } = input.shape;
    checkTime(config, input, report);
    const keys = keyFields(config.partitionBy, schema, report);
    const { pattern, problems } = checkPattern(config.pattern);
    for (const problem of problems) report({ ...problem, path: 'pattern' });
    if (pattern === null) return {};
    const variables = variablesOf(pattern);
    checkDefinitions(config, variables, schema, report);
    checkAfterMatch(config, variables, report);
    const measures = measureFields(config, variables, schema, report);
    if (reportDuplicates(config, report)) return {};
    const shape = {
      schema: { fields: [...keys, ...measures] },
      eventTime: true,
      changelog: 'append',
      bounded,
    } as const;
    return { out: shape, timedOut: shape };
  },
  describe: ({ pattern, within }, say) => (within === null ? pattern : say`${pattern} within ${printDuration(within)}`),
};

function checkTime({ within }: PatternConfig, { shape }: InputStream, report: Report): void {
  if (!shape.eventTime) {
    report({
      code: 'MR1501',
      message: say`the input has no watermarks, so its rows could never be put in order`,
      path: 'pattern',
    });
  }
  if (within === null) {
    report({
      severity: 'warning',
      code: 'MR1504',
      message: say`what has begun to match is kept until it fails or is whole: say within what time a match must be whole`,
      path: 'within',
      setting: { path: 'config.within', value: '1 hour' },
    });
  } else if (within <= 0) {
    report({ code: 'MR1203', message: say`a match takes some time: "within" must be longer than 0`, path: 'within' });
  }
}

function keyFields(partitionBy: readonly string[], schema: Schema, report: Report): readonly Field[] {
  return partitionBy.flatMap((name, i) => {
    const path = `partitionBy[${i}]`;
    const key = schema.fields[fieldIndex(schema, name)];
    if (key === undefined) {
      report({ code: 'MR1403', message: say`the input has no field "${name}"`, path });
      return [];
    }
    if (key.type.kind === 'ARRAY' || key.type.kind === 'MAP' || key.type.kind === 'ROW') {
      report({ code: 'MR1405', message: say`rows cannot be partitioned by ${printDataType(key.type)}`, path });
    }
    return [key];
  });
}

function checkDefinitions(
  { define }: PatternConfig,
  variables: readonly string[],
  schema: Schema,
  report: Report,
): void {
  define.forEach(({ variable, condition }, i) => {
    if (!variables.includes(variable)) {
      report(unknownVariable(variable, variables, `define[${i}].variable`));
    } else if (define.findIndex((other) => other.variable === variable) < i) {
      report({
        code: 'MR1203',
        message: say`"${variable}" is defined twice: join the conditions with AND`,
        path: `define[${i}].variable`,
      });
    }
    const { problems } = checkMatchExpression(condition, variables, schema, BOOLEAN);
    for (const problem of problems) report({ ...problem, path: `define[${i}].condition` });
  });
}

function checkAfterMatch({ afterMatch }: PatternConfig, variables: readonly string[], report: Report): void {
  if ('variable' in afterMatch && !variables.includes(afterMatch.variable)) {
    report(unknownVariable(afterMatch.variable, variables, 'afterMatch.variable'));
  }
}

function unknownVariable(name: string, variables: readonly string[], path: string): Parameters<Report>[0] {
  return {
    code: 'MR1203',
    message: say`the pattern has no variable "${name}"; it has ${variables.join(', ')}`,
    path,
  };
}

function measureFields(
  { measures }: PatternConfig,
  variables: readonly string[],
  schema: Schema,
  report: Report,
): readonly Field[] {
  return measures.flatMap(({ as, expr }, i) => {
    const { expression, problems } = checkMatchExpression(expr, variables, schema);
    for (const problem of problems) report({ ...problem, path: `measures[${i}].expr` });
    if (expression === null) return [];
    const { type, nullable } = expression.expression;
    return [{ name: as, type, nullable }];
  });
}

/** Whether two output fields have the same name. */
function reportDuplicates({ partitionBy, measures }: PatternConfig, report: Report): boolean {
  const names = [
    ...partitionBy.map((name, i) => ({ name, path: `partitionBy[${i}]` })),
    ...measures.map(({ as }, i) => ({ name: as, path: `measures[${i}].as` })),
  ];
  const repeated = names.filter(({ name }, i) => names.findIndex((other) => other.name === name) < i);
  for (const { name, path } of repeated) {
    report({ code: 'MR1402', message: say`the result would have two fields "${name}"`, path });
  }
  return repeated.length > 0;
}
