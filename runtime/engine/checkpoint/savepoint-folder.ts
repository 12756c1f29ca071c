/** Where a new savepoint goes: a folder of its own below the one that was asked for. */
import { CheckpointFolder } from './checkpoint-folder.ts';
import { childLocation } from './location.ts';

const MAX_NAME = 40;

/** `savepoint-<pipeline>-<time>-<short id>` in `parent` (absolute folder or URL); `at` in ms since the epoch. */
export function newSavepointFolder(parent: string, pipeline: string, at: number, id: string): CheckpointFolder {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return new CheckpointFolder(childLocation(parent, `savepoint-${safeName(pipeline)}-${time}-${id.slice(0, 6)}`));
}

/** What needs no escaping in a path or a URL. */
function safeName(name: string): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, MAX_NAME)
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();
  return safe === '' ? 'pipeline' : safe;
}
