import type { DataType, Field } from './types.ts';

/** The fields of the rows on a port, in order. Names are unique. */
export interface Schema {
  readonly fields: readonly Field[];
}

/** What rows mean over time: only `+I`, or updates as well (`-U`, `+U`, `-D`). */
export type ChangelogMode = 'append' | 'update';

/** All that is known, before a run, of the stream that leaves an output port or reaches an input port. */
export interface StreamShape {
  readonly schema: Schema;
  /** Rows carry an event time and watermarks flow. */
  readonly eventTime: boolean;
  readonly changelog: ChangelogMode;
  /** The stream ends by itself. */
  readonly bounded: boolean;
}

export function schemaOf(fields: readonly Field[]): Schema {
  return { fields };
}

export function field(name: string, type: DataType, nullable = true): Field {
  return { name, type, nullable };
}

export function fieldIndex(schema: Schema, name: string): number {
  return schema.fields.findIndex((f) => f.name === name);
}
