/** What the databases of one worker share: the state thread, started when the first of them is opened, their memory, their folder. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { StateClient } from './state-client.ts';
import { StateMemory } from './state-memory.ts';

export interface RocksDbOptions {
  /** Absolute path of the bundled state thread. */
  readonly threadFile: string;
  /** Absolute; of this worker alone. Its content is lost with the job. */
  readonly folder: string;
  /** For all databases and caches of the worker. */
  readonly memoryBytes: number;
}

export class RocksDbEnvironment {
  readonly memory: StateMemory;
  readonly #options: RocksDbOptions;
  #client: StateClient | null = null;

  constructor(options: RocksDbOptions) {
    this.#options = options;
    this.memory = new StateMemory(options.memoryBytes);
  }

  get client(): StateClient {
    return (this.#client ??= new StateClient(this.#options.threadFile));
  }

  /** A folder that is not there yet, whose name no database ever had. */
  newFolder(): string {
    return path.join(this.#options.folder, randomBytes(8).toString('hex'));
  }

  /** Once the backends are closed. */
  close(): void {
    this.#client?.close();
    this.#client = null;
  }
}
