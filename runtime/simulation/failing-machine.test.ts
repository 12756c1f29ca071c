import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { Draw } from './draw.ts';
import { FailingMachine, FileFailed, MachineDied, type MachineOptions } from './failing-machine.ts';

function machine(disk: MemoryFiles, options: Partial<MachineOptions> = {}): FailingMachine {
  return new FailingMachine(disk, {
    draw: new Draw(1),
    readBytes: 0,
    fileMs: 0,
    dieAtOperation: 0,
    failAtOperation: 0,
    elapse: () => undefined,
    ...options,
  });
}

describe('a failing machine', () => {
  it('loses what was not synced, and nothing that was', () => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const disk = new MemoryFiles();
      const files = machine(disk, { draw: new Draw(seed) });
      const writer = files.openAppend('/a');
      writer.write(encodeUtf8('safe'));
      writer.sync();
      writer.write(encodeUtf8('lost'));
      files.rename('/a', '/b');
      files.die();
      expect(disk.text('/b')).toBe('safelost'.slice(0, disk.size('/b')));
      kept.add(disk.size('/b'));
      expect(() => files.exists('/b')).toThrow(MachineDied);
    }
    expect([...kept].sort()).toEqual([4, 5, 6, 7, 8]);
  });

  it('dies in the operation it is told to, before it is done', () => {
    const disk = new MemoryFiles();
    disk.write('/a', '1');
    const files = machine(disk, { dieAtOperation: 2 });
    files.size('/a');
    expect(() => files.remove('/a')).toThrow(MachineDied);
    expect([disk.exists('/a'), files.isDead]).toEqual([true, true]);
  });

  it('fails in the operation it is told to, and goes on', () => {
    const files = machine(new MemoryFiles(), { failAtOperation: 1 });
    expect(() => files.exists('/a')).toThrow(FileFailed);
    expect(files.exists('/a')).toBe(false);
  });

  it('reads a few bytes at a time, takes its time, and tells of changes that others see', () => {
    const disk = new MemoryFiles();
    disk.write('/a', '0123456789');
    let elapsed = 0;
    const files = machine(disk, { readBytes: 3, fileMs: 5, elapse: (ms) => (elapsed += ms) });
    let text = '';
    const chunk = new Uint8Array(10);
    for (let read = 1; read > 0; text += decodeUtf8(chunk.subarray(0, read))) {
      read = files.read('/a', text.length, chunk);
      expect(read).toBeLessThanOrEqual(3);
    }
    expect(text).toBe('0123456789');
    expect(elapsed).toBeGreaterThan(0);
    files.openAppend('/.hidden').write(encodeUtf8('x'));
    expect(files.visibleChanges).toBe(0);
    files.rename('/.hidden', '/shown');
    expect(files.visibleChanges).toBe(1);
  });
});
