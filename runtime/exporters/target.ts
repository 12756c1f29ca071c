/** A system that pipelines are exported to: the seam between the frame and the targets, each a folder here, listed in `targets.ts`. */
import type { Remark } from '../core/exporter.ts';
import type { NodeId } from '../core/ids.ts';
import type { ExportGraph } from './export-graph.ts';
import type { PartLosses } from './loss-report.ts';

export interface ExportedFile {
  /** Relative to the folder of the export, with `/`. */
  readonly path: string;
  readonly text: string;
  /** For the list in README.md: a phrase. */
  readonly about: string;
}

/** Something that the job needs beside the target itself. */
export interface Dependency {
  /** Maven coordinates or a name of PyPI, without the version. */
  readonly name: string;
  readonly version: string;
  /** A phrase. */
  readonly why: string;
}

export interface Command {
  /** What it does: a sentence. */
  readonly about: string;
  /** For a POSIX shell, in the folder of the export. */
  readonly shell: string;
}

export interface Export {
  readonly losses: readonly PartLosses[];
  /** What concerns the whole job. */
  readonly remarks: readonly Remark[];
  /** The job. What is in it does not matter when a loss is `impossible`: nothing is written then. */
  readonly files: readonly ExportedFile[];
  readonly dependencies: readonly Dependency[];
  readonly commands: readonly Command[];
  /** What each node of the graph is called in the files: tables, views, bolts. */
  readonly names: ReadonlyMap<NodeId, readonly string[]>;
}

export interface Target {
  /** As `export --to` names it. */
  readonly id: string;
  readonly label: string;
  /** Version of the system that the files are for; null: there is none. */
  readonly version: string | null;
  /** `base`: name for files, of letters, digits and dashes. Pure; never throws for what a user did. */
  export(graph: ExportGraph, base: string): Export;
  /** Why no operator of the type can be told, however it is configured: for lists of operators. Null: that depends, or nothing stands against it. */
  refuses?(type: string): string | null;
}
