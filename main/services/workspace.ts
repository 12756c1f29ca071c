import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import type { SaveResult, WorkspaceFile } from '../../runtime/protocol/host.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { writeAtomically } from './atomic-file.ts';
import { cannotRead, cannotWrite, isMissing } from './file-errors.ts';
import { resolveInside } from './inside.ts';

/** Never listed or watched: other tools' folders, and those that begin with a dot. */
export const IGNORED_FOLDERS = ['node_modules', 'dist'];
const MAX_LISTED = 10_000;
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
const MAX_SAMPLE_BYTES = 4 * 1024 * 1024;
const PIPELINE_SUFFIX = '.pipeline.json';

/** A file's content, and what tells it from any other content. */
export interface FileVersion {
  readonly text: string;
  readonly revision: string;
  /** ms since the epoch. */
  readonly modifiedAt: number;
}

/** The folder that the app works in. Paths are relative to it, with `/`; nothing outside it is read or written. */
export class Workspace {
  readonly root: string;
  /** What this app wrote last, by path: such a change does not come from outside. */
  readonly #written = new Map<string, string>();
  #lastSave: Promise<unknown> = Promise.resolve();

  constructor(root: string) {
    this.root = path.resolve(root);
  }

  resolve(relative: string): Promise<string> {
    return resolveInside(this.root, relative);
  }

  /** By path. */
  async list(): Promise<WorkspaceFile[]> {
    const ignore = IGNORED_FOLDERS.map((name) => `**/${name}/**`);
    const paths = await glob('**/*', { cwd: this.root, ignore, followSymbolicLinks: false });
    const files = await Promise.all(
      paths
        .sort()
        .slice(0, MAX_LISTED)
        .map(async (one) => {
          // A file may go between listing and looking.
          const found = await stat(path.join(this.root, one)).catch(() => null);
          return found?.isFile()
            ? [{ path: one, isPipeline: one.endsWith(PIPELINE_SUFFIX), modifiedAt: found.mtimeMs }]
            : [];
        }),
    );
    return files.flat();
  }

  async read(relative: string): Promise<FileVersion> {
    try {
      return await readVersion(await this.resolve(relative));
    } catch (error) {
      throw cannotRead(relative, error);
    }
  }

  /** One at a time, so that none writes between another's check and its write. */
  save(relative: string, text: string, baseRevision: string | null): Promise<SaveResult> {
    const saved = this.#lastSave.then(() => this.#save(relative, text, baseRevision));
    this.#lastSave = saved.catch(() => {});
    return saved;
  }

  async #save(relative: string, text: string, baseRevision: string | null): Promise<SaveResult> {
    try {
      const file = await this.resolve(relative);
      const current = await readVersion(file).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (current !== null && baseRevision === null) throw codedError('MR2102', say`"${relative}" exists already`);
      if (current !== null && current.revision !== baseRevision) {
        return { status: 'conflict', text: current.text, revision: current.revision };
      }
      const revision = revisionOf(text);
      this.#written.set(relative, revision);
      await writeAtomically(file, text);
      return { status: 'saved', revision };
    } catch (error) {
      throw cannotWrite(relative, error);
    }
  }

  /** Never over what is there (MR2102). */
  move(relative: string, to: string): Promise<void> {
    const moved = this.#lastSave.then(async () => {
      try {
        const [from, target] = await Promise.all([this.resolve(relative), this.resolve(to)]);
        if (await exists(target)) throw codedError('MR2102', say`"${to}" exists already`);
        await mkdir(path.dirname(target), { recursive: true });
        await rename(from, target);
      } catch (error) {
        throw cannotWrite(isMissing(error) ? relative : to, error);
      }
    });
    this.#lastSave = moved.catch(() => {});
    return moved;
  }

  /** As `move`, of what need not be there; what was left of an earlier file of that name goes aside. */
  async moveKept(relative: string, to: string): Promise<void> {
    if (!(await exists(await this.resolve(relative)))) return;
    if (await exists(await this.resolve(to))) await this.move(to, `${to}-before-${Date.now()}`);
    await this.move(relative, to);
  }

  /** In place of what is there. */
  write(relative: string, text: string): Promise<void> {
    const written = this.#lastSave.then(async () => {
      try {
        const file = await this.resolve(relative);
        this.#written.set(relative, revisionOf(text));
        await writeAtomically(file, text);
      } catch (error) {
        throw cannotWrite(relative, error);
      }
    });
    this.#lastSave = written.catch(() => {});
    return written;
  }

  /** The first whole lines of a file, `maxBytes` at most. */
  async sample(relative: string, maxBytes: number): Promise<string> {
    try {
      const file = await open(await this.resolve(relative));
      try {
        const bytes = Buffer.alloc(Math.min(maxBytes, MAX_SAMPLE_BYTES));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
        const isAll = bytesRead === (await file.stat()).size;
        const lastLine = isAll ? bytesRead : bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1;
        return bytes.toString('utf8', 0, lastLine);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw cannotRead(relative, error);
    }
  }

  /** The last bytes of a file, `maxBytes` at most. */
  async tail(relative: string, maxBytes: number): Promise<Uint8Array> {
    try {
      const file = await open(await this.resolve(relative));
      try {
        const { size } = await file.stat();
        const bytes = new Uint8Array(Math.min(maxBytes, MAX_SAMPLE_BYTES, size));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw cannotRead(relative, error);
    }
  }

  /** Whether a file that changed is no longer as this app wrote it. */
  async isForeign(relative: string): Promise<boolean> {
    const own = this.#written.get(relative);
    if (own === undefined) return true;
    const current = await this.read(relative).catch(() => null);
    return current?.revision !== own;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function readVersion(file: string): Promise<FileVersion> {
  const { size, mtimeMs } = await stat(file);
  if (size > MAX_DOCUMENT_BYTES) throw new Error(say`it is larger than ${MAX_DOCUMENT_BYTES} bytes`);
  const text = await readFile(file, 'utf8');
  return { text, revision: revisionOf(text), modifiedAt: mtimeMs };
}

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
