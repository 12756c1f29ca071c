/** Where an attempt's spill files are: in the job's state folder, or among the machine's temporary files when that is elsewhere. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUrl } from '../../core/webhdfs-location.ts';

export class SpillFolder {
  /** Absolute. */
  readonly path: string;

  /** `stateFolder`: absolute, or a URL. Nothing is written yet. */
  constructor(stateFolder: string) {
    this.path = isUrl(stateFolder) ? join(tmpdir(), `millrace-spill-${randomUUID()}`) : join(stateFolder, 'spill');
  }

  /** Removes it with all that workers have left there: before the first attempt, for a process may have been killed, and after each. */
  async clear(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
