/** What is run here and on a real engine, and compared. */
import type { Row } from '../../comparison/engine.ts';
import type { PipelineDocument } from '../../graph/index.ts';

export interface Case {
  /** `template clicks`, `nexmark q7`, `operator dedup`, `semantics late rows`. */
  readonly name: string;
  readonly document: PipelineDocument;
  readonly params?: Readonly<Record<string, string>>;
  /** Absolute; paths in the document are resolved against it. */
  readonly baseFolder: string;
  /** Text by name, for files that the document reads; they are written into its folder first, which is then a fresh one. */
  readonly files?: Readonly<Record<string, string>>;
  /** Late rows are late, as its sources say; otherwise none is, so that results do not depend on how fast sources are. */
  readonly isLateAllowed?: boolean;
  /** Its sources are what it is about: they run as they are, and no recorded files in their place. */
  readonly keepsSources?: boolean;
  /** What of the rows is compared, of sinks whose rows depend on the clock; all unless given. */
  readonly compared?: Readonly<Record<string, (rows: readonly Row[]) => readonly Row[]>>;
}
