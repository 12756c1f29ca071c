import { host } from '../host/host.ts';

/** Under its own name or, where that is taken, with a number; the path. */
export async function saveNew(path: string, text: string): Promise<string> {
  const taken = new Set((await host().listFiles()).map((one) => one.path));
  const [, stem = path, ending = ''] = /^([^.]+)(.*)$/.exec(path) ?? [];
  let free = path;
  for (let number = 2; taken.has(free); number++) free = `${stem}-${number}${ending}`;
  await host().saveDocument(free, text, null);
  return free;
}
