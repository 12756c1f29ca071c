/** The text of a script. */
import engines from '../engines.json' with { type: 'json' };
import type { ExportGraph } from '../export-graph.ts';
import { keptLines } from './kept-document.ts';
import { commentText, type Statement } from './script.ts';

export function printScript(graph: ExportGraph, statements: readonly Statement[]): string {
  const { name, description } = graph;
  const head = commentText([name, ...(description === '' ? [] : [description]), `For Flink ${engines.flink}, by Millrace.`]); // prettier-ignore
  const parts = statements.map(({ comment, sql }, i) => {
    const follows =
      sql.startsWith('SET ') && statements[i - 1]?.sql.startsWith('SET ') === true && comment.length === 0;
    return `${follows ? '' : '\n'}${commentText(comment)}${sql};\n`;
  });
  return `${head}${parts.join('')}\n${commentText(keptLines(graph))}`;
}
