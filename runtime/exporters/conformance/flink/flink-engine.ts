/** Flink in a JVM of its own, with an SQL Gateway before it: the same way in that `millrace deploy` takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../../../core/ids.ts';
import engines from '../../engines.json' with { type: 'json' };
import { flinkScript, type FlinkScript } from '../../flink/script.ts';
import { SqlGateway, type GatewaySession } from '../../flink/cluster/gateway.ts';
import { FlinkRest } from '../../flink/cluster/rest.ts';
import { compileJava, fetchWithMaven, findJava } from '../../../testing/java.ts';
import type { Engine, EngineSetup, Job, SinkRows } from '../case.ts';
import { EngineProcess, type EngineChoices } from '../engine-process.ts';
import { graphOf, sinkSchemas } from '../job-graph.ts';
import { canonicalRow, finalRows, readJson, type Change } from '../rows.ts';

/** For a job over a few thousand rows. */
const PATIENCE_SECONDS = 60;
/** For many short jobs. */
const JVM = ['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Of `conf/config.yaml` that Flink ships for Java 17. */
const OPENS = [
  ...['java.rmi/sun.rmi.registry', 'java.security.jgss/sun.security.krb5'].map((name) => `--add-exports=${name}=ALL-UNNAMED`), // prettier-ignore
  ...['lang', 'net', 'io', 'nio', 'lang.reflect', 'text', 'time', 'util', 'util.concurrent', 'util.concurrent.atomic', 'util.concurrent.locks'].map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`), // prettier-ignore
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
];

/** `folder`: of the Java sources and the POM. */
export function flinkSetup(folder: string): EngineSetup {
  return { target: 'flink', start: () => FlinkEngine.start(folder) };
}

export class FlinkEngine implements Engine {
  readonly label = `Apache Flink ${engines.flink}`;
  readonly gatewayUrl: string;
  readonly restUrl: string;
  readonly process: EngineProcess;
  readonly #gateway: SqlGateway;
  readonly #rest: FlinkRest;
  readonly #patienceMs: number;

  private constructor(process: EngineProcess, gatewayUrl: string, restUrl: string, patienceSeconds: number) {
    this.process = process;
    this.#patienceMs = patienceSeconds * 1000;
    this.gatewayUrl = gatewayUrl;
    this.restUrl = restUrl;
    this.#gateway = new SqlGateway(gatewayUrl, { delay });
    this.#rest = new FlinkRest(restUrl, { delay });
  }

  /** Settles once statements are taken. Rejects with `JavaMissing`, or with the end of the log. */
  static async start(
    folder: string,
    { jvm = JVM, patienceSeconds = PATIENCE_SECONDS }: EngineChoices = {},
  ): Promise<FlinkEngine> {
    const java = await findJava();
    const cache = await fetchWithMaven('flink', path.join(folder, 'pom.xml'), { 'flink.version': engines.flink });
    const classes = path.join(cache, 'classes');
    await compile(folder, cache, classes);
    const port = await freePort();
    const args = [...OPENS, ...jvm, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', [classes, path.join(cache, '*')].join(path.delimiter), 'MiniFlink', String(port)]; // prettier-ignore
    const process = new EngineProcess(spawn(java, args, { cwd: cache }));
    const [, gateway, rest] = /^ready (\d+) (\d+)$/.exec((await process.firstAnswer()) ?? '') ?? [];
    if (gateway !== undefined && rest !== undefined) {
      process.ignoreAnswers();
      return new FlinkEngine(process, `http://127.0.0.1:${gateway}`, `http://127.0.0.1:${rest}`, patienceSeconds);
    }
    process.kill();
    throw new Error(`Flink does not start:\n${process.logEnd()}`);
  }

  async run({ scratch, ...job }: Job): Promise<SinkRows> {
    const script = flinkScript(graphOf(job));
    const schemas = sinkSchemas(job.document, job.params);
    const statements = captured(script, [...schemas.keys()], scratch);
    await writeFile(path.join(scratch, 'job.sql'), statements.join(';\n\n'));
    await this.runScript(statements);
    const rows = new Map<NodeId, ReturnType<typeof finalRows>>();
    for (const [id, schema] of schemas) {
      const lines = (await readFile(captureFile(scratch, id), 'utf8')).split('\n').filter((line) => line !== '');
      const changes = lines.map((line): Change => {
        const { kind, row } = readJson(line) as { kind: string; row: unknown[] };
        return { kind, row: canonicalRow(schema, row) };
      });
      rows.set(id, finalRows(changes));
    }
    return rows;
  }

  /** In a session of its own. Gives the jobs that the statements began, once those have ended. */
  async runScript(statements: readonly string[]): Promise<readonly string[]> {
    const session = await this.#gateway.open();
    try {
      return await this.execute(session, statements);
    } finally {
      await session.close();
    }
  }

  /** Gives the jobs that the statements began, once those have ended. */
  async execute(session: GatewaySession, statements: readonly string[]): Promise<readonly string[]> {
    const jobs: string[] = [];
    for (const statement of statements) {
      const { jobId } = await session.execute(statement);
      if (jobId === null) continue;
      jobs.push(jobId);
      await this.#rest.ended(jobId, this.#patienceMs).catch(async (error: unknown) => {
        await this.#rest.cancel(jobId).catch(() => undefined);
        throw error;
      });
    }
    return jobs;
  }

  stop(): Promise<void> {
    return this.process.stop(10_000);
  }
}

/** Rows of sinks are kept where they can be read. Sinks of files go on to refuse updates. */
function captured(script: FlinkScript, sinks: readonly NodeId[], scratch: string): readonly string[] {
  return withSinks(script, sinks, (id, updates) => `'connector' = 'capture', 'path' = '${captureFile(scratch, id)}', 'updates' = '${updates}'`); // prettier-ignore
}

/** The script as it is exported, but for the options of its sinks. `updates`: whether the sink takes them. */
export function withSinks(
  { statements, names }: FlinkScript,
  sinks: readonly NodeId[],
  optionsOf: (id: NodeId, updates: boolean) => string,
): readonly string[] {
  const tables = new Map(sinks.map((id) => [names.get(id)!.at(-1)!, id]));
  return statements.map(({ sql }) => {
    const name = /^CREATE TEMPORARY TABLE (`[^`]*`|\w+)/.exec(sql)?.[1]?.replaceAll('`', '');
    const id = name === undefined ? undefined : tables.get(name);
    if (id === undefined) return sql;
    const options = optionsOf(id, sql.includes("'connector' = 'print'"));
    return sql.replace(/\)(?: PARTITIONED BY \(.*\))? WITH \([\s\S]*\)$/, () => `) WITH (${options})`);
  });
}

function captureFile(scratch: string, id: NodeId): string {
  return path.join(scratch, `${id}.captured`);
}

async function compile(folder: string, jars: string, classes: string): Promise<void> {
  await mkdir(classes, { recursive: true });
  const sources = ['MiniFlink.java', 'CaptureSink.java'].map((name) => path.join(folder, name));
  await compileJava(sources, path.join(jars, '*'), classes);
  await cp(path.join(folder, 'META-INF'), path.join(classes, 'META-INF'), { recursive: true });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
