/** PySpark in one Python process with one JVM, which runs a program after the other. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import type { PipelineDocument, PipelineNode } from '../../graph/index.ts';
import { attribute, call, chain, pythonText } from '../../operators/shared/spark/python.ts';
import engines from '../../exporters/engines.json' with { type: 'json' };
import { sparkProgram, type SparkOutput, type SparkProgram } from '../../exporters/spark/program.ts';
import { printProgram } from '../../exporters/spark/target.ts';
import type { Engine, EngineOptions, Job, Row, SinkRows } from '../engine.ts';
import { EngineProcess } from '../engine-process.ts';
import { graphOf, sinkSchemas } from '../job-graph.ts';
import { findJava } from '../jvm.ts';
import { fetchFromPyPI, findPython } from '../python.ts';
import { canonicalRow, readJson } from '../rows.ts';
import type { Sources } from '../sources.ts';

const COMMON = { 'spark.driver.memory': '1g', 'spark.ui.enabled': 'false' };

/** Where results are compared, of many short jobs. */
const CAPTURING = {
  // Otherwise filters go below the watermark, which then is that of the rows that pass, and a last row of NULLs would not move it.
  'spark.sql.optimizer.excludedRules': 'org.apache.spark.sql.catalyst.optimizer.PushDownPredicates',
  'spark.driver.extraJavaOptions': '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
};

/** What a program answers. */
interface Answer {
  readonly error: string | null;
  /** Of its micro-batches; of a batch job from its first statement to its last. */
  readonly seconds: number;
}

interface SparkOptions extends Pick<EngineOptions, 'signal'> {
  /** Configuration of Spark. */
  readonly config?: Readonly<Record<string, string>>;
  /** Threads that tasks run in. */
  readonly cores?: number;
}

export class SparkEngine implements Engine {
  readonly process: EngineProcess;

  private constructor(process: EngineProcess) {
    this.process = process;
  }

  /** `sources`: see `sparkSources`. Settles once programs are taken. Rejects as `EngineSetup.start`. */
  static async start(
    sources: Sources,
    { config = CAPTURING, cores = 2, signal }: SparkOptions = {},
  ): Promise<SparkEngine> {
    await findJava();
    const python = await findPython();
    const library = await fetchFromPyPI('pyspark', engines.spark, signal);
    const options = Object.entries({ ...COMMON, ...config }).flatMap(([key, value]) => ['--conf', `'${key}=${value}'`]);
    const started = EngineProcess.begin(python, ['-c', sources.get('run_programs.py')!, `local[${cores}]`], {
      signal,
      env: {
        ...process.env,
        PYTHONPATH: library,
        PYTHONDONTWRITEBYTECODE: '1',
        PYSPARK_PYTHON: python,
        PYSPARK_SUBMIT_ARGS: [...options, 'pyspark-shell'].join(' '),
        SPARK_LOCAL_IP: '127.0.0.1',
        TZ: 'UTC',
      },
    });
    const engine = new SparkEngine(started);
    if ((await engine.process.firstAnswer()) !== null) return engine;
    signal?.throwIfAborted();
    throw new Error(`Spark does not start:\n${engine.process.logEnd()}`);
  }

  async run({ document, scratch, ...context }: Job): Promise<SinkRows> {
    const schemas = sinkSchemas(document, context);
    const program = sparkProgram(graphOf({ document, ...context }));
    const flushed = program.outputs.filter(({ waitsForWatermark }) => waitsForWatermark);
    const direct = program.outputs.filter((output) => !flushed.includes(output));
    await this.#run('direct', { document, scratch, ...context }, direct);
    if (flushed.length > 0) {
      const longer = await withLastRows(document, scratch);
      await this.#run('flushed', { document: longer, scratch, ...context }, flushed);
    }
    const rows = new Map<NodeId, readonly Row[]>();
    for (const [id, schema] of schemas) {
      const text = await readFile(path.join(scratch, `${id}.captured`), 'utf8').catch(() => '');
      rows.set(
        id,
        linesOf(text).map((line) => canonicalRow(schema, readJson(line) as unknown[])),
      );
    }
    return rows;
  }

  /** The program as it is exported, but for its sinks: those of `outputs`, and their rows are kept where they can be read. */
  async #run(name: string, { scratch, ...job }: Job, outputs: readonly SparkOutput[]): Promise<void> {
    if (outputs.length === 0) return;
    const graph = graphOf(job);
    const program = sparkProgram(graph);
    const wanted = new Set(outputs.map(({ node }) => node));
    const captured = program.outputs
      .filter(({ node }) => wanted.has(node))
      .map((output) => capture(output, program, path.join(scratch, 'checkpoints', name)));
    await this.runProgram(name, printProgram(graph, { ...program, outputs: captured }, name), scratch);
  }

  /** Gives the seconds that its micro-batches took, or all of it as a batch job. Rejects with Spark's reason. */
  async runProgram(name: string, text: string, scratch: string): Promise<number> {
    const file = path.join(scratch, `${name}.py`);
    await mkdir(scratch, { recursive: true });
    await writeFile(file, text);
    this.process.write(JSON.stringify({ program: file, folder: scratch }));
    const { error, seconds } = (await this.#answer()) as Answer;
    if (error !== null) throw new Error(error);
    return seconds;
  }

  async #answer(): Promise<unknown> {
    const line = await this.process.answer();
    if (line === null) throw new Error(`Spark has ended:\n${this.process.logEnd()}`);
    return JSON.parse(line);
  }

  stop(): Promise<void> {
    return this.process.stop(30_000);
  }
}

function capture(output: SparkOutput, { mode }: SparkProgram, checkpoints: string): SparkOutput {
  const { node, rows, outputMode, statement } = output;
  const to = `capture(${pythonText(node)})`;
  const value =
    mode === 'batch'
      ? chain(`${to}(${rows})`)
      : chain(
          rows,
          attribute('writeStream'),
          call('foreachBatch', to),
          call('outputMode', pythonText(outputMode)),
          call('option', '"checkpointLocation"', pythonText(path.join(checkpoints, node))),
          call('trigger', 'availableNow=True'),
          call('start'),
        );
  return { ...output, statement: { ...statement, value } };
}

/** Behind all rows and every watermark's delay: a century. */
const LONG_AFTER_MS = 36_525 * 86_400_000;

/**
 * With more rows in each source, so far behind all others in time that what waits for a watermark comes to pass; for themselves nothing does.
 * Rows like all there are, since Spark puts filters before the watermark; but those of a join match nothing, themselves neither.
 */
async function withLastRows(document: PipelineDocument, scratch: string): Promise<PipelineDocument> {
  const folder = path.join(scratch, 'with-last-rows');
  await mkdir(folder, { recursive: true });
  const isJoined = document.nodes.some(({ type }) => type === 'join.interval' || type === 'join.window');
  const timed = document.nodes.map((node) => ({ node, time: timeOf(node) }));
  const texts = await Promise.all(timed.map(({ node, time }) => (time === null ? '' : readFile(pathOf(node), 'utf8'))));
  const times = timed.flatMap(({ time }, i) =>
    linesOf(texts[i]!).map((line) => Date.parse(String((JSON.parse(line) as Record<string, unknown>)[time!]))),
  );
  const last = new Date(times.reduce((most, time) => Math.max(most, time), 0) + LONG_AFTER_MS).toISOString();
  const nodes = await Promise.all(
    timed.map(async ({ node, time }, i): Promise<PipelineNode> => {
      if (time === null) return node;
      const file = path.join(folder, path.basename(pathOf(node)));
      const rows = isJoined ? [{}] : linesOf(texts[i]!).map((line) => JSON.parse(line) as Record<string, unknown>);
      await writeFile(file, texts[i]! + rows.map((row) => `${JSON.stringify({ ...row, [time]: last })}\n`).join(''));
      return { ...node, config: { ...node.config, path: file } };
    }),
  );
  return { ...document, nodes };
}

function pathOf({ config }: PipelineNode): string {
  return (config as { path: string }).path;
}

/** Field with the time of a file of recorded rows; null: it has none, or is no such source. */
function timeOf({ type, config }: PipelineNode): string | null {
  return type === 'source.file' ? ((config as { eventTime?: { field: string } }).eventTime?.field ?? null) : null;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
