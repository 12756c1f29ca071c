import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import { durationInAppLanguage, sayInAppLanguage } from '../app/i18n/said.ts';
import type { PipelineNode } from '../../runtime/graph/index.ts';

const MAX_LENGTH = 80;
const lastLines = new Map<string, string>();

/**
 * The line under a node's label: what its config comes to. While the config has errors it is the last one that could be said, so
 * that the line does not come and go with every key typed; null before the first.
 */
export function summaryLine(node: PipelineNode, spec: AnyOperatorSpec | null, config: unknown): string | null {
  const key = `${node.id} ${node.type}`;
  if (spec === null) return null;
  if (config !== null) {
    const line = durationInAppLanguage(spec.describe(config, sayInAppLanguage)).slice(0, MAX_LENGTH);
    lastLines.set(key, line);
    return line;
  }
  return lastLines.get(key) ?? null;
}
