import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { FILE_FORMATS, type FileFormat } from '../../formats/index.ts';

const config = configSpec({
  path: c.path({
    label: 'Path',
    help: 'A file when it ends in the extension of the format, else a folder of part files. Relative to the folder of the document.',
  }),
  format: c.choice<FileFormat>({ label: 'Format', help: 'How rows are written.' }, FILE_FORMATS),
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

export const sinkFileSpec: OperatorSpec<SinkFileConfig> = {
  type: 'sink.file',
  version: 1,
  label: 'File sink',
  summary: 'Writes rows to a file or a folder, each exactly once.',
  category: 'sink',
  keywords: ['write', 'save', 'csv', 'json', 'jsonl', 'output', 'folder'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  traits: (checked) => ({
    ...ROW_WISE,
    isStateful: true,
    acceptsUpdates: false,
    maxParallelism: isSingleFile(checked) ? 1 : null,
  }),
  infer(checked, _inputs, report) {
    if (checked.rolling !== null && isSingleFile(checked)) {
      report({
        code: 'MR1203',
        message: `"${checked.path}" is one file and cannot roll: leave out rolling, or name a folder`,
        path: 'rolling',
      });
    }
    return {};
  },
  describe: ({ path }) => path,
};
