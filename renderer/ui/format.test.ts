import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatEventTime,
  formatEventTimeFull,
  formatShare,
} from './format.ts';

describe('numbers as people read them', () => {
  it.each([
    [0, '0'],
    [7.25, '7.3'],
    [940, '940'],
    [1234, '1.23 k'],
    [82_449, '82.4 k'],
    [121_000, '121 k'],
    [999_950, '1 M'],
    [1_234_000, '1.23 M'],
    [2_500_000_000, '2.5 G'],
  ])('count %d is %s', (n, text) => expect(formatCount(n)).toBe(text));

  it.each([
    [512, '512 B'],
    [2048, '2 kB'],
    [39_950_000, '38.1 MB'],
    [1024 ** 3, '1 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0 ms'],
    [420, '420 ms'],
    [1840, '1.8 s'],
    [42_000, '42 s'],
    [125_000, '2 min 5 s'],
    [120_000, '2 min'],
    [11_400_000, '3 h 10 min'],
    [4 * 86_400_000, '4 d'],
  ])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('gives event time in UTC', () => {
    const at = Date.UTC(2026, 10, 22, 12, 4, 31, 204);
    expect([formatEventTime(at), formatEventTimeFull(at)]).toEqual(['12:04:31.2', '2026-11-22 12:04:31.204']);
  });

  it('gives shares in percent', () => expect(formatShare(0.744)).toBe('74 %'));
});
