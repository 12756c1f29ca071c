/**
 * Parameters: `${name}` in any string of a config stands for a value of `settings.params`, and `$${` for a plain `${`. A string that is
 * one reference and nothing else becomes the value as it is, number and flag included.
 */
import type { Diagnostic, TextRange } from '../core/diagnostics.ts';
import { printPath } from '../core/config.ts';
import { say } from '../core/say.ts';
import type { PipelineDocument, Settings } from '../graph/index.ts';

export type ParameterValue = Settings['params'][string];

export interface Parameters {
  readonly values: ReadonlyMap<string, ParameterValue>;
  readonly problems: readonly Diagnostic[];
}

export type Problem = Pick<Diagnostic, 'code' | 'message' | 'path' | 'range'>;

export interface Substitution {
  /** The config with every value filled in; references that have none stay as they are. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Takes a range in the filled-in string at `path` to the string that the document holds. */
  toSource(path: string, range: TextRange): TextRange;
}

/**
 * The document's values with `given` ones in their place. A given text takes the type that the document's value has;
 * a name that the document does not define is text.
 */
export function mergeParameters(defined: Settings['params'], given: Readonly<Record<string, string>> = {}): Parameters {
  const values = new Map<string, ParameterValue>(Object.entries(defined));
  const problems: Diagnostic[] = [];
  for (const [name, text] of Object.entries(given)) {
    const value = readAs(text, values.get(name));
    if (value !== null) values.set(name, value);
    else {
      const message = say`parameter "${name}" is a ${typeof values.get(name)} in the document; "${text}" is not`;
      problems.push({ severity: 'error', code: 'MR1603', message, path: printPath(['settings', 'params', name]) });
    }
  }
  return { values, problems };
}

/** Given values that nothing asks for: the document neither defines their name nor refers to it. */
export function unknownParameters(
  document: PipelineDocument,
  given: Readonly<Record<string, string>> = {},
): Diagnostic[] {
  const defined = Object.keys(document.settings.params);
  const text = JSON.stringify(document.nodes.map((node) => node.config));
  const referenced = [...text.matchAll(REFERENCE)].map((match) => match[1]!);
  const known = new Set([...defined, ...referenced]);
  return Object.keys(given)
    .filter((name) => !known.has(name))
    .map((name) => ({
      severity: 'error',
      code: 'MR1604',
      message: say`the document has no parameter "${name}"; ${known.size === 0 ? say`it has none` : say`it has ${[...known].join(', ')}`}`,
      path: printPath(['settings', 'params', name]),
    }));
}

function readAs(text: string, model: ParameterValue | undefined): ParameterValue | null {
  switch (typeof model) {
    case 'number': {
      const value = Number(text);
      return text.trim() !== '' && Number.isFinite(value) ? value : null;
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null;
    default:
      return text;
  }
}

/** A stretch of a filled-in string and where it came from. */
interface Piece {
  readonly text: string;
  readonly source: TextRange;
  readonly isValue: boolean;
}

const REFERENCE = /\$?\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Strings at the paths of `literal` are left as they are. */
export function fillIn(
  raw: unknown,
  values: Parameters['values'],
  literal: ReadonlySet<string> = new Set(),
): Substitution {
  const problems: Problem[] = [];
  const pieces = new Map<string, readonly Piece[]>();

  const walk = (value: unknown, path: readonly (string | number)[]): unknown => {
    if (typeof value === 'string') return fillString(value, printPath(path));
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child, [...path, key])]));
  };

  const fillString = (text: string, path: string): ParameterValue => {
    if (!text.includes('${') || literal.has(path)) return text;
    const parts = split(text, values, (code, message, range) => problems.push({ code, message, path, range }));
    const only = parts.length === 1 ? parts[0] : undefined;
    if (only?.value !== undefined) return only.value;
    const list = parts.map(({ source, value, literal }) => ({
      text: value === undefined ? literal : String(value),
      source,
      isValue: value !== undefined,
    }));
    pieces.set(path, list);
    return list.map((piece) => piece.text).join('');
  };

  return {
    value: walk(raw, []),
    problems,
    toSource: (path, range) => {
      const list = pieces.get(path);
      return list === undefined ? range : sourceRange(list, range);
    },
  };
}

interface Part {
  readonly source: TextRange;
  readonly literal: string;
  /** Of a reference that has one. */
  readonly value?: ParameterValue;
}

function split(
  text: string,
  values: Parameters['values'],
  report: (code: Problem['code'], message: string, range: TextRange) => void,
): Part[] {
  const parts: Part[] = [];
  let done = 0;
  const literal = (end: number): void => {
    if (end > done) parts.push({ source: { start: done, end }, literal: text.slice(done, end) });
    done = end;
  };
  REFERENCE.lastIndex = 0;
  for (let match = REFERENCE.exec(text); match !== null; match = REFERENCE.exec(text)) {
    const [whole, name = '', closing] = match;
    literal(match.index);
    if (whole.startsWith('$$')) {
      done = match.index + '$${'.length;
      parts.push({ source: { start: match.index, end: done }, literal: '${' });
      REFERENCE.lastIndex = done;
      continue;
    }
    const range = { start: match.index, end: match.index + whole.length };
    const value = values.get(name);
    if (closing === '') report('MR1602', say`the parameter reference is not closed: "}" is missing`, range);
    else if (!NAME.test(name))
      report('MR1602', say`"${name}" is not a parameter name; write "$\${" for a plain "\${"`, range);
    else if (value === undefined) report('MR1601', unknownParameter(name, values), range);
    else {
      parts.push({ source: range, literal: '', value });
      done = range.end;
    }
  }
  literal(text.length);
  return parts;
}

function unknownParameter(name: string, values: Parameters['values']): string {
  const known = [...values.keys()].join(', ');
  return say`parameter "${name}" has no value; ${known === '' ? say`the document defines none` : say`defined are ${known}`}`;
}

function sourceRange(pieces: readonly Piece[], range: TextRange): TextRange {
  let at = 0;
  let start: number | null = null;
  let end: number | null = null;
  for (const piece of pieces) {
    const next = at + piece.text.length;
    const isInside = (offset: number): boolean => offset >= at && offset <= next;
    if (isInside(range.start) && (range.start < next || start === null)) {
      start = piece.isValue ? piece.source.start : piece.source.start + (range.start - at);
    }
    if (isInside(range.end) && (range.end > at || end === null)) {
      end = piece.isValue ? piece.source.end : piece.source.start + (range.end - at);
    }
    at = next;
  }
  const last = pieces.at(-1)?.source.end ?? 0;
  return { start: start ?? last, end: end ?? last };
}
