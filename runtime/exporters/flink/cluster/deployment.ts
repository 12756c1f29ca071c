/** Jobs of a running Flink: put there through its SQL Gateway, looked after through the REST API of its cluster. */
import { StreamError } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';
import type { SqlGateway, GatewaySession } from './gateway.ts';
import { FlinkRest, type FlinkJob } from './rest.ts';
import type { Statement } from '../script.ts';

export interface SubmitOptions {
  /** Path of a savepoint to go on from. */
  readonly fromSavepoint?: string;
  /** Told before each statement: how many are done, of how many. */
  readonly onProgress?: (done: number, all: number, statement: Statement) => void;
}

export class FlinkDeployment {
  readonly #gateway: SqlGateway;
  readonly #delay: (ms: number) => Promise<void>;
  readonly #restUrl: string | null;

  /** `restUrl`: of the cluster; the gateway is asked for it where it is null. */
  constructor(gateway: SqlGateway, delay: (ms: number) => Promise<void>, restUrl: string | null = null) {
    this.#gateway = gateway;
    this.#delay = delay;
    this.#restUrl = restUrl;
  }

  /** Id of the job, which then runs by itself. Throws StreamError MR2111 with Flink's reason and the statement that it refused. */
  async submit(statements: readonly Statement[], { fromSavepoint, onProgress }: SubmitOptions = {}): Promise<string> {
    const session = await this.#gateway.open(
      fromSavepoint === undefined ? {} : { 'execution.state-recovery.path': fromSavepoint },
    );
    try {
      let job: string | null = null;
      for (const [i, statement] of statements.entries()) {
        onProgress?.(i, statements.length, statement);
        job = (await this.#execute(session, statement)) ?? job;
      }
      if (job === null) throw new StreamError('MR2111', say`Flink took the script, and began no job`);
      return job;
    } finally {
      // Where it is cancelled, or the gateway gone, nobody is left to answer.
      await session.close().catch(() => undefined);
    }
  }

  /** Id of the job that it began. */
  async #execute(session: GatewaySession, { sql, node }: Statement): Promise<string | null> {
    try {
      return (await session.execute(sql)).jobId;
    } catch (error) {
      if (!(error instanceof StreamError) || node === undefined) throw error;
      const { code, message, domain, remedy } = error;
      const named = new StreamError(code, say`${message}\nin: ${firstLine(sql)}`, { domain, cause: error, ...(remedy === null ? {} : { remedy }) }); // prettier-ignore
      named.nodeId = node;
      throw named;
    }
  }

  async job(id: string): Promise<FlinkJob> {
    return (await this.rest()).job(id);
  }

  async cancel(id: string): Promise<void> {
    await (await this.rest()).cancel(id);
  }

  /** Path of the savepoint. `stop`: the job ends with it, and has committed what it wrote. */
  async savepoint(id: string, directory: string, options: { readonly stop?: boolean } = {}): Promise<string> {
    return (await this.rest()).savepoint(id, directory, options);
  }

  async rest(): Promise<FlinkRest> {
    const url = this.#restUrl ?? (await this.#clusterOfGateway());
    return new FlinkRest(url, { delay: this.#delay });
  }

  /** Where the gateway sends its jobs, as its configuration has it. */
  async #clusterOfGateway(): Promise<string> {
    const session = await this.#gateway.open();
    try {
      const settings = await settingsOf(session);
      return `http://${settings.get('rest.address') ?? 'localhost'}:${settings.get('rest.port') ?? '8081'}`;
    } finally {
      await session.close();
    }
  }
}

/** What a statement is about, for whoever waits for it. */
export function firstLine(sql: string): string {
  return sql.split('\n', 1)[0]!;
}

async function settingsOf(session: GatewaySession): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.execute('SET');
  return new Map(rows.map(({ key, value }) => [String(key), String(value)]));
}
