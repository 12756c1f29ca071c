/** What signals do to a running job. */
import { resolveLocation } from '../engine/checkpoint/location.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { printError } from './print-diagnostic.ts';
import type { Progress } from './progress.ts';
import type { Job } from './services.ts';

export interface RunningJob {
  readonly io: CliIo;
  readonly job: Job;
  /** Settles when the job runs, or will not. */
  readonly started: Promise<void>;
  readonly progress: Progress;
}

/**
 * First interrupt: stop, with a savepoint where a folder for them was given, else with a final checkpoint. Second: leave at once.
 * SIGUSR2: a savepoint.
 */
export class RunSignals {
  readonly #running: RunningJob;
  /** For savepoints: absolute folder or URL. */
  readonly #folder: string | null;
  readonly #unlisten: (() => void)[];
  #isStopping = false;
  /** All that is to be told of savepoints was told. */
  #told: Promise<unknown> = Promise.resolve();

  constructor(running: RunningJob, { savepointDir }: { readonly savepointDir?: string }) {
    const { io, job } = running;
    this.#running = running;
    const folder = savepointDir === undefined ? null : resolveLocation(io.cwd, savepointDir);
    this.#folder = folder;
    this.#unlisten = [io.onInterrupt(() => this.#interrupt())];
    if (folder !== null) this.#unlisten.push(io.onSavepointSignal(() => this.#tell(() => job.savepoint(folder))));
  }

  /** Once the job has ended. */
  async end(): Promise<void> {
    for (const unlisten of this.#unlisten) unlisten();
    await this.#told;
  }

  #interrupt(): void {
    const { io, job, started, progress } = this.#running;
    if (this.#isStopping) {
      io.exit(EXIT.interrupted);
      return;
    }
    this.#isStopping = true;
    const what = this.#folder === null ? 'a final checkpoint' : 'a savepoint';
    progress.interleave(() => io.stderr.write(`stopping with ${what}; interrupt again to quit at once\n`));
    this.#tell(async () => {
      await started;
      return job.stop({ savepoint: this.#folder });
    });
  }

  #tell(take: () => Promise<string | null>): void {
    const told = tell(this.#running, take).then((isTaken) => {
      // A job that goes on may be interrupted again.
      if (!isTaken) this.#isStopping = false;
    });
    this.#told = Promise.all([this.#told, told]);
  }
}

/** Prints the location of the savepoint that `take` gives, or why there is none: then false. */
async function tell({ io, progress }: RunningJob, take: () => Promise<string | null>): Promise<boolean> {
  try {
    const location = await take();
    if (location !== null) progress.interleave(() => io.stderr.write(`savepoint in ${location}\n`));
    return true;
  } catch (error) {
    progress.interleave(() => io.stderr.write(printError(io, error)));
    return false;
  }
}
