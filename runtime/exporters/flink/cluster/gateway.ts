/**
 * Flink's SQL Gateway over its REST API, version 3: sessions, statements and their results
 * (Flink's documentation, Table API & SQL, SQL Gateway, REST endpoint).
 */
import { StreamError } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';

/** What a statement gave. */
export interface StatementResult {
  /** Of a statement that began a job. */
  readonly jobId: string | null;
  /** Rows of a result, each by the names of its columns. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export type Fetch = typeof fetch;

interface GatewayOptions {
  readonly fetch?: Fetch;
  /** Settles after so many ms. */
  readonly delay: (ms: number) => Promise<void>;
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal;
}

interface ResultPage {
  readonly jobID?: string;
  readonly resultType?: 'PAYLOAD' | 'NOT_READY' | 'EOS';
  readonly results?: {
    readonly columns: readonly { readonly name: string }[];
    readonly data: readonly { readonly fields: readonly unknown[] }[];
  };
  readonly nextResultUri?: string;
}

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;
const DONE = new Set(['FINISHED', 'CANCELED', 'CLOSED', 'ERROR', 'TIMEOUT']);

export class SqlGateway {
  readonly #base: string;
  readonly #options: GatewayOptions;

  /** `url`: of the gateway, `http://host:8083`. */
  constructor(url: string, options: GatewayOptions) {
    this.#base = `${url.replace(/\/+$/, '')}/v3`;
    this.#options = options;
  }

  /** Name and version, as the gateway gives them. Throws StreamError MR2111 when there is none. */
  async info(): Promise<{ readonly productName: string; readonly version: string }> {
    return (await this.#request('GET', '/info')) as { productName: string; version: string };
  }

  async open(properties: Readonly<Record<string, string>> = {}): Promise<GatewaySession> {
    const { sessionHandle } = (await this.#request('POST', '/sessions', { properties })) as { sessionHandle: string };
    return new GatewaySession(`/sessions/${sessionHandle}`, (...request) => this.#request(...request), this.#options);
  }

  async #request(method: string, path: string, body?: unknown): Promise<unknown> {
    const call = this.#options.fetch ?? fetch;
    const url = `${this.#base}${path}`;
    let response: Response;
    try {
      response = await call(url, {
        method,
        ...(this.#options.signal === undefined ? {} : { signal: this.#options.signal }),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (cause) {
      throw new StreamError('MR2111', say`the SQL Gateway at ${this.#base} does not answer`, {
        cause,
        remedy: say`Start it with bin/sql-gateway.sh start, and give its URL, such as http://localhost:8083.`,
      });
    }
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    throw new StreamError('MR2111', say`Flink: ${reasonOf(text)}`, { domain: 'user' });
  }
}

type Request = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Tables, views and settings live as long as it. */
export class GatewaySession {
  readonly #path: string;
  readonly #request: Request;
  readonly #options: GatewayOptions;

  constructor(path: string, request: Request, options: GatewayOptions) {
    this.#path = path;
    this.#request = request;
    this.#options = options;
  }

  /** One statement, without a semicolon. Settles once it is done: a job that it began goes on. Throws StreamError MR2111 with Flink's reason. */
  async execute(statement: string): Promise<StatementResult> {
    const { operationHandle } = (await this.#request('POST', `${this.#path}/statements`, { statement })) as {
      operationHandle: string;
    };
    const operation = `${this.#path}/operations/${operationHandle}`;
    let pause = FIRST_PAUSE_MS;
    const wait = async (): Promise<void> => {
      await this.#options.delay(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    };
    for (;;) {
      const { status } = (await this.#request('GET', `${operation}/status`)) as { status: string };
      if (DONE.has(status)) break;
      await wait();
    }
    const rows: Record<string, unknown>[] = [];
    let jobId: string | null = null;
    let next: string | undefined = `${operation}/result/0?rowFormat=JSON`;
    while (next !== undefined) {
      const page = (await this.#request('GET', next)) as ResultPage;
      jobId ??= page.jobID ?? null;
      const names = page.results?.columns.map(({ name }) => name) ?? [];
      for (const { fields } of page.results?.data ?? []) {
        rows.push(Object.fromEntries(names.map((name, i) => [name, fields[i]])));
      }
      if (page.resultType === 'NOT_READY') await wait();
      // As the gateway gives it, the path begins with its version.
      next = page.resultType === 'EOS' ? undefined : page.nextResultUri?.replace(/^\/v\d+/, '');
    }
    return { jobId, rows };
  }

  async close(): Promise<void> {
    await this.#request('DELETE', this.#path);
  }
}

/** Of the stack traces that Flink answers with: the innermost reason, in one line or a few. */
export function reasonOf(text: string): string {
  let errors: readonly string[] = [text];
  try {
    errors = (JSON.parse(text) as { errors?: readonly string[] }).errors ?? errors;
  } catch {
    // No JSON: a proxy's page, say.
  }
  const trace = errors.at(-1) ?? text;
  const causes = [...trace.matchAll(/^(?:Caused by: )?([\w.$]+(?:Exception|Error)): ([\s\S]*?)(?=\n\s+at |\n\s*\.\.\. |$)/gm)]; // prettier-ignore
  const last = causes.at(-1);
  const reason = last === undefined ? trace.slice(0, 500) : last[2]!;
  return reason.trim();
}
