/** Paths with `/`, relative to the workspace, seen from the folder of a document and back. */

/** `path` as the document at `from` would write it. */
export function relativeTo(from: string, path: string): string {
  const folder = from.split('/').slice(0, -1);
  const parts = path.split('/');
  let shared = 0;
  while (shared < folder.length && shared < parts.length - 1 && folder[shared] === parts[shared]) shared++;
  return [...folder.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/');
}

/** What the document at `from` means by `path`, in the workspace; null when it points out of it or is absolute. */
export function resolveFrom(from: string, path: string): string | null {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return null;
  const out = from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.pop() === undefined) return null;
  }
  return out.join('/');
}
