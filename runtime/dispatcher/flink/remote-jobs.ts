/** Pipelines that run in a Flink elsewhere: sent there or found there, and looked after from here. */
import type { JobId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { firstLine, FlinkDeployment } from '../../exporters/flink/cluster/deployment.ts';
import { SqlGateway } from '../../exporters/flink/cluster/gateway.ts';
import { hasEnded } from '../../exporters/flink/cluster/rest.ts';
import { documentScript, type DocumentScript } from '../../exporters/flink/document-script.ts';
import type { DeployRequest, EngineApi } from '../../protocol/engine.ts';
import type { JobEvent, StartedJob } from '../../protocol/job.ts';
import { release } from '../../protocol/remote.ts';
import type { FlinkCluster } from '../../protocol/remote-cluster.ts';
import { codedError } from '../../protocol/wire.ts';
import type { Job } from '../job.ts';
import { documentIn, refused } from '../refused.ts';
import { FlinkJob } from './flink-job.ts';

export interface RemoteJobParts {
  /** Has the dispatcher look after a job: its id here, and what it tells goes to `onEvent`. */
  adopt(
    onEvent: (events: readonly JobEvent[]) => void,
    createJob: (onEvent: (event: JobEvent) => void) => Job & { detach(): void },
  ): Promise<{ readonly jobId: JobId; detach(): void }>;
  delay(ms: number): Promise<void>;
  /** ms since the epoch. */
  clock(): number;
}

export function createRemoteJobs({
  adopt,
  delay,
  clock,
}: RemoteJobParts): Pick<EngineApi, 'clusterInfo' | 'deploy' | 'cancelDeploy' | 'detach'> {
  const underWay = new Map<string, AbortController>();
  const remote = new Map<JobId, () => void>();

  function deploymentTo(
    { gatewayUrl, restUrl }: FlinkCluster,
    signal?: AbortSignal,
  ): { gateway: SqlGateway; deployment: FlinkDeployment } {
    const gateway = new SqlGateway(gatewayUrl, { delay, ...(signal === undefined ? {} : { signal }) });
    return { gateway, deployment: new FlinkDeployment(gateway, delay, restUrl) };
  }

  return {
    async clusterInfo(cluster) {
      const { gateway, deployment } = deploymentTo(cluster);
      const { productName, version } = await gateway.info();
      const rest = await deployment.rest();
      const jobs = (await rest.jobs()).map((one) => ({
        id: one.jid,
        name: one.name,
        state: one.state,
        startedAt: one['start-time'],
        hasEnded: hasEnded(one.state),
      }));
      return { version: `${productName} ${version}`, restUrl: rest.url, jobs };
    },

    async deploy(request, onEvent, onProgress) {
      const { deployId, options } = request;
      const { graph, script } = scriptOf(request);
      const abort = new AbortController();
      underWay.set(deployId, abort);
      try {
        const { deployment } = deploymentTo(options.cluster, abort.signal);
        const rest = await deployment.rest();
        const inCluster =
          options.start.type === 'attach'
            ? options.start.jobId
            : await deployment.submit(script.statements, {
                ...(options.start.fromSavepoint === null ? {} : { fromSavepoint: options.start.fromSavepoint }),
                onProgress: (done, all, { sql }) => onProgress({ done, all, statement: firstLine(sql) }),
              });
        let job!: FlinkJob;
        const { jobId, detach } = await adopt(onEvent, (tell) => {
          const { savepointFolder } = options;
          job = new FlinkJob({ rest, jobId: inCluster, graph, script, savepointFolder, delay, now: clock }, tell);
          return job;
        });
        remote.set(jobId, detach);
        void job.ended.then(() => remote.delete(jobId));
        return {
          jobId,
          name: graph.name,
          operatorNames: Object.fromEntries(graph.nodes.map(({ origin, label }) => [origin, label])),
          remote: { restUrl: rest.url, jobId: inCluster, unmatched: job.unmatched },
        } satisfies StartedJob;
      } catch (error) {
        release(onEvent);
        if (abort.signal.aborted) throw codedError('MR2005', say`The deployment was cancelled.`);
        throw error;
      } finally {
        underWay.delete(deployId);
        release(onProgress);
      }
    },

    async cancelDeploy(deployId) {
      underWay.get(deployId)?.abort();
    },

    async detach(jobId) {
      const detach = remote.get(jobId);
      if (detach === undefined) throw codedError('MR2005', say`There is no job ${jobId} of another cluster.`);
      detach();
    },
  };
}

/** Rejects as `start` does where the document has errors, or an operator that Flink SQL has nothing for. */
function scriptOf({ text, folder, subPipelines = {}, options: { params } }: DeployRequest): DocumentScript {
  const options = { params, baseFolder: folder, subPipelines: new Map(Object.entries(subPipelines)) };
  const { job, diagnostics } = documentScript(documentIn(text), options);
  if (job === null) throw refused(diagnostics);
  return job;
}
