import { describe, expect, it } from 'vitest';
import { settingsSchema } from './settings.ts';

describe('settings.checkpoint', () => {
  it.each([
    {},
    { storage: 'file' },
    { path: '../state' },
    { storage: 'webhdfs', path: 'webhdfs://namenode:9870/state?user.name=me' },
  ])('may be %j', (checkpoint) => {
    expect(settingsSchema.parse({ checkpoint }).checkpoint).toMatchObject({ storage: 'file', ...checkpoint });
  });

  it.each([
    [{ storage: 'webhdfs' }, /takes a URL like webhdfs:/],
    [{ storage: 'webhdfs', path: '/state' }, /takes a URL like webhdfs:/],
    [{ storage: 'webhdfs', path: 'hdfs://namenode:8020/state' }, /takes a URL like webhdfs:/],
    [{ path: 'webhdfs://namenode:9870/state' }, /set storage to "webhdfs"/],
  ])('may not be %j', (checkpoint, message) => {
    const { error } = settingsSchema.safeParse({ checkpoint });
    expect(error?.issues).toEqual([
      expect.objectContaining({ path: ['checkpoint', 'path'], message: expect.stringMatching(message) as string }),
    ]);
  });
});
