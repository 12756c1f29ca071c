/** Where an attempt to run a job starts from: its newest checkpoint or savepoint that is whole, the savepoint it was given, or nothing. */
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { LogLevel } from '../../protocol/job.ts';
import { CheckpointFolder, type Checkpoint } from '../checkpoint/checkpoint-folder.ts';
import { parentLocation } from '../checkpoint/location.ts';
import { leftoversOf, refusal } from '../checkpoint/savepoint-match.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';
import type { StartPoint } from '../worker/worker-protocol.ts';

export interface RecoveryOptions {
  readonly plan: PhysicalPlan;
  readonly storage: CheckpointStorage;
  /** Go on from the newest checkpoint in the storage. */
  readonly resume: boolean;
  /** Absolute folder or URL of a savepoint or checkpoint; null = none. */
  readonly fromSavepoint: string | null;
  /** Leave out state that the pipeline has no place for. */
  readonly allowNonRestoredState: boolean;
}

export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #log: (level: LogLevel, message: string) => void;
  #latestId = 0;
  /** Checkpoints up to this one are not ours. */
  #clearTo = 0;
  /** The last one this job has taken. */
  #ownSavepoint: { readonly id: number; readonly location: string } | null = null;

  constructor(options: RecoveryOptions, log: (level: LogLevel, message: string) => void) {
    this.#options = options;
    this.#log = log;
  }

  /** Of all checkpoints met so far: new ones get higher ids. */
  get latestId(): number {
    return this.#latestId;
  }

  /** Id of the checkpoint the job was started from, if it is one of the storage: not ours to remove. */
  get sparedId(): number | null {
    const { fromSavepoint, storage } = this.#options;
    return fromSavepoint === null ? null : storage.idOf(fromSavepoint);
  }

  /** For the first attempt. Throws StreamError MR2201–MR2206. */
  async first(): Promise<StartPoint | null> {
    const start = await this.#first();
    await this.#options.storage.tryToWrite();
    return start;
  }

  async #first(): Promise<StartPoint | null> {
    const { resume, fromSavepoint, storage } = this.#options;
    if (fromSavepoint !== null) {
      const start = await this.#savepoint(fromSavepoint);
      for (const id of await storage.ids()) this.#note(id);
      this.#clearTo = this.#latestId;
      return start;
    }
    if (!resume) {
      this.#clearTo = Math.max(0, ...(await storage.ids()));
      return null;
    }
    const newest = await this.#newestCheckpoint();
    if (newest !== null) return newest;
    throw new StreamError('MR2203', say`There is no completed checkpoint in ${storage.location}.`, {
      domain: 'user',
      remedy: say`Run without --resume to start afresh.`,
    });
  }

  /**
   * Once an attempt is open: a fresh start removes what other jobs have left in the storage. Not before, so that a start that
   * is refused costs nothing. Throws StreamError MR2201 or MR2206.
   */
  async opened(): Promise<void> {
    if (this.#clearTo === 0) return;
    await this.#options.storage.clear(this.#clearTo, this.sparedId);
    this.#clearTo = 0;
  }

  /** The job has taken a savepoint. */
  noteSavepoint(id: number, location: string): void {
    this.#ownSavepoint = { id, location };
  }

  /** After a failure. Throws as `first`. */
  async newest(): Promise<StartPoint | null> {
    const { fromSavepoint } = this.#options;
    return (
      (await this.#newestSavepoint()) ??
      (await this.#newestCheckpoint()) ??
      (fromSavepoint === null ? null : await this.#savepoint(fromSavepoint))
    );
  }

  /**
   * When it is newer than any checkpoint: to go back behind it would make output anew, and otherwise, that it counts on. It is the
   * user's to remove; then the newest checkpoint has to do.
   */
  async #newestSavepoint(): Promise<StartPoint | null> {
    if (this.#ownSavepoint === null) return null;
    const { id, location } = this.#ownSavepoint;
    if ((await this.#options.storage.list()).some((one) => one > id)) return null;
    try {
      return await this.#savepoint(location);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.#log('warn', say`${error.message} The last checkpoint is used.`);
      return null;
    }
  }

  /** Damaged ones are passed over, and said so. Null when there is none. */
  async #newestCheckpoint(): Promise<StartPoint | null> {
    const { storage } = this.#options;
    const ids = await storage.list();
    for (const id of ids) {
      this.#note(id);
      const folder = storage.folder(id);
      let checkpoint;
      try {
        checkpoint = await folder.read();
        await storage.verifyShared(checkpoint.manifest);
      } catch (error) {
        if (!(error instanceof StreamError && error.code === 'MR2202')) throw error;
        this.#log('warn', say`${error.message} The one before it is used.`);
        continue;
      }
      return this.#startFrom(folder.location, checkpoint);
    }
    if (ids.length > 0)
      throw new StreamError('MR2202', say`No checkpoint in ${storage.location} is whole.`, { retryable: false });
    return null;
  }

  async #savepoint(location: string): Promise<StartPoint> {
    const folder = new CheckpointFolder(location);
    if (!(await folder.isComplete())) throw await noSavepoint(location);
    const checkpoint = await folder.read();
    await new CheckpointStorage(parentLocation(location)).verifyShared(checkpoint.manifest);
    return this.#startFrom(location, checkpoint);
  }

  #startFrom(location: string, checkpoint: Checkpoint): StartPoint {
    const { plan, allowNonRestoredState } = this.#options;
    const { id, kind } = checkpoint.manifest;
    this.#note(id);
    this.#log(
      'info',
      kind === 'savepoint'
        ? say`Goes on from savepoint ${id} in ${location}.`
        : say`Goes on from checkpoint ${id} in ${location}.`,
    );
    const leftovers = leftoversOf(plan, checkpoint);
    if (leftovers.length > 0 && !allowNonRestoredState) throw refusal(location, leftovers);
    for (const { what } of leftovers) this.#log('warn', say`State is dropped: ${what}.`);
    return {
      folder: location,
      checkpointId: id,
      kind,
      dropped: leftovers.map(({ nodeId }) => nodeId),
      onMismatch: allowNonRestoredState ? 'drop' : 'refuse',
    };
  }

  #note(id: number): void {
    this.#latestId = Math.max(this.#latestId, id);
  }
}

/** For a place that holds none: when it is a state folder, names the checkpoint that may have been meant. */
async function noSavepoint(location: string): Promise<StreamError> {
  const storage = new CheckpointStorage(location);
  const [newest] = await storage.list().catch(() => []);
  const remedy =
    newest === undefined
      ? say`Give the folder that holds its _metadata.`
      : say`It is a folder of checkpoints: give one of them, such as ${storage.locationOf(newest)}.`;
  return new StreamError('MR2203', say`There is no savepoint or completed checkpoint in ${location}.`, {
    domain: 'user',
    remedy,
  });
}
