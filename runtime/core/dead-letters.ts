/** Rows that a source could not read, or a sink's server refuses: kept until their text is mended, which is then read in their place. */
import type { NodeId } from './ids.ts';

export interface DeadLetter {
  /** The file, or the other side of a connection. */
  readonly origin: string;
  /** Its first line there, from 1; 0 where there are no lines. */
  readonly line: number;
  readonly reason: string;
  /** Its text; of a very long one the beginning. */
  readonly raw: string;
  /** How often it was replayed as it is, and rejected again. */
  readonly again: number;
}

/**
 * At an operator: the text to read in place of `raw`, wherever that is rejected at this place. It stands until it is taken back: a row that is kept is
 * read at once, one that comes again after a restart, or in the next run, when it comes. So it does not matter what of it a checkpoint holds.
 * With `text` equal to `raw` the row is replayed as it is, since what refused it may have been mended.
 */
export interface Mend extends Pick<DeadLetter, 'origin' | 'line' | 'raw'> {
  readonly nodeId: NodeId;
  readonly text: string;
  /** How often a row is replayed as it is; 0 where the text is another one. */
  readonly again: number;
}

/** What an operator keeps of its rejected rows, in its state. */
export interface DeadLetters {
  /** Changes whenever `kept` or `lost` do. */
  readonly version: number;
  /** Oldest first. */
  readonly kept: readonly DeadLetter[];
  /** Rows that were let go to make room, since the last (re)start. */
  readonly lost: number;
  /** The mends that stand from now on, in place of those before. They are read when the operator is next polled or woken. */
  mend(mends: readonly Mend[]): void;
}

/** The same for two rows that a mend does not tell apart. */
export function letterKey({ origin, line, raw }: Pick<DeadLetter, 'origin' | 'line' | 'raw'>): string {
  return `${origin}\n${line}\n${raw}`;
}

/** Whether the mend, which is of its text and place, has a kept row read. One that changes nothing does as often as was asked: else it would for ever. */
export function isDue(mend: Mend, letter: DeadLetter): boolean {
  return mend.text !== letter.raw || mend.again > letter.again;
}

/** `mends` with one more. One whose text it mends leads to its text at once: what is rejected is mended in one step. */
export function withMend(mends: readonly Mend[], mend: Mend): readonly Mend[] {
  const isOfSamePlace = (one: Mend): boolean =>
    one.nodeId === mend.nodeId && one.origin === mend.origin && one.line === mend.line;
  const others = mends.filter((one) => !(isOfSamePlace(one) && one.raw === mend.raw));
  return [
    ...others.map((one) => (isOfSamePlace(one) && one.text === mend.raw ? { ...one, text: mend.text } : one)),
    mend,
  ];
}
