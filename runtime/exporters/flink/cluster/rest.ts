/** A Flink cluster's REST API (Flink's documentation, REST API), as far as a deployed job needs it. */
import { StreamError } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';
import { reasonOf, type Fetch } from './gateway.ts';

interface RestOptions {
  readonly fetch?: Fetch;
  readonly delay: (ms: number) => Promise<void>;
}

export type FlinkJobState =
  | 'INITIALIZING' | 'CREATED' | 'RUNNING' | 'FAILING' | 'FAILED' | 'CANCELLING' | 'CANCELED' | 'FINISHED' | 'RESTARTING' | 'SUSPENDED' | 'RECONCILING'; // prettier-ignore

const ENDS: readonly FlinkJobState[] = ['FAILED', 'CANCELED', 'FINISHED'];
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export interface FlinkVertex {
  readonly id: string;
  /** Names of its operators, joined by arrows. */
  readonly name: string;
  readonly parallelism: number;
  readonly status: string;
}

export interface FlinkJob {
  readonly jid: string;
  readonly name: string;
  readonly state: FlinkJobState;
  readonly vertices: readonly FlinkVertex[];
}

/** In `/jobs/overview`. */
export interface JobOverview {
  readonly jid: string;
  readonly name: string;
  readonly state: FlinkJobState;
  /** ms since the epoch. */
  readonly 'start-time': number;
}

export function hasEnded(state: FlinkJobState): boolean {
  return ENDS.includes(state);
}

export class FlinkRest {
  /** Of the JobManager. */
  get url(): string {
    return this.#base;
  }

  readonly #base: string;
  readonly #options: RestOptions;

  /** `url`: of the JobManager, `http://host:8081`. */
  constructor(url: string, options: RestOptions) {
    this.#base = url.replace(/\/+$/, '');
    this.#options = options;
  }

  async job(id: string): Promise<FlinkJob> {
    return (await this.get(`/jobs/${id}`)) as FlinkJob;
  }

  /** All that it knows of, newest first. */
  async jobs(): Promise<readonly JobOverview[]> {
    const { jobs } = (await this.get('/jobs/overview')) as { jobs: readonly JobOverview[] };
    return [...jobs].sort((a, b) => b['start-time'] - a['start-time']);
  }

  /** Any path, as JSON. Throws StreamError MR2111. */
  async get(path: string): Promise<unknown> {
    return this.#request('GET', path);
  }

  /** Settles once the job has finished or was cancelled; throws StreamError MR2001 with Flink's reason when it failed, or has not ended after `patienceMs`. */
  async ended(id: string, patienceMs = Infinity): Promise<FlinkJobState> {
    let waited = 0;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const { state } = await this.job(id);
      if (state === 'FAILED') throw new StreamError('MR2001', say`Flink: ${await this.#failure(id)}`);
      if (hasEnded(state)) return state;
      if (waited > patienceMs) throw new StreamError('MR2001', say`the job is ${state} after ${patienceMs} ms`);
      await this.#options.delay(pause);
      waited += pause;
    }
  }

  async cancel(id: string): Promise<void> {
    await this.#request('PATCH', `/jobs/${id}?mode=cancel`);
  }

  /** Path of the savepoint, once it is complete; `directory` null: where the cluster puts them. `stop`: the job ends with it. */
  async savepoint(id: string, directory: string | null, { stop = false } = {}): Promise<string> {
    const target = directory === null ? {} : { [stop ? 'targetDirectory' : 'target-directory']: directory };
    const body = { ...target, ...(stop ? { drain: false } : { 'cancel-job': false }) };
    const trigger = `/jobs/${id}/${stop ? 'stop' : 'savepoints'}`;
    const { 'request-id': request } = (await this.#request('POST', trigger, body)) as { 'request-id': string };
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const { status, operation } = (await this.get(`/jobs/${id}/savepoints/${request}`)) as {
        status: { id: string };
        operation?: { location?: string; 'failure-cause'?: { 'stack-trace'?: string } };
      };
      if (status.id === 'COMPLETED') {
        if (operation?.location !== undefined) return operation.location;
        throw new StreamError('MR2208', say`Flink: ${reasonOf(operation?.['failure-cause']?.['stack-trace'] ?? say`no savepoint`)}`); // prettier-ignore
      }
      await this.#options.delay(pause);
    }
  }

  async #failure(id: string): Promise<string> {
    const { exceptionHistory } = (await this.get(`/jobs/${id}/exceptions`)) as {
      exceptionHistory?: { entries: readonly { stacktrace: string }[] };
    };
    return reasonOf(exceptionHistory?.entries[0]?.stacktrace ?? say`the job failed`);
  }

  async #request(method: string, path: string, body?: unknown): Promise<unknown> {
    const call = this.#options.fetch ?? fetch;
    let response: Response;
    try {
      response = await call(`${this.#base}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (cause) {
      throw new StreamError('MR2111', say`Flink at ${this.#base} does not answer`, { cause });
    }
    const text = await response.text();
    if (!response.ok) throw new StreamError('MR2111', say`Flink: ${reasonOf(text)}`, { domain: 'user' });
    return text === '' ? {} : JSON.parse(text);
  }
}
