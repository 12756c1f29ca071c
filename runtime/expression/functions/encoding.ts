/** Texts to bytes and back. */
import { parseBase64, printBase64 } from '../../core/base64.ts';
import { say } from '../../core/say.ts';
import { BYTES, STRING } from '../../core/types.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { cannotCompute } from '../operations.ts';
import { declare, takes, type ArgumentInfo, type FunctionSpec } from './declare.ts';

interface Charset {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

/** A byte a character; others become `?`, as in Java. */
function oneByte(limit: number): Charset {
  return {
    encode: (text) => Uint8Array.from([...text], (c) => (c.codePointAt(0)! < limit ? c.codePointAt(0)! : 0x3f)),
    decode: (bytes) => Array.from(bytes, (byte) => (byte < limit ? String.fromCharCode(byte) : '\ufffd')).join(''),
  };
}

function twoBytes(isLittle: boolean): Charset {
  return {
    encode: (text) => {
      const bytes = new Uint8Array(2 * text.length);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), isLittle);
      return bytes;
    },
    decode: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let text = '';
      for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode(view.getUint16(i, isLittle));
      return text;
    },
  };
}

/** Those that Flink and Spark both have and that write no byte order mark. */
const CHARSETS: Readonly<Record<string, Charset>> = {
  'UTF-8': { encode: encodeUtf8, decode: decodeUtf8 },
  'US-ASCII': oneByte(0x80),
  'ISO-8859-1': oneByte(0x100),
  'UTF-16BE': twoBytes(false),
  'UTF-16LE': twoBytes(true),
};

const KNOWN = Object.keys(CHARSETS).join(', ');

function charset(name: string): Charset {
  const found = CHARSETS[name.toUpperCase()];
  if (found === undefined) throw cannotCompute(say`${JSON.stringify(name)} is no character set; there are ${KNOWN}`);
  return found;
}

function checkCharset(args: readonly ArgumentInfo[]): { argument: number; message: string } | null {
  const name = args[1]?.literal;
  return typeof name !== 'string' || CHARSETS[name.toUpperCase()] !== undefined
    ? null
    : { argument: 1, message: say`${JSON.stringify(name)} is no character set; there are ${KNOWN}` };
}

/** As Flink: of an odd number of digits the first counts for nothing, and a zero byte stands for it. */
function bytesOfHex(text: string): Uint8Array | null {
  const digits = text.length % 2 === 0 ? text : `00${text.slice(1)}`;
  if (!/^[0-9a-f]*$/i.test(text)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export const ENCODING_FUNCTIONS: readonly FunctionSpec[] = [
  declare('string', {
    name: 'TO_BASE64',
    signatures: [takes({ text: STRING }, STRING)],
    doc: "The text's UTF-8 bytes in Base64.",
    example: ["TO_BASE64('hello')", "'aGVsbG8='"],
    evaluate: (text: string) => printBase64(encodeUtf8(text)),
    spark: 'base64',
  }),
  declare('string', {
    name: 'FROM_BASE64',
    signatures: [takes({ base64: STRING }, STRING, 'always')],
    doc: 'The text whose UTF-8 bytes are written in Base64; NULL when it is malformed (Flink fails then).',
    example: ["FROM_BASE64('aGVsbG8=')", "'hello'"],
    evaluate: (text: string) => {
      const bytes = parseBase64(text);
      return bytes === null ? null : decodeUtf8(bytes);
    },
    spark: ([text]) => `CAST(try_to_binary(${text}, 'base64') AS STRING)`,
  }),
  declare('string', {
    name: 'ENCODE',
    signatures: [takes({ text: STRING, charset: STRING }, BYTES)],
    doc: `The bytes of a text in a character set: ${KNOWN}.`,
    example: ["DECODE(ENCODE('é', 'ISO-8859-1'), 'ISO-8859-1')", "'é'"],
    evaluate: (text: string, name: string) => charset(name).encode(text),
    checkLiterals: checkCharset,
  }),
  declare('string', {
    name: 'DECODE',
    signatures: [takes({ bytes: BYTES, charset: STRING }, STRING)],
    doc: `The text of bytes in a character set: ${KNOWN}.`,
    example: ["DECODE(ENCODE('stream', 'UTF-16BE'), 'UTF-16BE')", "'stream'"],
    evaluate: (bytes: Uint8Array, name: string) => charset(name).decode(bytes),
    checkLiterals: checkCharset,
  }),
  declare('string', {
    name: 'UNHEX',
    signatures: [takes({ hex: STRING }, BYTES, 'always')],
    doc: 'The bytes that hexadecimal digits stand for; NULL when there are other characters.',
    example: ["DECODE(UNHEX('466C696E6B'), 'UTF-8')", "'Flink'"],
    evaluate: bytesOfHex,
  }),
];
