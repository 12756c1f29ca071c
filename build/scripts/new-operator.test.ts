import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operatorFolder } from '../../runtime/core/operator-folder.ts';
import { newOperator } from './new-operator.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const lists = ['catalog.ts', 'exporters.ts', 'runtimes.ts'].map((name) => join('runtime', 'operators', name));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-new-operator-'));
  for (const list of lists) cpSync(join(repository, list), join(root, list));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function addedLines(path: string): string[] {
  const before = readFileSync(join(repository, path), 'utf8').split('\n');
  return read(path)
    .split('\n')
    .filter((line) => !before.includes(line));
}

function syntaxErrors(path: string): string[] {
  const source = ts.transpileModule(read(path), { reportDiagnostics: true, fileName: path });
  return (source.diagnostics ?? []).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
}

function sortedBy(pattern: RegExp, path: string): boolean {
  const found = [...read(path).matchAll(pattern)].map((match) => match[1]!);
  return found.length > 1 && found.every((text, i) => i === 0 || found[i - 1]! < text);
}

describe('newOperator', () => {
  it('writes every file of an operator, each of them readable', async () => {
    const written = await newOperator(root, 'join.nearest');
    expect(written).toEqual([
      ...['spec.ts', 'runtime.ts', 'export.ts', 'docs.md', 'icon.svg', 'join-nearest.test.ts'].map((name) =>
        join('runtime', 'operators', 'join-nearest', name),
      ),
      ...lists,
    ]);
    expect(written.filter((path) => path.endsWith('.ts')).flatMap(syntaxErrors)).toEqual([]);
  });

  it('enters it in the lists', async () => {
    await newOperator(root, 'join.nearest');
    expect(lists.map(addedLines)).toEqual([
      ["import { joinNearestSpec } from './join-nearest/spec.ts';", "  'join.nearest': joinNearestSpec,"],
      ["import { joinNearestExport } from './join-nearest/export.ts';", "  'join.nearest': joinNearestExport,"],
      ["import { createJoinNearest } from './join-nearest/runtime.ts';", "  'join.nearest': createJoinNearest,"],
    ]);
  });

  it.each(['join.nearest', 'rowNumberer', 'my.rowNumberer'])(
    'puts %s where operators of that type are looked for',
    async (type) => {
      const [spec] = await newOperator(root, type);
      expect(spec).toBe(join('runtime', 'operators', operatorFolder(type), 'spec.ts'));
      expect(read(spec!)).toContain(`type: '${type}'`);
    },
  );

  it.each(['aaa', 'join.nearest', 'rowNumberer', 'zip'])('keeps the lists sorted with %s', async (type) => {
    await newOperator(root, type);
    for (const list of lists) {
      expect(sortedBy(/from '(\.\/[^']+)'/g, list)).toBe(true);
      expect(sortedBy(/^ {2}'?([a-zA-Z0-9.]+)'?: \w+,$/gm, list)).toBe(true);
    }
  });

  it('refuses a type that is there, and what is no type', async () => {
    await newOperator(root, 'zip');
    await expect(newOperator(root, 'zip')).rejects.toThrow('there already');
    await expect(newOperator(root, 'Zip It')).rejects.toThrow('is no operator type');
  });
});
