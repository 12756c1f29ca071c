/** Small pieces of text. */
import type { Severity } from '../core/diagnostics.ts';
import type { CliIo } from './io.ts';

const COLOR: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36 };

/** All that colouring asks of its surroundings. */
export type Colors = Pick<CliIo, 'useColor'>;

export function paint(io: Colors, severity: Severity, text: string): string {
  return io.useColor ? `\u001b[${COLOR[severity]}m${text}\u001b[0m` : text;
}

/** `1 row`, `1,200 rows`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

export function printBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
