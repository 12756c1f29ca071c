/** Storm: a Flux topology, and the Java of its spouts and bolts. */
import { findExporter } from '../../operators/exporters.ts';
import engines from '../engines.json' with { type: 'json' };
import { constantRefusal } from '../refusal.ts';
import type { Dependency, Export, ExportedFile, Target } from '../target.ts';
import { printClass } from './java-class.ts';
import { classesIn, LIBRARY_PACKAGE, library, withNeeded } from './library.ts';
import { printPom } from './pom.ts';
import { stormProgram, type StormProgram } from './program.ts';
import { printTopology } from './topology.ts';

export const stormTarget: Target = {
  id: 'storm',
  label: 'Storm',
  version: engines.storm,
  refuses(type) {
    const storm = findExporter(type)?.storm;
    return storm === undefined ? null : constantRefusal(storm);
  },
  export(graph, base): Export {
    const program = stormProgram(graph);
    const packageName = packageOf(base);
    const yaml = `${base}.yaml`;
    const jar = `target/${base}.jar`;
    return {
      losses: program.losses,
      remarks: program.remarks,
      files: [
        { path: yaml, text: printTopology(graph, program, packageName, base), about: 'the topology, for Flux' },
        ...javaFiles(program, packageName),
        { path: 'pom.xml', text: printPom(base), about: 'how Maven builds it' },
      ],
      dependencies: DEPENDENCIES,
      commands: [
        { about: 'With Java 17 or later and Maven:', shell: 'mvn package' },
        {
          about: 'On this machine, in a cluster within one process that ends after ten minutes:',
          shell: `storm local --local-ttl 600 ${jar} org.apache.storm.flux.Flux ${yaml}`,
        },
        { about: 'On a cluster:', shell: `storm jar ${jar} org.apache.storm.flux.Flux ${yaml}` },
        {
          about: 'To see only whether the topology is sound:',
          shell: `storm local ${jar} org.apache.storm.flux.Flux --dry-run ${yaml}`,
        },
      ],
      names: new Map(program.components.map(({ node, id }) => [node, [id]])),
    };
  },
};

/** Sources by path; of the library those that are used. `packageName`: of the classes of the nodes. */
export function javaFiles(program: StormProgram, packageName: string): readonly ExportedFile[] {
  const own = program.components.map(({ id, class: one }): ExportedFile => ({
    path: javaPath(packageName, one.name),
    text: printClass(packageName, one),
    about: `the class of \`${id}\``,
  }));
  const used = own.flatMap(({ text }) => classesIn(text));
  const names = withNeeded(program.forwards.length === 0 ? used : [...used, 'ForwardBolt']);
  return [
    ...own,
    ...names.map((name): ExportedFile => ({
      path: javaPath(LIBRARY_PACKAGE, name),
      text: library.get(name)!,
      about: 'the library that they stand on',
    })),
  ];
}

function javaPath(packageName: string, name: string): string {
  return `src/main/java/${packageName.replaceAll('.', '/')}/${name}.java`;
}

/** `clicks-per-minute` → `pipeline.clicks_per_minute`. */
export function packageOf(base: string): string {
  const name = base.replaceAll('-', '_');
  return `pipeline.${/^[a-z]/.test(name) ? name : `p${name}`}`;
}

const DEPENDENCIES: readonly Dependency[] = [
  { name: 'org.apache.storm:storm-client', version: engines.storm, why: 'Storm itself; the cluster has it' },
  { name: 'org.apache.storm:flux-core', version: engines.storm, why: 'builds the topology from the YAML' },
  { name: 'com.fasterxml.jackson.core:jackson-databind', version: engines.jackson, why: 'rows as JSON' },
  { name: 'org.apache.commons:commons-csv', version: engines.commonsCsv, why: 'rows as CSV' },
];
