/** `webhdfs://host:port/folder?user.name=NAME`: a folder of an HDFS, as Hadoop's own tools write it. */

export interface WebHdfsLocation {
  /** `host:port` of each NameNode, active or standby. */
  readonly nameNodes: readonly string[];
  /** Absolute, decoded, without a slash at its end: "" is the root. */
  readonly folder: string;
  /** Whom the server takes us for; null = its default user. */
  readonly user: string | null;
}

export const WEBHDFS_EXAMPLE = 'webhdfs://namenode:9870/folder?user.name=me';

const LOCATION = /^webhdfs:\/\/([^/?#\s]+)(\/[^?#\s]*)?(?:\?user\.name=([^&#\s]+))?$/;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** Of the NameNode's web server, unless Hadoop is told otherwise. */
const DEFAULT_PORT = 9870;

/** Whether a location names a server rather than a folder here. */
export function isUrl(location: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(location);
}

/** Null when it is not such a URL. Several NameNodes, for high availability, are separated by commas. */
export function parseWebHdfsLocation(url: string): WebHdfsLocation | null {
  const [, hosts, folder = '', user] = LOCATION.exec(url) ?? [];
  const nameNodes = (hosts ?? '').split(',');
  if (!nameNodes.every((host) => HOST.test(host))) return null;
  try {
    return {
      nameNodes: nameNodes.map((host) => (/:\d+$/.test(host) ? host : `${host}:${DEFAULT_PORT}`)),
      folder: decodeURIComponent(folder).replace(/\/+$/, ''),
      user: user === undefined ? null : decodeURIComponent(user),
    };
  } catch {
    // A "%" that starts no escape.
    return null;
  }
}
