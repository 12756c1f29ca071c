import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { writeAtomically } from './atomic-file.ts';

/** A small file of the app's own. One that is missing, broken or of another shape counts as `otherwise`: it only keeps comfort. */
export class JsonFile<T> {
  readonly #file: string;
  readonly #schema: z.ZodType<T>;
  readonly #otherwise: T;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(file: string, schema: z.ZodType<T>, otherwise: T) {
    this.#file = file;
    this.#schema = schema;
    this.#otherwise = otherwise;
  }

  async read(): Promise<T> {
    try {
      return this.#schema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return this.#otherwise;
    }
  }

  /** Changes follow one another; the result is what was written. */
  change(update: (current: T) => T): Promise<T> {
    const changed = this.#lastChange.then(async () => {
      const next = update(await this.read());
      await writeAtomically(this.#file, `${JSON.stringify(next, null, 2)}\n`);
      return next;
    });
    this.#lastChange = changed.catch(() => {});
    return changed;
  }
}
