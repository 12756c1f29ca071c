/** What the verbs start, so that a test can stand in for it. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { engines, type EngineSetup } from '../comparison/index.ts';
import type { PhysicalPlan } from '../compiler/index.ts';
import { JobManager, type JobOptions } from '../engine/job/job-manager.ts';
import type { EngineName } from '../protocol/comparison.ts';
import type { JobEvent } from '../protocol/job.ts';

export type Job = Pick<JobManager, 'start' | 'stop' | 'savepoint' | 'ended'>;

/** Options of `serve`; `port` 0 = any free one. */
export interface ServeOptions {
  readonly port: number;
  /** Absolute; the one used last where it is left out. */
  readonly workspace?: string;
  /** Open the browser. */
  readonly open: boolean;
}

export interface CliServices {
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  /** What pipelines are compared with. */
  readonly engines: Readonly<Record<EngineName, EngineSetup>>;
  createJob(plan: PhysicalPlan, options: JobOptions, onEvent: (event: JobEvent) => void): Job;
  /** Settles once the page is served; the server then keeps the process alive. */
  serve(options: ServeOptions): Promise<void>;
}

/** `bundleFolder`: where the bundled command line lies, `dist/cli`; the other bundles are beside it. */
export function bundledServices(bundleFolder: string): CliServices {
  const dist = path.dirname(bundleFolder);
  return {
    workerFile: path.join(dist, 'engine/worker.cjs'),
    engines,
    createJob: (plan, options, onEvent) => new JobManager(plan, options, onEvent),
    serve: async (options) => {
      // Loaded only here, and not bundled in: the other verbs do without the web host.
      const host = createRequire(path.join(bundleFolder, 'millrace.cjs'))(path.join(dist, 'main/web.cjs')) as {
        serve(options: ServeOptions): Promise<void>;
      };
      await host.serve(options);
    },
  };
}
