import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { NodeId } from './ids.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Characters `[start, end)` of the text at a diagnostic's `path`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Names an edge by its ends, ports included. */
export interface EdgeRef {
  readonly from: string;
  readonly fromPort: string;
  readonly to: string;
  readonly toPort: string;
}

/** An operator that mends a problem when it is put into an edge, with the config it needs there. */
export interface Insertion {
  readonly edge: EdgeRef;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** An operator that mends a problem when it reads an output that nothing reads. */
export interface Addition {
  readonly from: NodeId;
  readonly fromPort: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A part of the node's config that mends a problem when it is taken out. */
export interface Removal {
  /** In the config: `fields[2]`. */
  readonly path: string;
  /** What the part is called. */
  readonly name: string;
}

/** A value that mends a problem when it is set in the node. */
export interface Setting {
  /** In the node: `config.eventTime.idleTimeoutMs`, `parallelism`. */
  readonly path: string;
  /** As the document writes it. */
  readonly value: unknown;
}

/** What is wrong (or doubtful) in a document, and where: a value, never an exception. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable; its meaning and remedy are in diagnostic-codes.ts. */
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly nodeId?: NodeId;
  readonly edge?: EdgeRef;
  /** Config key inside the node, or place in the document: `aggregates[1].expr`, `settings.parallelism`. */
  readonly path?: string;
  readonly range?: TextRange;
  /** What was probably meant: belongs in place of `range`, or of the whole value at `path`. */
  readonly suggestion?: string;
  readonly insertion?: Insertion;
  readonly addition?: Addition;
  readonly removal?: Removal;
  readonly setting?: Setting;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
