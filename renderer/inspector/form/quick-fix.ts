/** Remedies inside a config that one click can bring about. */
import type { Diagnostic } from '../../../runtime/core/diagnostics.ts';
import { parsePath, type ConfigPath } from './config-path.ts';

export interface QuickFix {
  readonly kind: 'replace' | 'remove';
  /** What it puts in. */
  readonly text: string;
  readonly path: ConfigPath;
  /** The new value at `path`; undefined takes the key away. */
  readonly value: string | undefined;
}

/** `value` is what stands at the diagnostic's path now. Null when a person has to decide. */
export function quickFix(problem: Diagnostic, value: unknown): QuickFix | null {
  if (problem.path === undefined) return null;
  const path = parsePath(problem.path);
  if (problem.code === 'MR1202') return { kind: 'remove', text: String(path.at(-1) ?? ''), path, value: undefined };
  const { suggestion, range } = problem;
  if (suggestion === undefined || typeof value !== 'string') return null;
  const replaced = range === undefined ? suggestion : value.slice(0, range.start) + suggestion + value.slice(range.end);
  return { kind: 'replace', text: suggestion, path, value: replaced };
}
