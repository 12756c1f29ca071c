import { setTimeout as delay } from 'node:timers/promises';
import { FlinkEngine, withSinks } from '../../comparison/flink/flink-engine.ts';
import { flinkSources } from '../../comparison/flink/sources.ts';
import { graphOf, sinkSchemas } from '../../comparison/job-graph.ts';
import engines from '../../exporters/engines.json' with { type: 'json' };
import { FlinkRest } from '../../exporters/flink/cluster/rest.ts';
import { flinkScript } from '../../exporters/flink/script.ts';
import { HEAP, secondsSince, timed, type Contender, type ContenderSetup } from './contender.ts';

export const flink: ContenderSetup = {
  id: 'flink',
  label: `Apache Flink ${engines.flink}`,
  about: `the exported SQL, by an SQL Gateway, in a MiniCluster of one JVM (heap ${HEAP}) with state on the heap, object reuse and mini-batches off, as by default; sinks are \`blackhole\`. Processing: from RUNNING to FINISHED, as its REST API reports it.`,
  target: 'flink-sql',
  triesBatch: false,
  async start({ timeLimit }): Promise<Contender> {
    const engine = await FlinkEngine.start(flinkSources, { jvm: [`-Xmx${HEAP}`], patienceSeconds: timeLimit });
    const startSeconds = secondsSince(engine.process.startedAt);
    const rest = new FlinkRest(engine.restUrl, { delay });
    return {
      startSeconds: () => startSeconds,
      async measure(job) {
        const sinks = [...sinkSchemas(job.document, job).keys()];
        const statements = withSinks(flinkScript(graphOf(job)), sinks, () => "'connector' = 'blackhole'");
        const [jobs, endToEnd] = await timed(() => engine.runScript(statements));
        let processing = 0;
        for (const id of jobs) {
          const { timestamps } = (await rest.get(`/jobs/${id}`)) as { timestamps: Record<string, number> };
          processing += (timestamps.FINISHED! - timestamps.RUNNING!) / 1000;
        }
        return { processing, endToEnd };
      },
      stop: () => engine.stop(),
    };
  },
};
