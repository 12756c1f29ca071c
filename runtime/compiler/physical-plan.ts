/** What the engine deploys: operators with all that was inferred, grouped into chains, joined by exchanges. Plain data: it crosses threads. */
import type { NodeId } from '../core/ids.ts';
import type { InputStream, WatermarkAlignment } from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import type { Settings } from '../graph/settings.ts';

export interface PhysicalPlan {
  readonly name: string;
  readonly settings: Settings;
  /** Absolute folder of the document: relative paths in config are resolved against it. */
  readonly baseFolder: string;
  /** In topological order. */
  readonly operators: readonly PhysicalOperator[];
  readonly links: readonly Link[];
  /** In topological order; every operator is in exactly one. */
  readonly chains: readonly Chain[];
  /** The document's composites: the plan has the operators they stand for, with ids that begin with theirs and `/`. */
  readonly composites: readonly Composite[];
}

export interface PhysicalOperator {
  readonly nodeId: NodeId;
  readonly type: string;
  readonly label: string;
  /** Checked config (`ConfigOf` the operator's spec), parameters filled in. */
  readonly config: unknown;
  readonly inputs: readonly InputStream[];
  readonly outputs: Readonly<Record<string, StreamShape>>;
  /** See `Traits.assignsWatermarks`. */
  readonly assignsWatermarks: boolean;
  /** See `Traits.watermarkAlignment`. */
  readonly watermarkAlignment: WatermarkAlignment | null;
}

/**
 * How rows get from one operator to the next. `chained`: a direct call. Between chains: `forward` (subtask i to subtask i),
 * `hash` (by key group of `keys`), `rebalance` (round robin), `broadcast` (to all), `single` (all to subtask 0).
 * `blocking` is `hash`, and the target may put rows aside until all have come (engine/blocking-exchange.ts).
 */
export type Exchange = 'chained' | 'forward' | 'hash' | 'blocking' | 'rebalance' | 'broadcast' | 'single';

export interface Link {
  readonly from: NodeId;
  readonly fromPort: string;
  readonly to: NodeId;
  readonly toPort: string;
  /** Index into the inputs of `to`. */
  readonly input: number;
  readonly exchange: Exchange;
  /** Field indexes of the key of `hash` and `blocking`; empty for other exchanges. */
  readonly keys: readonly number[];
}

/** Operators that run as one task per subtask. */
export interface Chain {
  /** Id of its first operator. */
  readonly id: NodeId;
  /** In topological order, the head first. A chain is a tree: each but the head has one chained input. */
  readonly operators: readonly NodeId[];
  readonly parallelism: number;
}

/** How a composite of the document lies in the plan. */
export interface Composite {
  readonly nodeId: NodeId;
  readonly label: string;
  /** Who reads each input port. */
  readonly inputs: readonly (OperatorPort & { readonly outerPort: string })[];
  /** Who writes each output port. */
  readonly outputs: readonly (OperatorPort & { readonly outerPort: string })[];
}

export interface OperatorPort {
  readonly nodeId: NodeId;
  readonly port: string;
}
