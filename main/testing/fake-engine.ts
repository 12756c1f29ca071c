/** For tests: an engine's process that runs nothing and dies on demand. */
import { MessageChannel } from 'node:worker_threads';
import type { Mend } from '../../runtime/core/dead-letters.ts';
import { jobId, nodeId } from '../../runtime/core/ids.ts';
import type { EngineApi } from '../../runtime/protocol/engine.ts';
import type { JobEvent, JobState } from '../../runtime/protocol/job.ts';
import { serve } from '../../runtime/protocol/remote.ts';
import { nodePort, type Transport } from '../../runtime/protocol/transport.ts';

export class FakeEngine {
  launches = 0;
  readonly requests: Parameters<EngineApi['start']>[0][] = [];
  readonly tests: Parameters<EngineApi['runTests']>[0][] = [];
  /** What debug sessions were asked. */
  readonly debugged: string[] = [];
  readonly stopped: string[] = [];
  readonly detached: string[] = [];
  mends: readonly Mend[] = [];
  /** Ports that are watched now, by node. */
  watched: readonly string[] = [];
  #emit: (events: readonly JobEvent[]) => unknown = () => {};
  #die: () => void = () => {};

  readonly launch = (): Transport => {
    this.launches++;
    const { port1, port2 } = new MessageChannel();
    const served = serve<EngineApi>(nodePort(port1), {
      start: async (request, onEvent) => {
        this.requests.push(request);
        this.#emit = onEvent;
        return { jobId: jobId(`job-${this.requests.length}`), name: 'fake', operatorNames: {} };
      },
      clusterInfo: async () => ({ version: 'fake', restUrl: 'http://fake', jobs: [] }),
      deploy: async (_request, onEvent) => {
        this.#emit = onEvent;
        const remote = { restUrl: 'http://fake', jobId: 'f'.repeat(32), unmatched: [] };
        return { jobId: jobId('remote'), name: 'fake', operatorNames: {}, remote };
      },
      cancelDeploy: async () => {},
      detach: async (id) => void this.detached.push(id),
      stop: async (id, savepoint) => {
        this.stopped.push(id);
        await this.emit('STOPPED');
        return savepoint === null ? null : `${savepoint}/last`;
      },
      savepoint: async (_id, folder) => `${folder}/one`,
      cancel: async () => this.emit('STOPPED'),
      sampleKeys: async () => {},
      mend: async (_id, mends) => {
        this.mends = mends;
      },
      runTests: async (request) => void this.tests.push(request),
      cancelTests: async () => {},
      compare: async ({ options: { engine } }) => ({ engine, label: 'fake', isBatch: false, inputs: [], checks: [], durationMs: 0 }), // prettier-ignore
      cancelComparison: async () => {},
      watch: async (_id, watches) => {
        this.watched = watches.map(({ nodeId }) => nodeId);
      },
      startDebug: async ({ sessionId }) => {
        this.debugged.push(`start ${sessionId}`);
        return { plan: { name: 'fake', operators: [], links: [] }, diagnostics: [], stop: null as never };
      },
      debug: async (_sessionId, method, args) => {
        this.debugged.push([method, ...args].join(' '));
        return undefined as never;
      },
    });
    this.#die = () => served.dispose();
    return nodePort(port2);
  };

  /** Tells the job that was started last to be in `state`. */
  async emit(state: JobState): Promise<void> {
    await this.#emit([{ type: 'state', state, at: 0, error: null, attempt: 2 }]);
  }

  /** A row at the input of the sink `node`. */
  async emitRow(node: string, value: unknown): Promise<void> {
    const row = { values: [value], eventTime: null, changeKind: '+I', seenAt: 0, subtask: 0 } as const;
    const sample = { nodeId: nodeId(node), port: 'in', fields: ['v'], rows: [row], seen: 1 };
    await this.#emit([{ type: 'rows', sample }]);
  }

  die(): void {
    this.#die();
  }
}
