/** A real HDFS for tests, in a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Hadoop } from './hadoop.ts';

export type HdfsCommand =
  'enter-safe-mode' | 'leave-safe-mode' | 'stop-namenode' | 'start-namenode' | 'stop-datanode' | 'start-datanode';

export class MiniHdfs {
  /** `host:port` of its WebHDFS. */
  readonly nameNode: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #folder: string;

  private constructor(
    nameNode: string,
    process: ChildProcessWithoutNullStreams,
    answers: AsyncIterator<string>,
    folder: string,
  ) {
    this.nameNode = nameNode;
    this.#process = process;
    this.#answers = answers;
    this.#folder = folder;
  }

  /** Settles once files can be written. Rejects with the end of the log when it does not start. */
  static async start({ java, classPath }: Hadoop): Promise<MiniHdfs> {
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-hdfs-'));
    const child = spawn(
      java,
      [
        '-Xmx512m',
        '-XX:+UseSerialGC',
        // It lives for seconds: code that starts soon is better than code that gets fast.
        '-XX:TieredStopAtLevel=1',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '--add-opens=java.base/java.lang=ALL-UNNAMED',
        '-cp',
        classPath,
        path.join(import.meta.dirname, 'MiniHdfs.java'),
        folder,
      ],
      { cwd: folder },
    );
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-8192)));
    // Without Java there is an error instead of an exit.
    child.on('error', (error) => (log += error.message));
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await answers.next();
    const port = first.done === true ? undefined : /^ready (\d+)$/.exec(first.value)?.[1];
    if (port !== undefined) return new MiniHdfs(`127.0.0.1:${port}`, child, answers, folder);
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`HDFS does not start:\n${log}`);
  }

  /** URL of a folder. */
  location(folder: string, user = 'millrace'): string {
    return `webhdfs://${this.nameNode}${folder}?user.name=${user}`;
  }

  async obey(command: HdfsCommand): Promise<void> {
    this.#process.stdin.write(`${command}\n`);
    const answer = await this.#answers.next();
    if (answer.value !== 'done') throw new Error(`${command}: ${String(answer.value)}`);
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.stdin.end();
    // It waits long for the answers to requests that it has stopped to handle.
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await exit;
    clearTimeout(impatience);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
