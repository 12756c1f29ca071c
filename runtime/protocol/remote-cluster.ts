/** What is said of Flink clusters that run pipelines elsewhere, and of the jobs in them. */

export interface FlinkCluster {
  /** Of the SQL Gateway, such as http://localhost:8083. */
  readonly gatewayUrl: string;
  /** Of the cluster's REST API; null: the one that the gateway is set up for. */
  readonly restUrl: string | null;
}

/** A cluster as its user has it. */
export interface FlinkPlace extends FlinkCluster {
  /** Where savepoints go, as Flink sees it; null: where the cluster puts them. */
  readonly savepointFolder: string | null;
}

export interface ClusterInfo {
  /** `Apache Flink 2.3.0`, as the gateway says. */
  readonly version: string;
  readonly restUrl: string;
  /** Newest first. */
  readonly jobs: readonly ClusterJob[];
}

export interface ClusterJob {
  readonly id: string;
  readonly name: string;
  /** Flink's. */
  readonly state: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly hasEnded: boolean;
}

/** How a pipeline comes to have a job there. */
export type RemoteStart =
  | { readonly type: 'submit'; readonly fromSavepoint: string | null }
  /** One that runs there already. */
  | { readonly type: 'attach'; readonly jobId: string };

export interface DeployOptions {
  readonly cluster: FlinkCluster;
  readonly start: RemoteStart;
  readonly params: Readonly<Record<string, string>>;
  /** Where its savepoints go, as Flink sees it; null: where the cluster puts them. */
  readonly savepointFolder: string | null;
}

/** Before each statement. */
export interface DeployProgress {
  readonly done: number;
  readonly all: number;
  /** Its first line. */
  readonly statement: string;
}

/** Where a job runs that is not of this machine's engine. */
export interface RemotePlace {
  readonly restUrl: string;
  /** Of the job, in that cluster. */
  readonly jobId: string;
  /** Operators in its plan that no node of the document stands for, by name. */
  readonly unmatched: readonly string[];
}
