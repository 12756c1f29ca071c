/** What sources and sinks read out of a CREATE TABLE of Flink. */
import type { ImportedTable, NotImported } from '../../../core/importer.ts';
import { say } from '../../../core/say.ts';
import { printDataType } from '../../../core/types.ts';

const FORMATS: Readonly<Record<string, string>> = { csv: 'csv', json: 'jsonl', parquet: 'parquet' };

/** Format and path of a table of files. */
export function readFiles({ options }: ImportedTable): { path: string; format: string } | NotImported {
  const { path, format = '' } = options;
  const known = FORMATS[format];
  if (path === undefined) return { unsupported: say`has no 'path'` };
  if (known === undefined) {
    return { unsupported: say`has the format '${format}': csv, json and parquet are read here` };
  }
  return { path: decodeURI(path.replace(/^file:(?:\/\/(?=\/))?/, '')), format: known };
}

/** As the config `schema` of a source has them; computed columns have no place there. */
export function readFields({ columns }: ImportedTable): readonly object[] | NotImported {
  const computed = columns.find(({ expr }) => expr !== null);
  if (computed !== undefined) {
    return { unsupported: say`computes the column "${computed.name}": read what is stored, and compute it in a view` };
  }
  return columns.map(({ name, type, nullable }) => ({
    name,
    type: printDataType(type!),
    ...(nullable ? {} : { nullable }),
  }));
}

/** As the config `eventTime` of a source. */
export function readEventTime({ watermark }: ImportedTable): object {
  if (watermark === null) return {};
  const { field, boundMs } = watermark;
  return { eventTime: { field, ...(boundMs === 0 ? {} : { maxOutOfOrdernessMs: boundMs }) } };
}
