import type { Diagnostic, Severity } from '../../runtime/core/diagnostics.ts';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Errors first; the order of the document within. What the host refused besides (`refused`) is added once. */
export function bySeverity(validated: readonly Diagnostic[], refused: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const all = [...validated, ...refused].filter((one) => {
    const text = JSON.stringify([one.code, one.message, one.nodeId, one.edge, one.path]);
    return seen.has(text) ? false : seen.add(text);
  });
  return all.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

export function countBySeverity(diagnostics: readonly Diagnostic[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const one of diagnostics) counts[one.severity]++;
  return counts;
}

/** `Suspicious · Condition`, `Clicks → Per minute`, `Parallelism`. */
export function placeText(
  problem: Diagnostic,
  nameOf: (id: string) => string,
  placeOf: (nodeId: string | null, path: string) => string,
): string {
  const { nodeId, edge, path } = problem;
  if (nodeId !== undefined) return [nameOf(nodeId), ...(path === undefined ? [] : [placeOf(nodeId, path)])].join(' · ');
  if (edge !== undefined) return `${nameOf(edge.from)} → ${nameOf(edge.to)}`;
  return path === undefined ? '' : placeOf(null, path);
}
