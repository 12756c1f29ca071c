import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StreamError } from '../../core/errors.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { NodeFileIo } from './node-file-io.ts';

describe('NodeFileIo', () => {
  const files = new NodeFileIo();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-files-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('lists a file, a folder without its dot files and subfolders, and a glob, by name', () => {
    for (const name of ['b.csv', 'a.csv', 'c.txt', '.hidden.csv']) writeFileSync(join(folder, name), '');
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep', 'd.csv'), '');
    const names = (path: string) => files.list(join(folder, path)).map((found) => found.slice(folder.length + 1));
    expect(names('a.csv')).toEqual(['a.csv']);
    expect(names('.')).toEqual(['a.csv', 'b.csv', 'c.txt']);
    expect(names('*.csv')).toEqual(['a.csv', 'b.csv']);
    expect(names('**/*.csv')).toEqual(['a.csv', 'b.csv', join('deep', 'd.csv')]);
    expect(names('.hid*')).toEqual(['.hidden.csv']);
    expect(names('none.csv')).toEqual([]);
    expect(names('none/*.csv')).toEqual([]);
  });

  it('takes folders whose names look like globs by their names', () => {
    mkdirSync(join(folder, 'run [1]'));
    writeFileSync(join(folder, 'run [1]', 'a.csv'), '');
    expect(files.list(join(folder, 'run [1]', '*.csv'))).toEqual([join(folder, 'run [1]', 'a.csv')]);
  });

  it('appends, reads parts, cuts, renames and removes', () => {
    const path = join(folder, 'new', 'out.txt');
    const writer = files.openAppend(path);
    writer.write(encodeUtf8('hello '));
    writer.write(encodeUtf8('world'));
    writer.sync();
    expect(writer.size).toBe(11);
    writer.close();
    expect(files.openAppend(path).size).toBe(11);
    const into = new Uint8Array(4);
    expect([files.read(path, 9, into), decodeUtf8(into.subarray(0, 2)), files.read(path, 11, into)]).toEqual([
      2,
      'ld',
      0,
    ]);
    files.truncate(path, 5);
    expect(decodeUtf8(files.readAll(path))).toBe('hello');
    files.rename(path, join(folder, 'moved'));
    expect([
      files.exists(path),
      readFileSync(join(folder, 'moved'), 'utf8'),
      files.size(join(folder, 'moved')),
    ]).toEqual([false, 'hello', 5]);
    files.remove(join(folder, 'moved'));
    files.remove(join(folder, 'moved'));
    expect(files.exists(join(folder, 'moved'))).toBe(false);
  });

  it('says what can be done when a file cannot be read', () => {
    const error = failure(() => files.readAll(join(folder, 'none')));
    expect([error.code, error.retryable, error.remedy]).toEqual([
      'MR2101',
      false,
      'Check the path: relative ones start at the folder of the document.',
    ]);
    expect(failure(() => files.read(folder, 0, new Uint8Array(1))).code).toBe('MR2101');
  });

  it('says what can be done when a file cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const error = failure(() => files.openAppend(join(folder, 'file', 'below')));
    expect([error.code, error.domain, error.retryable]).toEqual(['MR2102', 'external', false]);
    expect(error.remedy).toContain('a part of it is a file');
    expect(failure(() => files.rename(join(folder, 'none'), join(folder, 'x'))).code).toBe('MR2102');
  });

  it.runIf(process.platform === 'linux')('names a full disk, which a retry may find mended', () => {
    // Every write to /dev/full fails with ENOSPC.
    symlinkSync('/dev/full', join(folder, 'full'));
    const writer = files.openAppend(join(folder, 'full'));
    const error = failure(() => writer.write(encodeUtf8('x')));
    expect([error.code, error.retryable]).toEqual(['MR2102', true]);
    expect(error.remedy).toContain('disk is full');
    writer.close();
  });
});

function failure(action: () => unknown): StreamError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(StreamError);
    return error as StreamError;
  }
  throw new Error('it did not fail');
}
