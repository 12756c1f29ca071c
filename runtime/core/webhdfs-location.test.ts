import { describe, expect, it } from 'vitest';
import { isUrl, parseWebHdfsLocation } from './webhdfs-location.ts';

describe('the location of a folder in an HDFS', () => {
  it.each([
    ['webhdfs://nn:9870/a/b?user.name=me', { nameNodes: ['nn:9870'], folder: '/a/b', user: 'me' }],
    [
      'webhdfs://nn-1.example,nn-2.example:50070/a/',
      { nameNodes: ['nn-1.example:9870', 'nn-2.example:50070'], folder: '/a', user: null },
    ],
    [
      'webhdfs://[::1]:9870/with%20space?user.name=a%40b',
      { nameNodes: ['[::1]:9870'], folder: '/with space', user: 'a@b' },
    ],
    ['webhdfs://nn', { nameNodes: ['nn:9870'], folder: '', user: null }],
  ])('%s', (url, expected) => expect(parseWebHdfsLocation(url)).toEqual(expected));

  it.each([
    '/folder',
    'hdfs://nn:8020/a',
    'webhdfs:///a',
    'webhdfs://nn:port/a',
    'webhdfs://nn,/a',
    'webhdfs://me@nn:9870/a',
    'webhdfs://nn:9870/a b',
    'webhdfs://nn:9870/100%',
    'webhdfs://nn:9870/a?user=me',
    'webhdfs://nn:9870/a#b',
  ])('is not: %s', (url) => expect(parseWebHdfsLocation(url)).toBeNull());

  it('is told from a folder here', () => {
    expect(['webhdfs://nn/a', 's3://bucket', '/a', 'a', 'C:\\a', 'C:/a', './a://b'].map(isUrl)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
