/** Python as people write it: text literals, and chains of calls with a line for each where one would be long. */
import type { PythonCall, PythonChain } from '../../../core/exporter.ts';

/** Columns that a line may have. */
const WIDTH = 100;

export function call(method: string, ...args: readonly string[]): PythonCall {
  return { method, args };
}

export function attribute(method: string): PythonCall {
  return { method, args: null };
}

export function chain(start: string, ...calls: readonly PythonCall[]): PythonChain {
  return { start, calls };
}

/** A literal: raw where it has backslashes, so that regular expressions stay readable. */
export function pythonText(text: string): string {
  const isPlain = /^[\x20-\x7e\u00a0-\ufffc]*$/.test(text) && !text.includes('"');
  if (isPlain && !text.includes('\\')) return `"${text}"`;
  if (isPlain && !text.endsWith('\\')) return `r"${text}"`;
  if (/^[^'\\\x00-\x1f]*$/.test(text)) return `'${text}'`;
  const escaped = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (character === '\n') return '\\n';
    const code = character.codePointAt(0)!;
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  });
  return `"${escaped.join('')}"`;
}

/** One that may be given as Python would show it. */
export function option(name: string, value: string | number | boolean): PythonCall {
  const text = typeof value === 'string' ? pythonText(value) : typeof value === 'number' ? String(value) : value ? 'True' : 'False'; // prettier-ignore
  return call('option', pythonText(name), text);
}

/** Comment lines; none for no text. */
export function comment(lines: readonly string[]): string {
  return lines.flatMap((line) => wrapped(line, WIDTH - 2)).map((line) => `# ${line}`.trimEnd() + '\n').join(''); // prettier-ignore
}

/** `name = chain`, or the chain alone. */
export function statement(name: string | null, value: PythonChain): string {
  const head = name === null ? '' : `${name} = `;
  const line = head + inlineChain(value);
  if (line.length <= WIDTH && value.calls.length <= 4) return `${line}\n`;
  const calls = value.calls.map((one) => `    ${laidOut(one)}\n`);
  return `${head}(\n    ${value.start}\n${calls.join('')})\n`;
}

/** On one line. */
export function inlineChain({ start, calls }: PythonChain): string {
  return start + calls.map(inline).join('');
}

function inline({ method, args }: PythonCall): string {
  return args === null ? `.${method}` : `.${method}(${args.join(', ')})`;
}

/** In four columns. */
function laidOut(one: PythonCall): string {
  const line = inline(one);
  if (one.args === null || one.args.length === 0 || line.length + 4 <= WIDTH) return line;
  const lines = one.args.map((arg) => `        ${brokenText(arg)},\n`);
  return `.${one.method}(\n${lines.join('')}    )`;
}

/** A long literal as several, one after the other, which Python reads as one; broken before AND and OR, or at any space. */
function brokenText(arg: string): string {
  const [, prefix, text] = /^(r?)"(.*)"$/s.exec(arg) ?? [];
  if (text === undefined || text.includes('"') || arg.length + 9 <= WIDTH) return arg;
  const parts = wrapped(text, WIDTH - 12);
  if (parts.length < 2) return arg;
  return parts.map((part, i) => `${prefix}"${part}${i < parts.length - 1 ? ' ' : ''}"`).join('\n        ');
}

/** Lines of at most so many characters, where there are spaces to break at. */
function wrapped(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = lines.length === 0 && line === '' ? word : `${line} ${word}`;
      }
    }
    return [...lines, line];
  });
}
