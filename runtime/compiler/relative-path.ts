/** Paths as documents write them, with `/`, without Node: validation runs in the page too. */

/** `a/b.json` → `a`; '' where there is none. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/** `path` seen from where `folder` is seen from, in its shortest form: `../lib` and `../x.json` give `../x.json`. Absolute paths stay. */
export function joinPath(folder: string, path: string): string {
  if (path.startsWith('/')) return path;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
