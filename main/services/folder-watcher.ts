/**
 * Tells which files under a folder changed. Every folder is watched by itself: watching a tree at once is not there on Linux in
 * the Node of older Electrons.
 */
import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

const SETTLE_MS = 150;
const MAX_FOLDERS = 2000;

export class FolderWatcher {
  readonly #root: string;
  readonly #ignored: ReadonlySet<string>;
  readonly #onChange: (paths: readonly string[]) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  /** `onChange` gets paths relative to `root`, with `/`, once changes have settled. */
  constructor(root: string, ignored: readonly string[], onChange: (paths: readonly string[]) => void) {
    this.#root = root;
    this.#ignored = new Set(ignored);
    this.#onChange = onChange;
  }

  start(): Promise<void> {
    return this.#watchTree('');
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #watchTree(folder: string): Promise<void> {
    if (this.#watchers.has(folder) || this.#watchers.size >= MAX_FOLDERS) return;
    const absolute = path.join(this.#root, folder);
    try {
      const watcher = watch(absolute, { persistent: false }, (_event, name) => this.#note(folder, name));
      watcher.on('error', () => this.#unwatch(folder));
      this.#watchers.set(folder, watcher);
      for (const entry of await readdir(absolute, { withFileTypes: true })) {
        if (entry.isDirectory() && !this.#isIgnored(entry.name)) await this.#watchTree(path.join(folder, entry.name));
      }
    } catch {
      // It went while we looked, or may not be read: then it has nothing to tell.
      this.#unwatch(folder);
    }
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #isIgnored(name: string): boolean {
    return name.startsWith('.') || this.#ignored.has(name);
  }

  #note(folder: string, name: string | null): void {
    if (name === null || this.#isIgnored(name)) return;
    this.#changed.add(path.join(folder, name));
    this.#timer ??= setTimeout(() => void this.#report(), SETTLE_MS);
  }

  async #report(): Promise<void> {
    this.#timer = null;
    const changed = [...this.#changed];
    this.#changed.clear();
    // A new folder may already hold files: they are told by the folder's own name.
    for (const one of changed) {
      if (this.#watchers.has(one)) this.#unwatch(one);
      const isFolder = await readdir(path.join(this.#root, one)).then(
        () => true,
        () => false,
      );
      if (isFolder) await this.#watchTree(one);
    }
    this.#onChange(changed.map((one) => one.replaceAll(path.sep, '/')));
  }
}
