import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { isMissing } from './file-errors.ts';

/**
 * Absolute path of `relative` (with `/`) under `root`, links resolved; MR2101 when it leads out of `root`, by `..`, as an absolute
 * path or through a link. It need not exist.
 */
export async function resolveInside(root: string, relative: string): Promise<string> {
  const isPlain =
    relative !== '' && !relative.includes('\0') && !path.isAbsolute(relative) && !path.win32.isAbsolute(relative);
  const parts = relative.split(/[/\\]/);
  if (!isPlain || parts.includes('..')) throw outside(relative);
  const realRoot = await realpath(root);
  const target = await resolveLinks(path.join(realRoot, ...parts));
  if (target !== realRoot && !target.startsWith(realRoot + path.sep)) throw outside(relative);
  return target;
}

/** `realpath` for what may not be there yet: links of the part that is there are resolved. */
async function resolveLinks(absolute: string): Promise<string> {
  try {
    return await realpath(absolute);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const parent = path.dirname(absolute);
    return parent === absolute ? absolute : path.join(await resolveLinks(parent), path.basename(absolute));
  }
}

function outside(relative: string): Error {
  return codedError('MR2101', say`"${relative}" is outside the workspace`, {
    remedy: say`Open the folder it is in as the workspace, or copy it into this one.`,
  });
}
