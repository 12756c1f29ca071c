/** Earlier states of a file, where its folder is in a git repository. Only reads, and runs nothing that the repository's config names: log and cat-file know no hooks. */
import path from 'node:path';
import { simpleGit, type SimpleGit } from 'simple-git';
import type { Revision } from '../../runtime/protocol/host.ts';
import { codedError } from '../../runtime/protocol/wire.ts';

const MAX_REVISIONS = 200;
/** Between fields and between entries of the log: no text of a commit has them. */
const FIELD = '\x1f';
const ENTRY = '\x1e';

function gitIn(file: string): SimpleGit {
  return simpleGit({ baseDir: path.dirname(file) });
}

/** `file`: absolute. Empty without git, outside of a repository, and for a file that was never committed. */
export async function listRevisions(file: string): Promise<Revision[]> {
  try {
    const format = `--format=%H${FIELD}%an${FIELD}%at${FIELD}%s${ENTRY}`;
    const log = await gitIn(file).raw([
      'log',
      '--no-show-signature',
      `-${MAX_REVISIONS}`,
      format,
      '--',
      path.basename(file),
    ]);
    return log
      .split(ENTRY)
      .map((entry) => entry.trim().split(FIELD))
      .filter((fields) => fields.length === 4)
      .map(([hash = '', author = '', seconds = '', subject = '']) => ({
        hash,
        author,
        subject,
        at: Number(seconds) * 1000,
      }));
  } catch {
    return [];
  }
}

/** Rejects with MR2101 when the file is not in that revision. */
export async function readRevision(file: string, hash: string): Promise<string> {
  try {
    return await gitIn(file).raw(['cat-file', 'blob', `${hash}:./${path.basename(file)}`]);
  } catch (error) {
    const cause = error instanceof Error ? error.message.trim() : String(error);
    throw codedError('MR2101', `"${path.basename(file)}" cannot be read in revision ${hash.slice(0, 8)}: ${cause}`);
  }
}
