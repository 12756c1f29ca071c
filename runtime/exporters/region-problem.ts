/** Why a part of a graph is no query. */
import type { NodeId } from '../core/ids.ts';

export type RegionProblem =
  /** Nothing is chosen. */
  | { readonly reason: 'empty' }
  /** The node has errors, or what it reads has. */
  | { readonly reason: 'errors'; readonly node: NodeId }
  /** Rows leave by several nodes. */
  | { readonly reason: 'outputs'; readonly nodes: readonly NodeId[] }
  /** Rows leave by a port beside `out`. */
  | { readonly reason: 'port'; readonly node: NodeId; readonly port: string }
  /** The node is not chosen, and lies between some that are. */
  | { readonly reason: 'gap'; readonly node: NodeId }
  /** The operator says why: a sentence without its subject. */
  | { readonly reason: 'unsupported'; readonly node: NodeId; readonly because: string };
