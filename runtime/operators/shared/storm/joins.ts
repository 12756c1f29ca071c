/** What bolts of joins have in common. */
import type { StormInput } from '../../../core/exporter.ts';
import type { JoinConfig } from '../joins/config.ts';
import { joinScope } from '../joins/infer.ts';
import { javaJoinCondition, listOf, method } from './java.ts';

/** Arguments of a constructor behind those of its own, and before the names of the fields. */
export function joinArgs({ on, kind }: JoinConfig, inputs: readonly StormInput[]): readonly string[] {
  const { left, right } = sides(inputs);
  return [
    `Kind.${kind.toUpperCase()}`,
    listOf(on.map((pair) => pair.left)),
    listOf(on.map((pair) => pair.right)),
    String(left.schema.fields.length),
    String(right.schema.fields.length),
  ];
}

export function joinMembers({ condition }: JoinConfig, inputs: readonly StormInput[]): readonly string[] {
  if (condition === null) return [];
  const { left, right } = sides(inputs);
  const text = javaJoinCondition(condition, joinScope(left.schema, right.schema));
  return [method('boolean matches(Row left, Row right)', `return ${text};`)];
}

function sides(inputs: readonly StormInput[]): { readonly left: StormInput; readonly right: StormInput } {
  const of = (port: string): StormInput => inputs.find((input) => input.port === port)!;
  return { left: of('left'), right: of('right') };
}
