/** PySpark. */
import { comment, pythonText, statement } from '../../operators/shared/spark/python.ts';
import { findExporter } from '../../operators/exporters.ts';
import engines from '../engines.json' with { type: 'json' };
import type { ExportGraph } from '../export-graph.ts';
import { constantRefusal, isEnd } from '../refusal.ts';
import type { Export, Target } from '../target.ts';
import { sparkProgram, type SparkProgram, type SparkStatement } from './program.ts';

export const sparkTarget: Target = {
  id: 'spark',
  label: 'PySpark',
  version: engines.spark,
  refuses(type) {
    const exporter = findExporter(type);
    if (exporter === null) return null;
    return constantRefusal(isEnd(type) && exporter.sparkSink !== undefined ? exporter.sparkSink : exporter.spark);
  },
  export(graph, base): Export {
    const program = sparkProgram(graph);
    const file = `${base}.py`;
    return {
      losses: program.losses,
      remarks: program.remarks,
      files: [{ path: file, text: printProgram(graph, program, base), about: 'the job' }],
      dependencies: [
        { name: 'pyspark', version: engines.spark, why: 'Spark itself, from PyPI; it needs Java 17 or later' },
      ],
      commands: [
        { about: 'On this machine, with Spark from PyPI:', shell: `pip install pyspark==${engines.spark}\nspark-submit --master 'local[*]' ${file}` }, // prettier-ignore
        { about: 'On a cluster, such as YARN:', shell: `spark-submit --master yarn --deploy-mode cluster ${file}` },
      ],
      names: program.names,
    };
  },
};

/** The text of the program. `base`: names the folder of the checkpoints. */
export function printProgram(graph: ExportGraph, program: SparkProgram, base: string): string {
  const { frames, outputs, mode, isBounded } = program;
  const parts = [
    docstring(graph),
    head(graph, program, base),
    ...frames.map(print),
    ...outputs.map((output) => print(output.statement)),
  ];
  if (mode === 'streaming')
    parts.push(
      waiting(
        outputs.map(({ statement: { name } }) => name!),
        isBounded,
      ),
    );
  return parts.join('\n');
}

function print({ comment: lines, name, value }: SparkStatement): string {
  return comment(lines) + statement(name, value);
}

function docstring({ name, description }: ExportGraph): string {
  const lines = [
    name,
    ...(description === '' ? [] : ['', description]),
    '',
    `For Spark ${engines.spark}, by Millrace.`,
  ];
  return `"""${lines.join('\n').replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')}\n"""\n`;
}

function head({ name, settings }: ExportGraph, { mode, frames, outputs }: SparkProgram, base: string): string {
  const statements = [...frames, ...outputs.map((output) => output.statement)];
  const usesFunctions = statements.some(({ value }) => /\bF\./.test(JSON.stringify(value)));
  const imports = usesFunctions ? 'from pyspark.sql import SparkSession, functions as F\n' : 'from pyspark.sql import SparkSession\n'; // prettier-ignore
  const session = [
    'spark = (',
    `    SparkSession.builder.appName(${pythonText(name)})`,
    '    # Times are instants, shown in UTC; windows begin at the full hour of UTC.',
    '    .config("spark.sql.session.timeZone", "UTC")',
    '    # Groups and joins are split in so many; a checkpoint holds to it.',
    `    .config("spark.sql.shuffle.partitions", ${settings.parallelism})`,
    '    .getOrCreate()',
    ')',
  ];
  const checkpoints =
    mode === 'batch'
      ? ''
      : `\n# Where each query keeps how far it has read, and its state. Delete it to begin anew.\nCHECKPOINTS = ${pythonText(`checkpoints/${base}`)}\n`;
  return `${imports}\n${session.join('\n')}\n${checkpoints}`;
}

function waiting(queries: readonly string[], isBounded: boolean): string {
  if (queries.length === 1) return `${queries[0]!}.awaitTermination()\n`;
  if (!isBounded) return '# The first that fails ends the job.\nspark.streams.awaitAnyTermination()\n';
  return `for query in [${queries.join(', ')}]:\n    query.awaitTermination()\n`;
}
