/** Brings the raw JSON of an older document up to the newest version, one version at a time. */
import { VERSION } from './document.ts';

type RawDocument = Readonly<Record<string, unknown>>;
/** From its version to the next; it need not set `version`. */
export type Migration = (raw: RawDocument) => RawDocument;

/** By the version they start from. */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {};

/** `raw` at version `target`; as it is when it has no older version that is known. */
export function migrateDocument(
  raw: RawDocument,
  migrations: Readonly<Record<number, Migration>> = MIGRATIONS,
  target: number = VERSION,
): RawDocument {
  let current = raw;
  while (typeof current.version === 'number' && current.version < target) {
    const migration = migrations[current.version];
    if (migration === undefined) return current;
    current = { ...migration(current), version: current.version + 1 };
  }
  return current;
}
