/** From a CSV file to a pipeline that reads it: the file goes into the workspace, its schema is told from its first rows. */
import { nodeId } from '../../runtime/core/ids.ts';
import { printDataType, type Field } from '../../runtime/core/types.ts';
import { delimiterOf, inferSchema } from '../../runtime/formats/infer-schema.ts';
import { emptyDocument, printDocument, type PipelineDocument } from '../../runtime/graph/index.ts';
import { t } from '../app/i18n/index.ts';
import { openDocument, pathForName } from '../files/document-files.ts';
import { saveNew } from '../files/save-new.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { selectNodes } from '../stores/view-store.ts';

const SAMPLE_CHARACTERS = 256 * 1024;
/** What a host takes of a page at a time; larger files are put into the workspace by hand. */
const MAX_BYTES = 24 * 1024 * 1024;

/** How long a first run takes: a file that is read at once is over before anybody has looked. */
const SECONDS = 10;

const SOURCE = nodeId('rows');
const TABLE = nodeId('table');

/** Opens a pipeline with the file as its source and a table to look at it. Never overwrites a file of the workspace. */
export async function createFromCsv(file: File): Promise<void> {
  try {
    if (file.size > MAX_BYTES) return void notify('welcome:tooLarge', { tone: 'error', values: { name: file.name } });
    const text = await file.text();
    const delimiter = delimiterOf(text);
    const fields = inferSchema(text.slice(0, SAMPLE_CHARACTERS), 'csv', { delimiter });
    if (fields.length === 0) return void notify('welcome:noRows', { tone: 'error', values: { name: file.name } });
    const name = file.name.replace(/\.[^.]+$/, '');
    const data = await saveNew(file.name, text);
    const rows = text.split('\n').length;
    const document = pipelineOf(name, data, fields, {
      delimiter,
      rowsPerSecond: Math.max(50, Math.ceil(rows / SECONDS)),
    });
    await openDocument(await saveNew(pathForName(name), printDocument(document)));
    selectNodes([SOURCE]);
  } catch (error) {
    notifyError('welcome:csvFailed', error, { name: file.name });
  }
}

/** A source, held to a rate that is a parameter, and a table. The first TIMESTAMP is the event time: windows need one, and it can be changed. */
export function pipelineOf(
  name: string,
  data: string,
  fields: readonly Field[],
  { delimiter, rowsPerSecond }: { readonly delimiter: string; readonly rowsPerSecond: number },
): PipelineDocument {
  const time = fields.find((field) => field.type.kind === 'TIMESTAMP');
  const config = {
    path: data,
    format: 'csv',
    ...(delimiter === ',' ? {} : { delimiter }),
    schema: fields.map((field) => ({ name: field.name, type: printDataType(field.type) })),
    rowsPerSecond: '${speed}',
    ...(time === undefined ? {} : { eventTime: { field: time.name } }),
  };
  const empty = emptyDocument(name);
  return {
    ...empty,
    settings: { ...empty.settings, params: { speed: rowsPerSecond } },
    nodes: [
      { id: SOURCE, type: 'source.file', version: 1, label: data, position: { x: 0, y: 0 }, config },
      { id: TABLE, type: 'sink.table', version: 1, label: t('welcome:table'), position: { x: 420, y: 0 }, config: {} },
    ],
    edges: [{ from: SOURCE, fromPort: 'out', to: TABLE, toPort: 'in' }],
  };
}
