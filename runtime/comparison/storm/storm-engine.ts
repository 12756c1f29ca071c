/** Storm's LocalCluster in a JVM of its own, which runs a topology after the other. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assert } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import engines from '../../exporters/engines.json' with { type: 'json' };
import { printClass } from '../../exporters/storm/java-class.ts';
import { library } from '../../exporters/storm/library.ts';
import { stormProgram, type StormProgram } from '../../exporters/storm/program.ts';
import { printTopology, type TopologyConfig } from '../../exporters/storm/topology.ts';
import type { Engine, EngineOptions, Job, SinkRows } from '../engine.ts';
import { EngineProcess } from '../engine-process.ts';
import { graphOf, sinkSchemas } from '../job-graph.ts';
import { compiledClasses, fetchWithMaven, findJava } from '../jvm.ts';
import { canonicalRow, finalRows, readJson, type Change } from '../rows.ts';
import type { Sources } from '../sources.ts';
import { captured, captureFile } from './capture.ts';

/** For many short jobs. */
const JVM = ['-Xmx1500m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
/** For a job over a few thousand rows. */
const PATIENCE_SECONDS = 90;

interface StormOptions extends EngineOptions {
  /** Options of its JVM, in place of those for many short jobs. */
  readonly jvm?: readonly string[];
}

interface Submission {
  /** Settings in place of what the export says. */
  readonly config?: TopologyConfig;
  /** Java that its classes use besides. */
  readonly sources?: Sources;
}

export class StormEngine implements Engine {
  readonly #java: string;
  readonly #classes: string;
  readonly #args: readonly string[];
  readonly #signal: AbortSignal | undefined;
  #jvm: EngineProcess;
  #jobs = 0;

  private constructor(
    java: string,
    classes: string,
    args: readonly string[],
    jvm: EngineProcess,
    signal: AbortSignal | undefined,
  ) {
    this.#java = java;
    this.#classes = classes;
    this.#args = args;
    this.#jvm = jvm;
    this.#signal = signal;
  }

  /** `sources`: see `stormSources`, and those of `millrace.storm` that topologies use besides. Settles once topologies are taken. Rejects as `EngineSetup.start`. */
  static async start(
    sources: Sources,
    { jvm = JVM, patienceSeconds = PATIENCE_SECONDS, signal }: StormOptions = {},
  ): Promise<StormEngine> {
    const java = await findJava();
    const cache = await fetchWithMaven('storm', sources.get('pom.xml')!, {
      properties: { 'storm.version': engines.storm, 'jackson.version': engines.jackson, 'csv.version': engines.commonsCsv }, // prettier-ignore
      alone: [`org.apache.storm:flux-core:${engines.storm}`],
      signal,
    });
    // Flux brings logging of its own along: Storm's comes first.
    const jars = (await readdir(cache)).filter((name) => name.endsWith('.jar')).sort((a, b) => Number(a.startsWith('flux')) - Number(b.startsWith('flux'))); // prettier-ignore
    const files = jars.map((name) => path.join(cache, name));
    const all = new Map([...sources, ...[...library].map(([name, text]) => [`${name}.java`, text] as const)]);
    const own = await compiledClasses(cache, all, files.join(path.delimiter), ['-nowarn', '-proc:none']);
    // Of this run alone: every topology adds its own.
    const classes = await mkdtemp(path.join(tmpdir(), 'millrace-storm-'));
    const classPath = [classes, own, ...files].join(path.delimiter);
    const options = [...jvm, '-Duser.timezone=UTC', '-Dlog4j2.level=ERROR'];
    const args = [...options, '-cp', classPath, 'MiniStorm', classes, String(patienceSeconds)];
    try {
      return new StormEngine(java, classes, args, await startJvm(java, args, signal), signal);
    } catch (error) {
      await rm(classes, { recursive: true, force: true });
      throw error;
    }
  }

  /** Of its process, which another one follows when a bolt has failed. */
  get process(): EngineProcess {
    return this.#jvm;
  }

  async run(job: Job): Promise<SinkRows> {
    const { scratch } = job;
    const schemas = sinkSchemas(job.document, job);
    const files = [...schemas.keys()].map((id) => captureFile(scratch, id));
    await this.submit(job, (program) => captured(program, schemas, scratch), files);
    const rows = new Map<NodeId, ReturnType<typeof finalRows>>();
    for (const [id, schema] of schemas) {
      const lines = (await readFile(captureFile(scratch, id), 'utf8')).split('\n').filter((line) => line !== '');
      rows.set(id, finalRows(lines.map((line) => changeOf(line, schema))));
    }
    return rows;
  }

  /** Runs the topology as it is exported, but for what `changed` puts in place of its parts, until each of the files is complete (`CaptureBolt.endOf`). */
  async submit(
    { scratch, ...job }: Job,
    changed: (program: StormProgram) => StormProgram,
    files: readonly string[],
    { config, sources: others = new Map() }: Submission = {},
  ): Promise<void> {
    const graph = graphOf(job);
    const name = `job${this.#jobs++}`;
    const packageName = `pipeline.${name}`;
    const program = changed(stormProgram(graph));
    const sources = path.join(scratch, 'src');
    await rm(sources, { recursive: true, force: true });
    await mkdir(sources, { recursive: true });
    for (const { class: one } of program.components) {
      await writeFile(path.join(sources, `${one.name}.java`), printClass(packageName, one));
    }
    for (const [file, text] of others) await writeFile(path.join(sources, file), text);
    const flux = path.join(scratch, 'topology.yaml');
    await writeFile(flux, printTopology(graph, program, packageName, name, config));
    await this.#ask([name, sources, flux, ...files].join('\t'));
  }

  /** A bolt that fails has taken the JVM with it: the next topology gets another one. */
  async #ask(line: string): Promise<void> {
    this.#jvm.write(line);
    const answer = await this.#jvm.answer();
    if (answer === null) {
      this.#signal?.throwIfAborted();
      const log = this.#jvm.logEnd(Infinity);
      this.#jvm = await startJvm(this.#java, this.#args, this.#signal);
      throw new Error(causeIn(log));
    }
    if (answer !== 'ok') throw new Error(answer);
  }

  async stop(): Promise<void> {
    await this.#jvm.stop(20_000);
    await rm(this.#classes, { recursive: true, force: true });
  }
}

async function startJvm(
  java: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<EngineProcess> {
  const process = EngineProcess.begin(java, args, { signal });
  if ((await process.firstAnswer()) === 'ready') return process;
  process.kill();
  signal?.throwIfAborted();
  throw new Error(`Storm does not start:\n${process.logEnd()}`);
}

function changeOf(line: string, schema: Schema): Change {
  const { __op: kind, ...row } = readJson(line) as Record<string, unknown>;
  assert(typeof kind === 'string', 'a change has a kind');
  return { kind, row: canonicalRow(schema, schema.fields.map(({ name }) => row[name])) }; // prettier-ignore
}

/** The innermost of the last exception. */
function causeIn(log: string): string {
  const causes = log.match(/^(?:Caused by: )?[\w.]+(?:Exception|Error)(?:: .*)?$/gm);
  return causes?.findLast((line) => !line.includes('Worker died')) ?? `Storm has ended:\n${log.slice(-2000)}`;
}
