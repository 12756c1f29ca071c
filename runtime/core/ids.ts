declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Id of a node in a document; also the stable id of its operator's state. */
export type NodeId = Branded<'NodeId'>;
/** Id of one run of a document. */
export type JobId = Branded<'JobId'>;

export function nodeId(text: string): NodeId {
  return text as NodeId;
}

export function jobId(text: string): JobId {
  return text as JobId;
}
