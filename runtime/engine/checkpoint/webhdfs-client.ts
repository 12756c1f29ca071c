/**
 * Operations of WebHDFS, the REST interface of HDFS. An operation starts at a NameNode. One that carries bytes is sent on, with a
 * redirect, to a DataNode. What may pass (no connection, a standby or starting NameNode, a server's own failure) is tried
 * again from the start, at the next NameNode, after a pause that doubles.
 */
import { say } from '../../core/say.ts';
import type { WebHdfsLocation } from '../../core/webhdfs-location.ts';
import { preciseNow, systemTimers, type SystemTimers } from '../job/system-timers.ts';
import { FileStoreError } from './file-store.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';

export type WebHdfsOperation = 'CREATE' | 'DELETE' | 'GETFILESTATUS' | 'LISTSTATUS' | 'OPEN' | 'RENAME';

const METHODS: Readonly<Record<WebHdfsOperation, string>> = {
  CREATE: 'PUT',
  DELETE: 'DELETE',
  GETFILESTATUS: 'GET',
  LISTSTATUS: 'GET',
  OPEN: 'GET',
  RENAME: 'PUT',
};

/** Pauses of 0.1, 0.2, … 6.4 s: some 13 s in all, which a fail-over takes. A longer outage is for the job's restart strategy. */
const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 100;
/** No attempt is started after so long: servers that do not answer must not hold up the end of a job for minutes. */
const PATIENCE_MS = 20_000;
const IDLE_MS = 15_000;

/**
 * What stays as it is however often we ask. All else that comes with 403, which is every other IOException of the server, may
 * pass: a standby or starting NameNode, no DataNode for a block, a DataNode that has lost its NameNode.
 */
const LASTING = new Set([
  'AccessControlException',
  'DSQuotaExceededException',
  'NSQuotaExceededException',
  'QuotaByStorageTypeExceededException',
  'FileAlreadyExistsException',
  'ParentNotDirectoryException',
  'PathIsNotEmptyDirectoryException',
]);

/** An operation that did not succeed. */
export class WebHdfsError extends FileStoreError {
  /** Name of the exception that the server reports; null when it could not say. */
  readonly exception: string | null;
  /** Attempts made before: the operation may have been done by one whose answer was lost. */
  readonly earlierAttempts: number;

  constructor(failure: Failure, operation: WebHdfsOperation, url: string, earlierAttempts: number) {
    super(say`${operation} at ${url}: ${failure.message}`, failure.remedy, failure.cause);
    this.name = 'WebHdfsError';
    this.exception = failure.exception;
    this.earlierAttempts = earlierAttempts;
  }
}

/** One attempt that failed. */
interface Failure {
  readonly message: string;
  readonly remedy: string;
  readonly exception: string | null;
  readonly isPassing: boolean;
  /** DataNode that could not be reached. */
  readonly dataNode: string | null;
  readonly cause?: unknown;
}

export class WebHdfsClient {
  readonly #nameNodes: readonly string[];
  readonly #user: string | null;
  readonly #timers: SystemTimers;
  readonly #idleMs: number;
  /** Index of the NameNode that answered last. */
  #current = 0;

  constructor({ nameNodes, user }: WebHdfsLocation, timers: SystemTimers = systemTimers, idleMs = IDLE_MS) {
    this.#nameNodes = nameNodes;
    this.#user = user;
    this.#timers = timers;
    this.#idleMs = idleMs;
  }

  /** `path` is absolute and decoded. Returns the body of the answer; rejects with `WebHdfsError`. */
  async run(
    operation: WebHdfsOperation,
    path: string,
    parameters: Readonly<Record<string, string>> = {},
    bytes: Uint8Array | null = null,
  ): Promise<Buffer> {
    const startedAt = preciseNow();
    let excluded: string | null = null;
    for (let attempt = 0; ; attempt++) {
      const url = this.#url(operation, path, parameters, excluded);
      const outcome = await this.#attempt(operation, url, bytes);
      if (Buffer.isBuffer(outcome)) return outcome;
      const isLast = attempt + 1 === MAX_ATTEMPTS || preciseNow() - startedAt > PATIENCE_MS;
      if (!outcome.isPassing || isLast)
        throw new WebHdfsError(outcome, operation, `${url.origin}${url.pathname}`, attempt);
      excluded = outcome.dataNode;
      // A DataNode that is gone says nothing against the NameNode that sent us there.
      if (excluded === null) this.#current = (this.#current + 1) % this.#nameNodes.length;
      await this.#pause(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  #url(operation: string, path: string, parameters: Readonly<Record<string, string>>, excluded: string | null): URL {
    const place = path.split('/').map(encodeURIComponent).join('/');
    const url = new URL(`http://${this.#nameNodes[this.#current]}/webhdfs/v1${place}`);
    url.search = new URLSearchParams({
      op: operation,
      ...(this.#user === null ? {} : { 'user.name': this.#user }),
      ...parameters,
      ...(excluded === null ? {} : { excludedatanodes: excluded }),
    }).toString();
    return url;
  }

  async #attempt(operation: WebHdfsOperation, url: URL, bytes: Uint8Array | null): Promise<Buffer | Failure> {
    const method = METHODS[operation];
    let target = url;
    try {
      // The bytes are for the DataNode only.
      let answer = await exchange(method, url, null, this.#idleMs);
      if (answer.status === 307 && answer.location !== null) {
        target = new URL(answer.location, url);
        answer = await exchange(method, target, bytes, this.#idleMs);
      }
      return answer.status >= 200 && answer.status < 300 ? answer.body : refusal(answer);
    } catch (cause) {
      return disconnection(cause, target, target === url ? null : target.host);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#timers.after(ms, resolve));
  }
}

/** The server answered, and not with success. */
function refusal({ status, body }: HttpAnswer): Failure {
  const remote = remoteException(body);
  const isOfServer = status === 403 && remote !== null && !LASTING.has(remote.exception);
  return {
    message:
      remote === null ? say`HTTP ${status}` : say`HTTP ${status} ${remote.exception}: ${remote.message.split('\n')[0]}`,
    remedy: remedyOf(status, remote?.exception ?? null),
    exception: remote?.exception ?? null,
    isPassing: status >= 500 || status === 429 || isOfServer,
    dataNode: null,
  };
}

function remedyOf(status: number, exception: string | null): string {
  switch (exception) {
    case 'AccessControlException':
      return say`Give the user of the folder with ?user.name=… in the URL, or give that user the right to write there.`;
    case 'SafeModeException':
      return say`Wait until the NameNode has left safe mode (\`hdfs dfsadmin -safemode get\`).`;
    case 'StandbyException':
      return say`Name the active NameNode as well: webhdfs://host:port,host:port/….`;
    case 'DSQuotaExceededException':
    case 'NSQuotaExceededException':
      return say`Raise the quota of the folder, or retain fewer checkpoints.`;
  }
  if (status === 401)
    return say`The server wants a login (Kerberos). Use a gateway that takes user.name, such as HttpFS.`;
  if (exception === null && status === 404) return say`Check host and port: no WebHDFS answers there.`;
  return say`Look into the log of the NameNode.`;
}

/** No answer came, or not all of it. */
function disconnection(cause: unknown, target: URL, dataNode: string | null): Failure {
  const { code, message } = cause as NodeJS.ErrnoException;
  return {
    message: dataNode === null ? message || String(code) : say`${message || code} (DataNode ${dataNode})`,
    remedy: reconnectionRemedy(target, dataNode, code),
    exception: null,
    isPassing: code !== 'ENOTFOUND' || dataNode !== null,
    dataNode,
    cause,
  };
}

function reconnectionRemedy({ host }: URL, dataNode: string | null, code: string | undefined): string {
  if (dataNode === null) return say`Check that a NameNode runs at ${host} and can be reached from here.`;
  // How a DataNode ends an answer when it finds that none of the replicas is sound.
  if (code === 'ECONNRESET')
    return say`Look into the log of the DataNode. If \`hdfs fsck\` finds the file corrupt, remove that checkpoint: the one before it is used then.`;
  return say`The NameNode sends us to ${host}: this machine has to know that name and reach that port.`;
}

function remoteException(body: Buffer): { readonly exception: string; readonly message: string } | null {
  try {
    const { RemoteException: remote } = JSON.parse(body.toString()) as {
      RemoteException?: { exception?: unknown; message?: unknown };
    };
    return remote === undefined ? null : { exception: String(remote.exception), message: String(remote.message) };
  } catch {
    // A page of HTML, as a server sends that is no WebHDFS.
    return null;
  }
}
