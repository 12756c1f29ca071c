import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { say } from '../../core/say.ts';
import { BIGINT, INT, STRING } from '../../core/types.ts';
import { encodeUtf8 } from '../../core/utf8.ts';
import { declare, takes, unsupported, type FunctionSpec } from './declare.ts';

type Digest = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;

const SHA2: Readonly<Record<number, Digest>> = { 224: sha224, 256: sha256, 384: sha384, 512: sha512 };

function digest(
  name: string,
  hash: Digest,
  what: string,
  spark: string | ((args: readonly string[]) => string),
  shown: string,
): FunctionSpec {
  return declare('hash', {
    name,
    signatures: [takes({ text: STRING }, STRING)],
    doc: `The ${what} hash of the text's UTF-8 bytes, in hexadecimal digits.`,
    example: [`LEFT(${name}('abc'), 8)`, `'${shown}'`],
    evaluate: (text: string) => bytesToHex(hash(encodeUtf8(text))),
    spark,
  });
}

function sparkSha2(bits: number): (args: readonly string[]) => string {
  return ([text]) => `sha2(${text}, ${bits})`;
}

export const HASH_FUNCTIONS: readonly FunctionSpec[] = [
  digest('MD5', md5, 'MD5', 'md5', '90015098'),
  digest('SHA1', sha1, 'SHA-1', 'sha1', 'a9993e36'),
  digest('SHA224', sha224, 'SHA-224', sparkSha2(224), '23097d22'),
  digest('SHA256', sha256, 'SHA-256', sparkSha2(256), 'ba7816bf'),
  digest('SHA384', sha384, 'SHA-384', sparkSha2(384), 'cb00753f'),
  digest('SHA512', sha512, 'SHA-512', sparkSha2(512), 'ddaf35a1'),
  declare('hash', {
    name: 'SHA2',
    signatures: [takes({ text: STRING, bits: INT }, STRING, 'always')],
    doc: 'The SHA-2 hash of 224, 256, 384 or 512 bits, in hexadecimal digits; NULL for another number of bits.',
    example: ["SHA2('abc', 256) = SHA256('abc')", 'TRUE'],
    evaluate: (text: string, bits: number) => {
      const hash = SHA2[bits];
      return hash === undefined ? null : bytesToHex(hash(encodeUtf8(text)));
    },
  }),
  declare('hash', {
    name: 'CRC32',
    signatures: [takes({ text: STRING }, BIGINT)],
    doc: "The CRC-32 checksum of the text's UTF-8 bytes.",
    example: ["CRC32('123456789')", 'CAST(3421780262 AS BIGINT)'],
    evaluate: (text: string) => BigInt(crc32(encodeUtf8(text))),
    flink: unsupported(say`Flink SQL has no CRC32`),
  }),
];

/** IEEE 802.3's polynomial, bits reversed. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
