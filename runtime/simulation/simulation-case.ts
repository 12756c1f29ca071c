/** One run of a job in a simulation, as plain data: a pipeline, its input and what happens to it. Equal case, equal run. */

export interface SimulationCase {
  /** A pipeline document, as in a file. Paths in it are relative to `/job`. */
  readonly document: CaseDocument;
  /** Lines of the input files, by absolute path. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly schedule: Schedule;
}

export const BASE_FOLDER = '/job';

/** What a drawn document holds; the rest has its defaults. */
export interface CaseDocument {
  readonly format: 'millrace/pipeline';
  readonly version: 1;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly nodes: readonly CaseNode[];
  readonly edges: readonly CaseEdge[];
}

export interface CaseNode {
  readonly id: string;
  readonly type: string;
  readonly parallelism?: number;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface CaseEdge {
  readonly from: string;
  readonly fromPort?: string;
  readonly to: string;
  readonly toPort?: string;
}

export interface Schedule {
  /** Of interleavings, delays, checkpoints: of everything that is drawn while the job runs. */
  readonly seed: number;
  /** The job from start to death, again and again; the last attempt comes to the end. */
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  /** Subtasks of nodes in this attempt, where not as the document says. */
  readonly parallelism: Readonly<Record<string, number>>;
  /** From the end of the attempt before to its start; negative when the clock was set back meanwhile. */
  readonly downMs: number;
  /** How many completed checkpoints before the newest it starts from: newer ones are taken to be damaged. */
  readonly checkpointsBack: number;
  readonly end: AttemptEnd;
  /** A checkpoint is triggered at about every so many steps; 0 = only at the end. */
  readonly checkpointEvery: number;
  /** Of those, how many are savepoints. */
  readonly savepointShare: number;
  /** A checkpoint under way is given up at about every so many steps; 0 = never. */
  readonly abandonEvery: number;
  /** About every so many steps (0 = never) a task is held back for up to `stallSteps`. */
  readonly stallEvery: number;
  readonly stallSteps: number;
  /** Most virtual time that goes by with a step, in ms; with 0 time moves only when nothing else can. */
  readonly tickMs: number;
  /** Most bytes that a read gives at once; 0 = all that is asked for. */
  readonly readBytes: number;
  /** Most virtual time that a file operation takes, in ms. */
  readonly fileMs: number;
}

/**
 * How an attempt ends, if the job has not ended by then. `finish`: with its input. `stop`: by a final checkpoint after so many steps,
 * as by SIGTERM. `error`: the n-th file operation fails, and the job with it. All others are the machine's death, and what was not
 * synced is lost: after so many steps from the start, from a checkpoint's trigger (the n-th of the attempt, from 1) or from its
 * completion, before the commits; or in the n-th file operation.
 */
export type AttemptEnd =
  | { readonly at: 'finish' }
  | { readonly at: 'stop' | 'step'; readonly steps: number }
  | { readonly at: 'triggered' | 'completed'; readonly checkpoint: number; readonly steps: number }
  | { readonly at: 'file' | 'error'; readonly operations: number };

/** The document as an attempt runs it. */
export function documentOf({ document }: SimulationCase, { parallelism }: Attempt): CaseDocument {
  const nodes = document.nodes.map((node) => {
    const subtasks = parallelism[node.id];
    return subtasks === undefined ? node : { ...node, parallelism: subtasks };
  });
  return { ...document, nodes };
}
