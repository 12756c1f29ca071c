/** Flink SQL. */
import { findExporter } from '../../operators/exporters.ts';
import engines from '../engines.json' with { type: 'json' };
import type { ExportGraph } from '../export-graph.ts';
import { constantRefusal, isEnd } from '../refusal.ts';
import type { Export, Target } from '../target.ts';
import { commentText, flinkScript, WITHOUT_CONNECTOR, type Statement } from './script.ts';

export const flinkSqlTarget: Target = {
  id: 'flink-sql',
  label: 'Flink SQL',
  version: engines.flink,
  refuses(type) {
    const exporter = findExporter(type);
    if (exporter === null) return null;
    if (!isEnd(type)) return constantRefusal(exporter.flink);
    return exporter.flinkTable === undefined ? WITHOUT_CONNECTOR.unsupported : constantRefusal(exporter.flinkTable);
  },
  export(graph, base): Export {
    const script = flinkScript(graph);
    const file = `${base}.sql`;
    return {
      losses: script.losses,
      remarks: script.remarks,
      files: [{ path: file, text: printScript(graph, script.statements), about: 'the job, as a script' }],
      dependencies: [
        { name: 'Apache Flink', version: engines.flink, why: 'with its SQL client and, to deploy, its SQL Gateway' },
        ...script.needs.map((name) => ({ name, version: engines.flink, why: 'put its jar into `lib` of Flink' })),
      ],
      commands: [
        { about: 'In the folder of Flink, with a cluster that runs (`bin/start-cluster.sh`):', shell: `bin/sql-client.sh -f "$PWD/${file}"` }, // prettier-ignore
      ],
      names: script.names,
    };
  },
};

function printScript({ name, description }: ExportGraph, statements: readonly Statement[]): string {
  const head = commentText([name, ...(description === '' ? [] : [description]), `For Flink ${engines.flink}, by Millrace.`]); // prettier-ignore
  const parts = statements.map(({ comment, sql }, i) => {
    const follows =
      sql.startsWith('SET ') && statements[i - 1]?.sql.startsWith('SET ') === true && comment.length === 0;
    return `${follows ? '' : '\n'}${commentText(comment)}${sql};\n`;
  });
  return head + parts.join('');
}
