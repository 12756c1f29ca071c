/** Where checkpoints lie: a folder, or the URL of one. */
import path from 'node:path';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { isUrl, parseWebHdfsLocation, WEBHDFS_EXAMPLE } from '../../core/webhdfs-location.ts';
import type { FileStore } from './file-store.ts';
import { FolderStore } from './folder-store.ts';
import { WebHdfsStore } from './webhdfs-store.ts';

/** Absolute: a URL stays as it is, a path starts at `baseFolder`. Throws StreamError MR2206 for a URL that cannot be used. */
export function resolveLocation(baseFolder: string, location: string): string {
  if (!isUrl(location)) return path.resolve(baseFolder, location);
  if (parseWebHdfsLocation(location) === null) throw unusable(location);
  return location;
}

/** Of a folder in `location`; `name` needs no escaping. */
export function childLocation(location: string, name: string): string {
  if (!isUrl(location)) return path.join(location, name);
  const [folder = '', query] = location.split('?');
  return `${folder.replace(/\/+$/, '')}/${name}${query === undefined ? '' : `?${query}`}`;
}

/** Of the folder that `location` is in. */
export function parentLocation(location: string): string {
  if (!isUrl(location)) return path.dirname(location);
  const [folder = '', query] = location.split('?');
  return `${folder.replace(/\/+$/, '').replace(/\/[^/]*$/, '')}${query === undefined ? '' : `?${query}`}`;
}

/** Throws StreamError MR2206 for a URL that cannot be used. */
export function openFileStore(location: string): FileStore {
  if (!isUrl(location)) return new FolderStore(location);
  const webHdfs = parseWebHdfsLocation(location);
  if (webHdfs === null) throw unusable(location);
  return new WebHdfsStore(webHdfs);
}

function unusable(location: string): StreamError {
  return new StreamError('MR2206', say`Checkpoints cannot be kept in ${location}.`, {
    domain: 'user',
    remedy: say`Give a folder, or a URL like ${WEBHDFS_EXAMPLE}.`,
  });
}
