/** What every `FileStore` does. */
import { expect, it } from 'vitest';
import { FileStoreError, type FileStore } from '../engine/checkpoint/file-store.ts';

/** `open` gives a store of a folder that is not there yet. */
export function fileStoreContract(open: (name: string) => FileStore): void {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const text = async (files: FileStore, path: string): Promise<string | null> => {
    const found = await files.read(path);
    return found === null ? null : new TextDecoder().decode(found);
  };

  it('finds nothing where nothing is', async () => {
    const files = open('nothing');
    expect([await files.list(''), await files.list('a'), await files.exists('a'), await files.read('a/b')]).toEqual([
      [],
      [],
      false,
      null,
    ]);
    await files.remove('a');
  });

  it('reads what was written, and lists it', async () => {
    const files = open('writes');
    await files.write('a/one', bytes('1'));
    await files.write('a/empty', new Uint8Array());
    await files.write('b/two', bytes('2'));
    await files.write('b/two', bytes('second'));
    expect([await text(files, 'a/one'), await text(files, 'a/empty'), await text(files, 'b/two')]).toEqual([
      '1',
      '',
      'second',
    ]);
    expect([(await files.list('')).sort(), (await files.list('a')).sort()]).toEqual([
      ['a', 'b'],
      ['empty', 'one'],
    ]);
    expect([await files.exists('a'), await files.exists('a/one'), await files.exists('a/two')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each(['a b', 'a%2Fb', '100%', 'a;b=c&d', 'ä+é', "it's", 'a#b'])('takes the name %s', async (name) => {
    const files = open('names');
    await files.write(`${name}/${name}.part`, bytes(name));
    await files.rename(`${name}/${name}.part`, `${name}/${name}`);
    expect([await text(files, `${name}/${name}`), await files.list(name)]).toEqual([name, [name]]);
  });

  it('keeps every byte of a large file', async () => {
    const files = open('large');
    const large = Uint8Array.from({ length: 5_000_003 }, (_, i) => (i * 2_654_435_761) >>> 24);
    await files.write('large', large);
    expect(Buffer.compare((await files.read('large'))!, large)).toBe(0);
  });

  it('renames, in place of what was there', async () => {
    const files = open('renames');
    await files.write('new', bytes('new'));
    await files.write('a/old', bytes('old'));
    await files.rename('new', 'a/old');
    expect([await text(files, 'a/old'), await files.exists('new')]).toEqual(['new', false]);
    await expect(files.rename('new', 'a/old')).rejects.toThrow(FileStoreError);
  });

  it('removes a file, or a folder with all that is in it', async () => {
    const files = open('removes');
    for (const path of ['a/b/one', 'a/b/two', 'a/three']) await files.write(path, bytes(path));
    await files.remove('a/b');
    expect([await files.list('a'), await files.exists('a/b/one')]).toEqual([['three'], false]);
    await files.remove('a/three');
    await files.remove('a/three');
    expect(await files.list('a')).toEqual([]);
  });
}
