import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec, type Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, schemaOf, type Schema, type StreamShape } from '../../core/schema.ts';
import { printDataType, type Field } from '../../core/types.ts';
import { checkPair, reportDuplicates } from '../shared/joins/infer.ts';
import { describeOn } from '../shared/joins/config.ts';
import { fileFormatOf } from './file-format-of.ts';

const schema = c.columns({
  label: 'Schema',
  help: 'Fields of the table that are used, by the names that it gives them: the keys, and what is added to the rows.',
});

const config = configSpec({
  table: c.variant({ label: 'Table', help: 'Where the rows come from that are looked up.' }, 'type', {
    file: {
      label: 'File',
      fields: {
        path: c.path({
          label: 'Path',
          help: 'A file that ends in .csv, its first line naming the columns, or in .jsonl; relative to the folder of the document.',
        }),
        schema,
      },
    },
    sqlite: {
      label: 'SQLite',
      fields: {
        path: c.path({ label: 'Path', help: 'The file of the database, relative to the folder of the document.' }),
        query: c.text(
          { label: 'Table or query', help: 'Name of a table or view, or a SELECT.' },
          { placeholder: 'products' },
        ),
        schema,
      },
    },
  }),
  on: c.list(
    { label: 'On', help: 'Pairs of fields that are equal in rows that match. NULL equals nothing.' },
    c.object(
      { label: 'Pair', help: 'A field of the rows and one of the table, of the same type.' },
      {
        left: c.field({ label: 'Of the rows', help: 'Field of the input.' }),
        right: c.text({ label: 'Of the table', help: 'Field of the table.' }),
      },
    ),
    { itemLabel: 'pair', minLength: 1 },
  ),
  fields: c.optional(
    c.list(
      { label: 'Fields', help: 'What is added to the rows. All fields of the table but the keys when left out.' },
      c.object(
        { label: 'Field', help: 'A field of the table.' },
        {
          field: c.text({ label: 'Field', help: 'Its name in the table.' }),
          as: c.optional(c.text({ label: 'Name', help: 'Its name in the rows, when it is another.' })),
        },
      ),
      { itemLabel: 'field', minLength: 1 },
    ),
  ),
  kind: c.withDefault(
    c.choice(
      { label: 'Kind', help: 'What becomes of a row that matches nothing.' },
      { inner: 'Inner: it is left out', left: 'Left outer: it comes with NULLs' },
    ),
    'inner',
  ),
  cacheTtl: c.withDefault(
    c.duration({
      label: 'Cache time to live',
      help: 'How long what was found counts. A file is read again after it, and once it has changed. 0 seconds: a database is asked for each batch.',
    }),
    '1 minute',
  ),
  cacheEntries: c.withDefault(
    c.integer(
      { label: 'Cache entries', help: 'Keys that are remembered at most, of a database, in each subtask.' },
      { min: 1, max: 10_000_000 },
    ),
    10_000,
  ),
  concurrency: c.withDefault(
    c.integer(
      { label: 'Concurrency', help: 'Queries under way at a time at most, in each subtask.' },
      { min: 1, max: 1000 },
    ),
    4,
  ),
  retry: c.withDefault(
    c.object(
      { label: 'Retry', help: 'When the table does not answer.' },
      {
        attempts: c.withDefault(
          c.integer({ label: 'Attempts', help: 'How often it is asked at most before the job fails.' }, { min: 1 }),
          3,
        ),
        backoff: c.withDefault(
          c.duration({
            label: 'Back-off',
            help: 'Wait before the second attempt; twice as long before each further one.',
          }),
          '500 milliseconds',
        ),
      },
    ),
    {},
  ),
});
export type JoinLookupConfig = ConfigOf<typeof config>;

export const joinLookupSpec: OperatorSpec<JoinLookupConfig> = {
  type: 'join.lookup',
  version: 1,
  label: 'Lookup join',
  summary: 'Adds fields that it looks up in a table: a file or a database.',
  category: 'join',
  keywords: ['enrich', 'lookup', 'dimension', 'reference', 'sqlite', 'csv', 'cache', 'database', 'async', 'temporal'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Rows' }],
    outputs: [{ name: 'out', label: 'Rows with what was found' }],
  }),
  traits: () => ROW_WISE,
  infer(checked, inputs, report) {
    const { table, on } = checked;
    let isKnown = checkTable(checked, report);
    const left = inputs[0]?.shape;
    if (left === undefined) return {};
    on.forEach((pair, i) => checkPair(pair, left.schema, schemaOf(table.schema), `on[${i}]`, report, SIDES));
    const added = addedFields(checked, report);
    if (added === null) isKnown = false;
    if (!isKnown) return {};
    const fields = [...left.schema.fields, ...added!];
    const remedy = say`give that of the table another name with "as" in \`fields\`, or leave it out there`;
    if (reportDuplicates(fields, remedy, report)) return {};
    const out: StreamShape = { ...left, schema: { fields } };
    return { out };
  },
  describe: ({ table, on }, say) => say`${table.type === 'sqlite' ? table.query : table.path} by ${describeOn(on)}`,
};

const SIDES = { left: say`the input`, right: say`the table` };

function checkTable({ table, on }: JoinLookupConfig, report: Report): boolean {
  if (table.type === 'file' && fileFormatOf(table.path) === null) {
    report({
      code: 'MR1203',
      message: say`the name of the file must end in .csv or .jsonl, which says how it is written`,
      path: 'table.path',
    });
  }
  const names = new Set<string>();
  let isKnown = true;
  for (const [i, { name, type }] of table.schema.entries()) {
    if (names.has(name)) {
      report({ code: 'MR1402', message: say`There are two fields "${name}"`, path: `table.schema[${i}].name` });
      isKnown = false;
    }
    names.add(name);
    if (table.type === 'sqlite' && type.kind === 'TIMESTAMP' && on.some(({ right }) => right === name)) {
      report({
        code: 'MR1405',
        message: say`"${name}" is TIMESTAMP, which SQLite has no one way to write: declare it as it is stored, STRING or BIGINT, and CAST the key of the rows`,
        path: `table.schema[${i}].type`,
      });
    }
    if (table.type === 'sqlite' && (type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'ROW')) {
      report({
        code: 'MR1405',
        message: say`"${name}" is ${printDataType(type)}, which SQLite does not have: declare a STRING`,
        path: `table.schema[${i}].type`,
      });
    }
  }
  return isKnown;
}

/** Names in the table of what is added to the rows, in order. */
export function addedNames({
  table,
  on,
  fields,
}: Pick<JoinLookupConfig, 'table' | 'on' | 'fields'>): readonly string[] {
  if (fields !== null) return fields.map(({ field }) => field);
  const keys = new Set(on.map(({ right }) => right));
  return table.schema.map(({ name }) => name).filter((name) => !keys.has(name));
}

/** Null when one is not in the table. */
function addedFields(checked: JoinLookupConfig, report: Report): Field[] | null {
  const { table, fields, kind } = checked;
  const declared: Schema = schemaOf(table.schema);
  const added: Field[] = [];
  let isKnown = true;
  addedNames(checked).forEach((name, i) => {
    const found = declared.fields[fieldIndex(declared, name)];
    if (found === undefined) {
      report({ code: 'MR1403', message: say`the table has no field "${name}"`, path: `fields[${i}].field` });
      isKnown = false;
    } else {
      added.push({ ...found, name: fields?.[i]?.as ?? name, nullable: found.nullable || kind === 'left' });
    }
  });
  return isKnown ? added : null;
}
