/** Flink SQL. */
import { findExporter } from '../../operators/exporters.ts';
import engines from '../engines.json' with { type: 'json' };
import { constantRefusal, isEnd } from '../refusal.ts';
import type { Export, Target } from '../target.ts';
import { printScript } from './print-script.ts';
import { flinkScript, WITHOUT_CONNECTOR } from './script.ts';

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
        { about: 'In this folder, with a cluster that runs (`"$FLINK_HOME/bin/start-cluster.sh"`):', shell: `"$FLINK_HOME/bin/sql-client.sh" -f ${file}` }, // prettier-ignore
      ],
      names: script.names,
    };
  },
};
