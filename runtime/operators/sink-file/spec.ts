import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec, type Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { schemaOf, type Schema } from '../../core/schema.ts';
import { printDataType } from '../../core/types.ts';
import { checkExpression, scopeOf, type TypedExpression } from '../../expression/index.ts';
import { FILE_FORMATS, type FileFormat } from '../../formats/index.ts';
import { parquetProblem } from '../../formats/parquet/parquet-schema.ts';

const config = configSpec({
  path: c.path({
    label: 'Path',
    help: 'A file when it ends in the extension of the format, else a folder of part files. Relative to the folder of the document.',
  }),
  format: c.choice<FileFormat>({ label: 'Format', help: 'How rows are written.' }, FILE_FORMATS),
  partitionBy: c.optional(
    c.list(
      {
        label: 'Partition by',
        help: 'A folder for each combination of values, such as dt=2026-11-26/hour=03. Folders only.',
      },
      c.object(
        { label: 'Partition', help: 'One level of folders.' },
        {
          as: c.text({ label: 'Name', help: 'What the folder is named before the equals sign.' }),
          expr: c.expression({
            label: 'Expression',
            help: 'Its value. A field that stands here under its own name is left out of the files.',
          }),
        },
      ),
      { itemLabel: 'partition', minLength: 1 },
    ),
  ),
  maxOpenPartitions: c.withDefault(
    c.integer(
      {
        label: 'Open partitions',
        help: 'With partitions: how many parts a subtask writes side by side. For one more, the one that has waited longest is closed.',
      },
      { min: 1 },
    ),
    64,
  ),
  rowGroupRows: c.withDefault(
    c.integer(
      { label: 'Row group', help: 'Parquet: rows that are held in memory and written as one block.' },
      { min: 1, unit: 'rows' },
    ),
    65_536,
  ),
  rolling: c.optional(
    c.object(
      { label: 'Rolling', help: 'When to begin a new part file, beside every checkpoint. Folders only.' },
      {
        maxBytes: c.optional(
          c.integer({ label: 'Bytes', help: 'A part that has so many bytes is closed.' }, { min: 1, unit: 'bytes' }),
        ),
        maxRows: c.optional(
          c.integer({ label: 'Rows', help: 'A part that has so many rows is closed.' }, { min: 1, unit: 'rows' }),
        ),
      },
    ),
  ),
});
export type SinkFileConfig = ConfigOf<typeof config>;

/** Whether the path names one file, and not a folder of parts. */
export function isSingleFile({ path, format }: Pick<SinkFileConfig, 'path' | 'format'>): boolean {
  return path.toLowerCase().endsWith(`.${format}`);
}

/** The fields that the files have: those of the input, without the ones that partitions say. */
export function fieldsOfFiles({ partitionBy }: Pick<SinkFileConfig, 'partitionBy'>, input: Schema): Schema {
  const said = new Set(partitionBy?.map(({ as }) => as));
  return said.size === 0 ? input : schemaOf(input.fields.filter((field) => !said.has(field.name)));
}

export const sinkFileSpec: OperatorSpec<SinkFileConfig> = {
  type: 'sink.file',
  version: 1,
  label: 'File sink',
  summary: 'Writes rows to a file or a folder, each exactly once.',
  category: 'sink',
  keywords: ['write', 'save', 'csv', 'json', 'jsonl', 'parquet', 'output', 'folder', 'partition', 'hive'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  traits: (checked) => ({
    ...ROW_WISE,
    isStateful: true,
    commitsWithCheckpoint: true,
    acceptsUpdates: false,
    maxParallelism: isSingleFile(checked) ? 1 : null,
  }),
  infer(checked, [input], report) {
    const { path, format } = checked;
    if (isSingleFile(checked)) checkSingleFile(checked, report);
    if (input === undefined) return {};
    const { schema, bounded } = input.shape;
    if (!bounded && format === 'parquet' && isSingleFile(checked)) {
      const folder = path.slice(0, -'.parquet'.length);
      report({
        code: 'MR1203',
        message: say`"${path}" would be one Parquet file that never ends. Name a folder, such as "${folder}": with every checkpoint a finished file comes to be in it`,
        path: 'path',
      });
    }
    checkPartitions(checked, schema, report);
    const written = fieldsOfFiles(checked, schema);
    const problem = format === 'parquet' ? parquetProblem(written) : null;
    if (problem !== null) report({ code: 'MR1405', message: say`The rows cannot be written as Parquet: ${problem}` });
    return {};
  },
  describe: ({ path, partitionBy }) =>
    partitionBy === null ? path : [path, ...partitionBy.map(({ as }) => `${as}=…`)].join('/'),
};

function checkSingleFile({ path, rolling, partitionBy }: SinkFileConfig, report: Report): void {
  if (rolling !== null) {
    report({
      code: 'MR1203',
      message: say`"${path}" is one file and cannot roll: leave out rolling, or name a folder`,
      path: 'rolling',
    });
  }
  if (partitionBy !== null) {
    report({
      code: 'MR1203',
      message: say`"${path}" is one file and has no partitions: leave them out, or name a folder`,
      path: 'partitionBy',
    });
  }
}

function checkPartitions({ partitionBy }: SinkFileConfig, schema: Schema, report: Report): void {
  const scope = scopeOf(schema);
  const names = new Set<string>();
  partitionBy?.forEach(({ as, expr }, i) => {
    const path = `partitionBy[${i}]`;
    if (names.has(as))
      report({ code: 'MR1402', message: say`There is a partition "${as}" already`, path: `${path}.as` });
    names.add(as);
    const { expression, problems } = checkExpression(expr, scope);
    for (const problem of problems) report({ ...problem, path: `${path}.expr` });
    if (expression === null) return;
    const { kind } = expression.type;
    if (kind === 'ARRAY' || kind === 'MAP' || kind === 'ROW' || kind === 'BYTES') {
      report({
        code: 'MR1306',
        message: say`A folder cannot be named after a value of type ${printDataType(expression.type)}`,
        path: `${path}.expr`,
      });
    }
    if (hidesField(as, expression, schema)) {
      report({
        code: 'MR1402',
        message: say`There is a field "${as}", and this is not its value. Readers would not know which is meant: choose another name`,
        path: `${path}.as`,
      });
    }
  });
  if (partitionBy !== null && schema.fields.length > 0 && fieldsOfFiles({ partitionBy }, schema).fields.length === 0) {
    report({ code: 'MR1203', message: say`The partitions leave no field for the files`, path: 'partitionBy' });
  }
}

function hidesField(name: string, expression: TypedExpression, schema: Schema): boolean {
  const index = schema.fields.findIndex((field) => field.name === name);
  return index !== -1 && !(expression.node === 'column' && expression.index === index);
}
