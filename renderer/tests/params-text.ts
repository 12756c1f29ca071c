/** Values of parameters in one line: `speed=5, limit=3`. */
import type { TestCase } from '../../runtime/graph/index.ts';

type Params = TestCase['params'];

export function textOfParams(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** What is not `name=value` is left out. */
export function paramsOfText(text: string): Params {
  const parts = text.split(',').map((one) => /^\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*=(.*)$/.exec(one));
  return Object.fromEntries(
    parts.flatMap((part): [string, Params[string]][] => (part === null ? [] : [[part[1]!, valueOf(part[2]!.trim())]])),
  );
}

function valueOf(text: string): Params[string] {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}
