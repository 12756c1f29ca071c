/** Flink in a JVM of its own, with an SQL Gateway before it: the same way in that `millrace deploy` takes. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../../core/ids.ts';
import engines from '../../exporters/engines.json' with { type: 'json' };
import { flinkScript, type FlinkScript } from '../../exporters/flink/script.ts';
import { SqlGateway, type GatewaySession } from '../../exporters/flink/cluster/gateway.ts';
import { FlinkRest } from '../../exporters/flink/cluster/rest.ts';
import type { Engine, EngineOptions, Job, SinkRows } from '../engine.ts';
import { EngineProcess } from '../engine-process.ts';
import { graphOf, sinkSchemas } from '../job-graph.ts';
import { compiledClasses, fetchWithMaven, findJava } from '../jvm.ts';
import { canonicalRow, finalRows, readJson, type Change } from '../rows.ts';
import type { Sources } from '../sources.ts';

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

interface FlinkOptions extends EngineOptions {
  /** Options of its JVM, in place of those for many short jobs. */
  readonly jvm?: readonly string[];
}

export class FlinkEngine implements Engine {
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

  /** `sources`: see `flinkSources`. Settles once statements are taken. Rejects as `EngineSetup.start`. */
  static async start(
    sources: Sources,
    { jvm = JVM, patienceSeconds = PATIENCE_SECONDS, signal }: FlinkOptions = {},
  ): Promise<FlinkEngine> {
    const java = await findJava();
    const properties = { 'flink.version': engines.flink };
    const cache = await fetchWithMaven('flink', sources.get('pom.xml')!, { properties, signal });
    const classes = await compiledClasses(cache, sources, path.join(cache, '*'));
    await announceSink(classes);
    const port = await freePort();
    const args = [...OPENS, ...jvm, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', [classes, path.join(cache, '*')].join(path.delimiter), 'MiniFlink', String(port)]; // prettier-ignore
    const process = EngineProcess.begin(java, args, { cwd: cache, signal });
    const [, gateway, rest] = /^ready (\d+) (\d+)$/.exec((await process.firstAnswer()) ?? '') ?? [];
    if (gateway !== undefined && rest !== undefined) {
      process.ignoreAnswers();
      return new FlinkEngine(process, `http://127.0.0.1:${gateway}`, `http://127.0.0.1:${rest}`, patienceSeconds);
    }
    process.kill();
    signal?.throwIfAborted();
    throw new Error(`Flink does not start:\n${process.logEnd()}`);
  }

  async run({ scratch, ...job }: Job): Promise<SinkRows> {
    const script = flinkScript(graphOf(job));
    const schemas = sinkSchemas(job.document, job);
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

/** Flink finds connectors as services. */
async function announceSink(classes: string): Promise<void> {
  const services = path.join(classes, 'META-INF/services');
  await mkdir(services, { recursive: true });
  await writeFile(path.join(services, 'org.apache.flink.table.factories.Factory'), 'CaptureSink\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
