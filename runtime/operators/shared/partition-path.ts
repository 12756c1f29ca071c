/**
 * Values in the names of folders, as Hive, Spark and Flink write them: `name=value`, special characters as `%` and two digits
 * (Hive's FileUtils.escapePathName, Flink's PartitionPathUtils).
 */

/** Stands for NULL, and for a text without characters, which has no folder of its own. */
export const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

const SPECIAL = /[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g;

/** The folder of a value; null is NULL. */
export function partitionFolder(name: string, value: string | null): string {
  return `${escape(name)}=${value === null || value === '' ? NULL_PARTITION : escape(value)}`;
}

function escape(text: string): string {
  return text.replace(SPECIAL, (character) => `%${hex(character)}`);
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}

/** The values that the folders of a path name, as texts. */
export function partitionsOfPath(path: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const folder of path.split(/[\\/]/).slice(0, -1)) {
    const at = folder.indexOf('=');
    if (at > 0) values.set(unescape(folder.slice(0, at)), unescape(folder.slice(at + 1)));
  }
  return values;
}

function unescape(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
