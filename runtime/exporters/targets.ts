/** Every target there is. One more: its folder, and a line here. */
import { flinkSqlTarget } from './flink/target.ts';
import { jsonTarget } from './json/target.ts';
import { sparkTarget } from './spark/target.ts';
import { stormTarget } from './storm/target.ts';
import type { Target } from './target.ts';

export const targets: readonly Target[] = [flinkSqlTarget, jsonTarget, sparkTarget, stormTarget];

/** Null: there is none of that id. */
export function findTarget(id: string): Target | null {
  return targets.find((target) => target.id === id) ?? null;
}
