/** PySpark in one Python process with one JVM, which runs a program after the other. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeId } from '../../../core/ids.ts';
import type { PipelineDocument, PipelineNode } from '../../../graph/index.ts';
import { attribute, call, chain, pythonText } from '../../../operators/shared/spark/python.ts';
import { findJava } from '../../../testing/java.ts';
import engines from '../../engines.json' with { type: 'json' };
import { sparkProgram, type SparkOutput, type SparkProgram } from '../../spark/program.ts';
import { printProgram } from '../../spark/target.ts';
import type { Engine, EngineSetup, Job, Row, SinkRows } from '../case.ts';
import { EngineProcess } from '../engine-process.ts';
import { graphOf, sinkSchemas } from '../job-graph.ts';
import { canonicalRow, readJson } from '../rows.ts';
import { fetchFromPyPI, findPython } from './python.ts';

/** `folder`: of `run_programs.py`. */
export function sparkSetup(folder: string): EngineSetup {
  return { target: 'spark', start: () => SparkEngine.start(folder) };
}

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

interface SparkChoices {
  /** Configuration of Spark. */
  readonly config?: Readonly<Record<string, string>>;
  /** Threads that tasks run in. */
  readonly cores?: number;
}

export class SparkEngine implements Engine {
  readonly label = `Apache Spark ${engines.spark}`;
  readonly process: EngineProcess;

  private constructor(process: EngineProcess) {
    this.process = process;
  }

  /** Settles once programs are taken. Rejects with `JavaMissing` or `PythonMissing`, or with the end of the log. */
  static async start(folder: string, { config = CAPTURING, cores = 2 }: SparkChoices = {}): Promise<SparkEngine> {
    await findJava();
    const python = await findPython();
    const library = await fetchFromPyPI('pyspark', engines.spark);
    const options = Object.entries({ ...COMMON, ...config }).flatMap(([key, value]) => ['--conf', `'${key}=${value}'`]);
    const child = spawn(python, [path.join(folder, 'run_programs.py'), `local[${cores}]`], {
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
    const engine = new SparkEngine(new EngineProcess(child));
    if ((await engine.process.firstAnswer()) !== null) return engine;
    throw new Error(`Spark does not start:\n${engine.process.logEnd()}`);
  }

  async run({ document, params, baseFolder, scratch }: Job): Promise<SinkRows> {
    const schemas = sinkSchemas(document, params);
    const program = sparkProgram(graphOf({ document, params, baseFolder }));
    const flushed = program.outputs.filter(({ waitsForWatermark }) => waitsForWatermark);
    const direct = program.outputs.filter((output) => !flushed.includes(output));
    await this.#run('direct', document, direct, { params, baseFolder, scratch });
    if (flushed.length > 0) {
      await this.#run('flushed', await withLastRows(document, scratch), flushed, { params, baseFolder, scratch });
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
  async #run(
    name: string,
    document: PipelineDocument,
    outputs: readonly SparkOutput[],
    { params, baseFolder, scratch }: Omit<Job, 'document'>,
  ): Promise<void> {
    if (outputs.length === 0) return;
    const graph = graphOf({ document, params, baseFolder });
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
