/** A script of Flink SQL becomes a pipeline of the workspace: chosen by a command, or dropped on the window. */
import { printDocument } from '../../runtime/graph/index.ts';
import { importFlinkSql } from '../../runtime/importers/flink-sql/import-script.ts';
import { autoLayout } from '../canvas/canvas-actions.ts';
import { openDocument, pathForName } from '../files/document-files.ts';
import { saveNew } from '../files/save-new.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { validateNow } from '../stores/validation-store.ts';

/** No script that somebody wrote is longer. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Of what was left out, in the notice. */
const MAX_LINES = 8;

export function isScript({ name }: Pick<File, 'name'>): boolean {
  return name.toLowerCase().endsWith('.sql');
}

/** Opens it as a new document, laid out, and says what of the script was left out. */
export async function importSql(file: File): Promise<void> {
  const values = { name: file.name };
  try {
    if (file.size > MAX_BYTES) return void notify('export:import.tooLarge', { tone: 'error', values });
    const name = file.name.replace(/\.[^.]+$/, '');
    const { document, diagnostics } = importFlinkSql(await file.text(), name);
    const lines = diagnostics.map(({ message }) => message);
    const more = lines.length > MAX_LINES ? [`… +${lines.length - MAX_LINES}`] : [];
    const detail = [...lines.slice(0, MAX_LINES), ...more].join('\n');
    if (document.nodes.length === 0) return void notify('export:import.nothing', { tone: 'error', values, detail });
    await openDocument(await saveNew(pathForName(document.name), printDocument(document)));
    validateNow();
    await autoLayout();
    if (lines.length === 0) notify('export:import.done', { tone: 'success', values });
    else notify('export:import.partly', { tone: 'warning', values: { ...values, count: lines.length }, detail });
  } catch (error) {
    notifyError('export:import.failed', error, values);
  }
}

/** Asks for a file. */
export function chooseSql(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.sql';
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file !== undefined) void importSql(file);
  };
  input.click();
}

/** Takes scripts that are dropped where nothing else takes them. Returns the way to stop. */
export function takeDroppedScripts(target: Document): () => void {
  const allow = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
  };
  const take = (event: DragEvent): void => {
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined || event.defaultPrevented) return;
    // Else the browser would leave the app for the file.
    event.preventDefault();
    if (isScript(file)) void importSql(file);
  };
  target.addEventListener('dragover', allow);
  target.addEventListener('drop', take);
  return () => {
    target.removeEventListener('dragover', allow);
    target.removeEventListener('drop', take);
  };
}
