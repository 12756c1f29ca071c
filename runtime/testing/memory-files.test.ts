import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../core/utf8.ts';
import { MemoryFiles } from './memory-files.ts';

function filesOf(...paths: readonly string[]): MemoryFiles {
  const files = new MemoryFiles();
  for (const path of paths) files.write(path, path);
  return files;
}

describe('MemoryFiles', () => {
  it.each([
    ['/in/a.csv', ['/in/a.csv']],
    ['/in', ['/in/a.csv', '/in/b.csv', '/in/c.json']],
    ['/in/*.csv', ['/in/a.csv', '/in/b.csv']],
    ['/in/?.{csv,json}', ['/in/a.csv', '/in/b.csv', '/in/c.json']],
    ['/in/**/*.csv', ['/in/a.csv', '/in/b.csv', '/in/deep/er/d.csv']],
    ['/none', []],
  ])('lists what %s names', (path, expected) => {
    const files = filesOf('/in/b.csv', '/in/a.csv', '/in/c.json', '/in/.hidden.csv', '/in/deep/er/d.csv', '/index.csv');
    expect(files.list(path)).toEqual(expected);
  });

  it('reads parts of a file, and nothing at its end', () => {
    const files = filesOf('/abc');
    const into = new Uint8Array(3);
    expect([files.read('/abc', 1, into), [...into]]).toEqual([3, [...encodeUtf8('abc')]]);
    expect([files.read('/abc', 3, into), files.read('/abc', 9, into)]).toEqual([1, 0]);
  });

  it('appends, cuts, renames and removes', () => {
    const files = new MemoryFiles();
    const writer = files.openAppend('/out/.part');
    writer.write(encodeUtf8('hello'));
    files.rename('/out/.part', '/out/part');
    writer.write(encodeUtf8(' world'));
    expect([writer.size, files.text('/out/part'), files.exists('/out')]).toEqual([11, 'hello world', true]);
    files.truncate('/out/part', 5);
    expect(files.text('/out/part')).toBe('hello');
    files.remove('/out/part');
    files.remove('/out/part');
    expect(files.paths()).toEqual([]);
  });

  it('fails as the real thing does', () => {
    const files = new MemoryFiles();
    expect(() => files.readAll('/none')).toThrow(expect.objectContaining({ code: 'MR2101' }));
    expect(() => files.rename('/none', '/some')).toThrow(expect.objectContaining({ code: 'MR2102' }));
  });
});
