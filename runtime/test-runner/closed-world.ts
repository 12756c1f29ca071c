/** What a case sees of the world: files to read (lookup tables), nothing to write, no network. */
import { StreamError } from '../core/errors.ts';
import { say } from '../core/say.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NetworkIo } from '../core/network-io.ts';

export function readOnly(files: FileIo): FileIo {
  return {
    resolve: (folder, path) => files.resolve(folder, path),
    list: (path) => files.list(path),
    exists: (path) => files.exists(path),
    size: (path) => files.size(path),
    version: (path) => files.version(path),
    read: (path, position, into) => files.read(path, position, into),
    readAll: (path) => files.readAll(path),
    openAppend: (path) => refuse(say`write ${path}`),
    truncate: (path) => refuse(say`write ${path}`),
    rename: (_from, to) => refuse(say`write ${to}`),
    remove: (path) => refuse(say`remove ${path}`),
    makeFolder: (path) => refuse(say`write ${path}`),
  };
}

export const NO_NETWORK: NetworkIo = {
  connectTcp: ({ host, port }) => refuse(say`connect to ${host}:${port}`),
  listenTcp: ({ port }) => refuse(say`listen at port ${port}`),
  listenHttp: ({ port }) => refuse(say`listen at port ${port}`),
  request: ({ url }) => refuse(say`ask ${url}`),
  connectWebSocket: ({ url }) => refuse(say`connect to ${url}`),
  listenWebSocket: ({ port }) => refuse(say`listen at port ${port}`),
};

function refuse(what: string): never {
  throw new StreamError('MR2501', say`a test case does not ${what}`, { domain: 'user' });
}
