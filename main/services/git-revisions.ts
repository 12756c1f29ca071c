/** Earlier states of a file, where its folder is in a git repository. Only reads, and runs nothing that the repository's config names: log and cat-file know no hooks. */
import path from 'node:path';
import { simpleGit, type SimpleGit } from 'simple-git';
import type { Revision } from '../../runtime/protocol/host.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';

const MAX_REVISIONS = 200;
/** Between fields and between entries of the log: no text of a commit has them. */
const FIELD = '\x1f';
const ENTRY = '\x1e';

function gitIn(file: string): SimpleGit {
  return simpleGit({ baseDir: path.dirname(file) });
}

/** A revision, and what the file was called there, from the repository's root. */
interface Entry extends Revision {
  readonly name: string;
}

/** Newest first, also from before the file was renamed or moved. */
async function historyOf(file: string): Promise<Entry[]> {
  const format = `--format=${ENTRY}%H${FIELD}%an${FIELD}%at${FIELD}%s${FIELD}`;
  const log = await gitIn(file).raw([
    '-c',
    'core.quotePath=false',
    'log',
    '--no-show-signature',
    '--follow',
    '--name-only',
    `-${MAX_REVISIONS}`,
    format,
    '--',
    path.basename(file),
  ]);
  return log
    .split(ENTRY)
    .map((entry) => entry.trim().split(FIELD))
    .filter((fields) => fields.length === 5)
    .map(([hash = '', author = '', seconds = '', subject = '', names = '']) => ({
      hash,
      author,
      subject,
      at: Number(seconds) * 1000,
      name: names.trim(),
    }));
}

/** `file`: absolute. Empty without git, outside of a repository, and for a file that was never committed. */
export async function listRevisions(file: string): Promise<Revision[]> {
  try {
    return (await historyOf(file)).map(({ name: _name, ...revision }) => revision);
  } catch {
    return [];
  }
}

/** Rejects with MR2101 when the file is not in that revision. */
export async function readRevision(file: string, hash: string): Promise<string> {
  try {
    const entry = (await historyOf(file)).find((one) => one.hash === hash);
    const name = entry === undefined || entry.name === '' ? `./${path.basename(file)}` : entry.name;
    return await gitIn(file).raw(['cat-file', 'blob', `${hash}:${name}`]);
  } catch (error) {
    const cause = error instanceof Error ? error.message.trim() : String(error);
    throw codedError('MR2101', say`"${path.basename(file)}" cannot be read in revision ${hash.slice(0, 8)}: ${cause}`);
  }
}
