import type { FileStore } from './file-store.ts';

/** A folder of another store, as a store of its own. */
export function subfolderStore(files: FileStore, folder: string): FileStore {
  const within = (path: string): string => (path === '' ? folder : `${folder}/${path}`);
  return {
    ...(files.link === undefined ? {} : { link: (local: string, path: string) => files.link!(local, within(path)) }),
    ...(files.linkTo === undefined
      ? {}
      : { linkTo: (path: string, local: string) => files.linkTo!(within(path), local) }),
    list: (path) => files.list(within(path)),
    exists: (path) => files.exists(within(path)),
    read: (path) => files.read(within(path)),
    write: (path, bytes) => files.write(within(path), bytes),
    rename: (from, to) => files.rename(within(from), within(to)),
    remove: (path) => files.remove(within(path)),
  };
}
