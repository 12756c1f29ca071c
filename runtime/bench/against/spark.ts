import path from 'node:path';
import { graphOf } from '../../comparison/job-graph.ts';
import { sparkSources } from '../../comparison/spark/sources.ts';
import { SparkEngine } from '../../comparison/spark/spark-engine.ts';
import engines from '../../exporters/engines.json' with { type: 'json' };
import { sparkProgram, type SparkOutput, type SparkProgram } from '../../exporters/spark/program.ts';
import { printProgram } from '../../exporters/spark/target.ts';
import { attribute, call, chain, pythonText } from '../../operators/shared/spark/python.ts';
import { HEAP, secondsSince, timed, type Contender, type ContenderSetup } from './contender.ts';

export const spark: ContenderSetup = {
  id: 'spark',
  label: `Apache Spark ${engines.spark}`,
  about: `the exported PySpark (no Python in the processing), \`local[parallelism]\`, driver heap ${HEAP}; sinks are \`noop\`. All input is one micro-batch (\`availableNow\`), its best case; windows that no watermark passes stay closed. Processing: the sum of its micro-batches; of a batch job the whole program.`,
  target: 'spark',
  triesBatch: true,
  async start({ parallelism }): Promise<Contender> {
    const engine = await SparkEngine.start(sparkSources, {
      config: { 'spark.driver.memory': HEAP },
      cores: parallelism,
    });
    const startSeconds = secondsSince(engine.process.startedAt);
    return {
      startSeconds: () => startSeconds,
      async measure({ scratch, ...job }) {
        const graph = graphOf(job);
        const program = sparkProgram(graph);
        const outputs = program.outputs.map((output) => intoNothing(output, program, scratch));
        const text = printProgram(graph, { ...program, outputs }, 'job');
        const [processing, endToEnd] = await timed(() => engine.runProgram('job', text, scratch));
        return { processing, endToEnd };
      },
      stop: () => engine.stop(),
    };
  },
};

function intoNothing(output: SparkOutput, { mode }: SparkProgram, scratch: string): SparkOutput {
  const { node, rows, outputMode, statement } = output;
  const format = call('format', '"noop"');
  const value =
    mode === 'batch'
      ? chain(rows, attribute('write'), format, call('mode', '"overwrite"'), call('save'))
      : chain(
          rows,
          attribute('writeStream'),
          format,
          call('outputMode', pythonText(outputMode)),
          call('option', '"checkpointLocation"', pythonText(path.join(scratch, 'checkpoints', node))),
          call('trigger', 'availableNow=True'),
          call('start'),
        );
  return { ...output, statement: { ...statement, value } };
}
