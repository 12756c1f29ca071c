import { z } from 'zod';
import { c, configSpec, type ConfigField, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec, Report } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import type { Field } from '../../core/types.ts';
import { FILE_FORMATS, type FileFormat } from '../../formats/index.ts';
import { checkEventTime, sourceTimeConfig, watermarkTraits } from '../shared/event-time-config.ts';
import {
  checkDelimiter,
  declaredSchema,
  delimiterField,
  onErrorField,
  PARSING_OUTPUTS,
  rejectedSchema,
} from '../shared/sources/parsing-config.ts';

const columns = c.columns({
  label: 'Schema',
  help: 'Fields of the rows, by the names that the CSV header or the JSON objects use.',
});
const schema: ConfigField<readonly Field[] | 'infer'> = {
  schema: z.union([z.literal('infer'), columns.schema]),
  form: columns.form,
};

const config = configSpec({
  path: c.path({
    label: 'Path',
    help: 'A file, a folder or a glob such as logs/*.csv, relative to the folder of the document.',
  }),
  format: c.choice<FileFormat>({ label: 'Format', help: 'How rows are written.' }, FILE_FORMATS),
  schema,
  header: c.withDefault(
    c.flag({
      label: 'Header',
      help: 'CSV: the first line of each file names the columns. Without, they are in the order of the schema.',
    }),
    true,
  ),
  delimiter: delimiterField(),
  follow: c.withDefault(
    c.flag({ label: 'Follow', help: 'Never ends: waits for appended lines and for new files in the folder.' }),
    false,
  ),
  rowsPerSecond: c.optional(
    c.number(
      { label: 'Rows per second', help: 'Holds the source to a rate; as fast as it goes when left out.' },
      { min: 0.001, unit: 'rows/s' },
    ),
  ),
  onError: onErrorField(),
  eventTime: c.optional(sourceTimeConfig()),
});
export type SourceFileConfig = ConfigOf<typeof config>;

/** Rows of the port `rejected`. */
export const REJECTED = rejectedSchema('file');

export const sourceFileSpec: OperatorSpec<SourceFileConfig> = {
  type: 'source.file',
  version: 1,
  label: 'File source',
  summary: 'Reads rows from a file, a folder or all files of a pattern.',
  category: 'source',
  keywords: ['read', 'csv', 'json', 'jsonl', 'folder', 'glob', 'tail', 'input'],
  config,
  ports: () => ({
    inputs: [],
    outputs: PARSING_OUTPUTS,
  }),
  traits: ({ eventTime }) => ({
    isStateful: true,
    keepsOrder: true,
    needsEventTime: false,
    ...watermarkTraits(eventTime),
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: null,
  }),
  infer(checked, _inputs, report) {
    const bounded = !checked.follow;
    const rejected = { schema: REJECTED, eventTime: false, changelog: 'append', bounded } as const;
    checkDelimiter(checked.delimiter, report);
    const fields = declaredFields(checked.schema, report);
    if (fields === null) return { rejected };
    if (checked.eventTime !== null) checkEventTime(checked.eventTime, fields, report);
    return { out: { schema: fields, eventTime: checked.eventTime !== null, changelog: 'append', bounded }, rejected };
  },
  rowsPerSecond: ({ rowsPerSecond }) => rowsPerSecond,
  describe: ({ path, follow }, say) => (follow ? say`${path}, followed` : path),
};

/** The declared schema; null when it has problems. */
function declaredFields(declared: readonly Field[] | 'infer', report: Report): Schema | null {
  if (declared === 'infer') {
    report({
      code: 'MR1406',
      message: say`The fields must be declared: the document has to say what flows without looking at data. In the form, "Infer from a sample" fills them in.`,
      path: 'schema',
    });
    return null;
  }
  return declaredSchema(declared, report);
}
