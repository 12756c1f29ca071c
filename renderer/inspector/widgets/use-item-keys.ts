import { useRef } from 'react';

let next = 0;

/** A key per item of a list whose items have no identity: it stays with the item that is moved, so that its input keeps focus and cursor. */
export function useItemKeys(length: number): {
  readonly keys: readonly number[];
  readonly move: (from: number, to: number) => void;
  readonly remove: (at: number) => void;
} {
  const ref = useRef<number[]>([]);
  while (ref.current.length < length) ref.current.push(next++);
  ref.current.length = length;
  return {
    keys: ref.current,
    move: (from, to) => {
      const [key] = ref.current.splice(from, 1);
      if (key !== undefined) ref.current.splice(to, 0, key);
    },
    remove: (at) => {
      ref.current.splice(at, 1);
    },
  };
}
