import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { javaText } from '../../expression/index.ts';
import type { NodeId } from '../../core/ids.ts';
import { sinkSchemas } from '../../comparison/job-graph.ts';
import { sourcesOf } from '../../comparison/sources.ts';
import { stormSources } from '../../comparison/storm/sources.ts';
import { StormEngine } from '../../comparison/storm/storm-engine.ts';
import engines from '../../exporters/engines.json' with { type: 'json' };
import type { StormProgram } from '../../exporters/storm/program.ts';
import { HEAP, secondsSince, timed, type Contender, type ContenderSetup } from './contender.ts';

const own = sourcesOf(import.meta.glob<string>('./storm/*.java', { query: '?raw', import: 'default', eager: true }));

export const storm: ContenderSetup = {
  id: 'storm',
  label: `Apache Storm ${engines.storm}`,
  about: `the exported topology in a LocalCluster of one JVM (heap ${HEAP}), one worker, acks on, at most 1,000 rows of a spout's task under way, as exported; sinks do nothing. Processing: from the first row that a spout is asked for to the end of input at the last sink. End to end includes compiling the exported Java.`,
  target: 'storm',
  triesBatch: false,
  async start({ timeLimit }): Promise<Contender> {
    const engine = await StormEngine.start(new Map([...stormSources, ...own]), {
      jvm: [`-Xmx${HEAP}`],
      patienceSeconds: timeLimit,
    });
    const startSeconds = secondsSince(engine.process.startedAt);
    return {
      startSeconds: () => startSeconds,
      async measure(job) {
        const ends = new Map([...sinkSchemas(job.document, job).keys()].map((id) => [id, path.join(job.scratch, `${id}.end`)])); // prettier-ignore
        const [, endToEnd] = await timed(() =>
          engine.submit(job, (program) => measured(program, ends), [...ends.values()]),
        );
        const texts = await Promise.all([...ends.values()].map((file) => readFile(file, 'utf8')));
        return { processing: Math.max(...texts.map(Number)), endToEnd };
      },
      stop: () => engine.stop(),
    };
  },
};

function measured(program: StormProgram, ends: ReadonlyMap<NodeId, string>): StormProgram {
  const components = program.components.map((component) => {
    const { name, comment, base } = component.class;
    const end = ends.get(component.node);
    if (end !== undefined) return { ...component, class: { name, comment, base: 'EndBolt', args: [javaText(end)] } };
    if (base === 'FileSpout') return { ...component, class: { ...component.class, base: 'MeasuredSpout' } };
    return component;
  });
  return { ...program, components };
}
