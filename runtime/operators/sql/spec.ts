import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { CompositeSpec, InputStream, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { printDataType } from '../../core/types.ts';
import { ExpansionBuilder } from './builder.ts';
import { parseQuery } from './parse.ts';
import { planQuery } from './plan-query.ts';
import { QueryProblem } from './problem.ts';
import { project } from './project.ts';
import { fieldColumn, type Relation } from './relation.ts';

const config = configSpec({
  inputs: c.withDefault(
    c.list(
      { label: 'Inputs', help: 'Ports, each a table of the query.' },
      c.object(
        { label: 'Input', help: 'A port and the table it is.' },
        {
          name: c.text({ label: 'Name', help: 'Name of the port, and of the table in the query.' }),
          time: c.optional(
            c.field({
              label: 'Time',
              help: 'The field with the event time of the rows. Left out: the only TIMESTAMP field of the input.',
            }),
          ),
        },
      ),
      { itemLabel: 'input', minLength: 1 },
    ),
    [{ name: 'input' }],
  ),
  query: c.code({ label: 'Query', help: 'A SELECT in Flink SQL. Inputs are its tables.' }, 'sql'),
});
export type SqlConfig = ConfigOf<typeof config>;

export const sqlSpec: CompositeSpec<SqlConfig> = {
  type: 'sql',
  version: 1,
  label: 'SQL',
  summary: 'Runs a SELECT in Flink SQL over its inputs.',
  category: 'transform',
  keywords: [
    'query',
    'select',
    'flink sql',
    'join',
    'group by',
    'where',
    'having',
    'union',
    'match_recognize',
    'window',
  ],
  config,
  ports: (raw) => ({
    inputs: inputNames(raw).map((name) => ({ name, label: name })),
    outputs: [{ name: 'out', label: 'Results' }],
  }),
  expand({ inputs, query }, streams, report) {
    const names = inputs.map(({ name }) => name);
    if (reportDoubles(names, report)) return null;
    if (reportTimes(inputs, streams, report)) return null;
    const builder = new ExpansionBuilder(names);
    try {
      const tables = new Map(inputs.map((input): [string, Relation] => [input.name, tableOf(input, streams)]));
      const context = { text: query, builder, tables, prefix: '', planQuery };
      const parsed = parseQuery(query);
      const planned = project(planQuery(parsed, context), context, {
        id: 'select',
        label: 'SELECT',
        range: parsed.range,
      });
      const output =
        'input' in planned.source
          ? builder.add({ id: 'select', type: 'union', label: 'SELECT', config: {}, range: parsed.range }, [
              ['in', planned.source],
            ])
          : planned.source;
      for (const name of builder.unread) {
        const path = `inputs[${names.indexOf(name)}]`;
        report({ severity: 'warning', code: 'MR1805', message: say`the query does not read "${name}"`, path });
      }
      return builder.finish(output);
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw error;
      report({ code: error.code, message: error.message, path: 'query', range: error.range });
      return null;
    }
  },
  describe: ({ query }) => query.replaceAll(/\s+/g, ' ').trim(),
};

function inputNames({ inputs = [{ name: 'input' }] }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(inputs)) return [];
  const names = inputs.flatMap((input: unknown) => {
    const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : null;
    return typeof name === 'string' && name !== '' ? [name] : [];
  });
  return [...new Set(names)];
}

function reportDoubles(names: readonly string[], report: Report): boolean {
  const double = names.findIndex((name, i) => names.indexOf(name) < i);
  if (double < 0) return false;
  report({ code: 'MR1203', message: say`there is another input "${names[double]!}"`, path: `inputs[${double}].name` });
  return true;
}

/** Whether an input names a time that it does not have. */
function reportTimes(inputs: SqlConfig['inputs'], streams: readonly InputStream[], report: Report): boolean {
  let isWrong = false;
  inputs.forEach(({ name, time }, i) => {
    const fields = streams.find(({ port }) => port === name)?.shape.schema.fields;
    if (time === null || fields === undefined) return;
    const path = `inputs[${i}].time`;
    const found = fields.find((field) => field.name === time);
    if (found === undefined) report({ code: 'MR1403', message: say`the input has no field "${time}"`, path });
    else if (found.type.kind !== 'TIMESTAMP') {
      report({ code: 'MR1502', message: say`"${time}" is a ${printDataType(found.type)}, not a TIMESTAMP`, path });
    }
    isWrong ||= found?.type.kind !== 'TIMESTAMP';
  });
  return isWrong;
}

/** Which column is the time attribute is declared, as a table of Flink declares it, or plain to see. */
function tableOf({ name, time }: SqlConfig['inputs'][number], streams: readonly InputStream[]): Relation {
  const shape = streams.find(({ port }) => port === name)?.shape;
  const fields = shape?.schema.fields ?? [];
  const stamps = fields.filter(({ type }) => type.kind === 'TIMESTAMP');
  const timeField = shape?.eventTime !== true ? null : (time ?? (stamps.length === 1 ? stamps[0]!.name : null));
  return {
    source: { input: name },
    fields: fields.map((field) => field.name),
    columns: fields.map((field) => fieldColumn(field.name, { type: field.type, isTime: field.name === timeField })),
    window: null,
    rank: null,
    hasUpdates: shape?.changelog === 'update',
  };
}
