import type { Diagnostic } from '../../runtime/core/diagnostics.ts';

/** What is wrong after a change and was not before. Names differ, so messages cannot be compared: as many of a code at a node are the same ones. */
export function newProblems(before: readonly Diagnostic[], after: readonly Diagnostic[]): readonly Diagnostic[] {
  const left = new Map<string, number>();
  for (const one of before) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return after.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}

function keyOf({ code, nodeId, path }: Diagnostic): string {
  return JSON.stringify([code, nodeId, path]);
}
