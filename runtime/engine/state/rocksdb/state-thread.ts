/**
 * Entry of a state thread: runs RocksDB, whose binding is asynchronous, for a worker that waits. Answers go out by a port; the
 * worker learns of them by a word in shared memory, for while it waits it takes no messages.
 */
import { workerData } from 'node:worker_threads';
import { assert, StreamError } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';
import { toErrorReport } from '../../../protocol/error-report.ts';
import { Database } from './database.ts';
import type { FromStateThread, StateAnswer, StateRequest, StateThreadSetup, ToStateThread } from './state-protocol.ts';

const { port, signal } = workerData as StateThreadSetup;
const words = new Int32Array(signal);
const databases = new Map<number, { readonly database: Database; readonly folder: string }>();

async function answer(request: StateRequest): Promise<StateAnswer> {
  if (request.type === 'open') {
    const { options } = request;
    const database = new Database(options);
    databases.set(request.db, { database, folder: options.folder });
    await database.ready();
    return {};
  }
  const { database } = databaseOf(request.db);
  switch (request.type) {
    case 'get':
      return { data: await database.get(request) };
    case 'write':
      await database.write(request);
      return {};
    case 'scan':
      return database.scan(request);
    case 'snapshot':
      await database.snapshot(request.snapshot);
      return {};
    case 'release':
      await database.release(request.snapshot);
      return {};
    case 'checkpoint':
      return { files: await database.checkpoint(request.folder) };
    case 'copy':
      return { counts: await copyInto(database, request.folder, request.ranges) };
    case 'close':
      databases.delete(request.db);
      await database.close();
      return {};
  }
}

async function copyInto(database: Database, folder: string, ranges: ArrayBuffer): Promise<number[]> {
  const other = new Database({ folder, writeBufferBytes: 1 << 20, hasBlockCache: true });
  try {
    return await database.copyFrom(other, ranges);
  } finally {
    await other.close();
  }
}

function databaseOf(db: number): { readonly database: Database; readonly folder: string } {
  const found = databases.get(db);
  assert(found !== undefined, `there is no database ${db}`);
  return found;
}

function folderOf(request: StateRequest): string {
  return request.type === 'open' ? request.options.folder : (databases.get(request.db)?.folder ?? '');
}

/** What RocksDB says, with what the user can do about it. */
function stateError(error: unknown, folder: string): StreamError {
  if (error instanceof StreamError) return error;
  const message = reasonOf(error);
  const what = say`State in ${folder} cannot be read or written: ${message.replace(/\.$/, '')}.`;
  return new StreamError('MR2209', what, { remedy: remedyFor(message), cause: error });
}

/** A batch fails with "was not applied"; why is in its cause, or in the errors of its operations. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors.find((one) => one !== undefined && one !== null));
  if (error instanceof Error) return error.cause === undefined ? error.message : reasonOf(error.cause);
  return String(error);
}

function remedyFor(message: string): string {
  if (/no space left|ENOSPC|quota/i.test(message))
    return say`Free space on its disk, or move the state folder with --state-dir.`;
  if (/corruption/i.test(message))
    return say`Check the disk. The job goes on from its last checkpoint, which lies elsewhere.`;
  if (/too many open files/i.test(message))
    return say`Raise the limit of open files (ulimit -n), or lower the parallelism.`;
  return say`Check the folder and its disk, or move the state folder with --state-dir.`;
}

function send(message: FromStateThread, transfer: ArrayBuffer[]): void {
  port.postMessage(message, transfer);
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
}

async function handle({ id, request }: ToStateThread): Promise<void> {
  const folder = folderOf(request);
  try {
    const done = await answer(request);
    send({ id, answer: done, error: null }, done.data === undefined ? [] : [done.data]);
  } catch (error) {
    send({ id, answer: null, error: toErrorReport(stateError(error, folder)) }, []);
  }
}

port.on('message', (message: ToStateThread) => void handle(message));
process.on('uncaughtException', (error) => {
  console.error(error);
  Atomics.store(words, 1, 1);
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
  process.exit(1);
});
