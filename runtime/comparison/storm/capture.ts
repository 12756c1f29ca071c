/** Sinks whose rows are kept where they can be read. */
import path from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import { javaText } from '../../expression/index.ts';
import type { NamedClass } from '../../exporters/storm/java-class.ts';
import type { StormProgram } from '../../exporters/storm/program.ts';
import { columns } from '../../operators/shared/storm/java.ts';

/** The program as it is exported, but that rows of its sinks are kept where they can be read. */
export function captured(program: StormProgram, sinks: ReadonlyMap<NodeId, Schema>, scratch: string): StormProgram {
  const components = program.components.map((component) => {
    const schema = sinks.get(component.node);
    if (schema === undefined) return component;
    const { name, comment } = component.class;
    const capture: NamedClass = { name, comment, base: 'CaptureBolt', args: [javaText(captureFile(scratch, component.node)), columns(schema)] }; // prettier-ignore
    return { ...component, class: capture };
  });
  return { ...program, components };
}

export function captureFile(scratch: string, id: NodeId): string {
  return path.join(scratch, `${id}.captured`);
}
