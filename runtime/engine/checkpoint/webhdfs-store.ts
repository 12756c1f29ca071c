/** Files in a folder of an HDFS. */
import { z } from 'zod';
import { say } from '../../core/say.ts';
import type { WebHdfsLocation } from '../../core/webhdfs-location.ts';
import { FileStoreError, type FileStore } from './file-store.ts';
import { WebHdfsClient, WebHdfsError } from './webhdfs-client.ts';

const listing = z.object({
  FileStatuses: z.object({ FileStatus: z.array(z.object({ pathSuffix: z.string() })) }),
});
const refusal = z.object({ boolean: z.literal(false) });

export class WebHdfsStore implements FileStore {
  readonly #folder: string;
  readonly #client: WebHdfsClient;

  constructor(location: WebHdfsLocation, client = new WebHdfsClient(location)) {
    this.#folder = location.folder;
    this.#client = client;
  }

  async list(folder: string): Promise<string[]> {
    const body = await ifThere(this.#client.run('LISTSTATUS', this.#place(folder)));
    if (body === null) return [];
    const parsed = listing.safeParse(parseJson(body));
    if (!parsed.success) throw unexpected('LISTSTATUS', body);
    return parsed.data.FileStatuses.FileStatus.map((status) => status.pathSuffix);
  }

  async exists(file: string): Promise<boolean> {
    return (await ifThere(this.#client.run('GETFILESTATUS', this.#place(file)))) !== null;
  }

  read(file: string): Promise<Uint8Array | null> {
    return ifThere(this.#client.run('OPEN', this.#place(file)));
  }

  async write(file: string, bytes: Uint8Array): Promise<void> {
    await this.#client.run('CREATE', this.#place(file), { overwrite: 'true' }, bytes);
  }

  async rename(from: string, to: string): Promise<void> {
    const parameters = { destination: this.#place(to), renameoptions: 'OVERWRITE' };
    try {
      const body = await this.#client.run('RENAME', this.#place(from), parameters);
      // HttpFS knows no options, and does not replace.
      if (refusal.safeParse(parseJson(body)).success) throw unexpected('RENAME', body);
    } catch (error) {
      if (!isMissing(error) || error.earlierAttempts === 0 || !(await this.exists(to))) throw error;
      // An earlier attempt did it; only its answer was lost.
    }
  }

  async remove(file: string): Promise<void> {
    await this.#client.run('DELETE', this.#place(file), { recursive: 'true' });
  }

  #place(file: string): string {
    return file === '' ? this.#folder || '/' : `${this.#folder}/${file}`;
  }
}

function ifThere<T>(operation: Promise<T>): Promise<T | null> {
  return operation.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}

function isMissing(error: unknown): error is WebHdfsError {
  return error instanceof WebHdfsError && error.exception === 'FileNotFoundException';
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function unexpected(operation: string, body: Buffer): FileStoreError {
  const answer = body.toString('utf8', 0, 200);
  return new FileStoreError(say`${operation} was answered with ${answer}`, say`Check host and port: is it a NameNode?`);
}
