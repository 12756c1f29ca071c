/** What the compiler says of every open document, brought up to date after each edit, outside rendering. */
import { create } from 'zustand';
import type { Diagnostic, EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import {
  createValidator,
  type AnalyzedNode,
  type SubPipelineTexts,
  type Validation,
  type Validator,
} from '../../runtime/compiler/validate.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { edgeKey } from './metrics-summary.ts';
import { useDocumentStore, type DocumentState, type OpenDocument } from './document-store.ts';
import { subPipelinesOf, useSubPipelineStore } from './sub-pipelines.ts';

export interface DocumentValidation extends Validation {
  /** What was checked: older than the screen for the moment between an edit and its check. */
  readonly document: PipelineDocument;
  /** Diagnostics of each node. */
  readonly byNode: ReadonlyMap<NodeId, readonly Diagnostic[]>;
  /** By `edgeKey`. */
  readonly byEdge: ReadonlyMap<string, readonly Diagnostic[]>;
}

interface ValidationState {
  /** By path of the document. */
  readonly results: ReadonlyMap<string, DocumentValidation>;
}

export const useValidationStore = create<ValidationState>(() => ({ results: new Map() }));

/** A validator keeps what it knows of unchanged nodes, so each document has its own. */
const validators = new Map<string, (document: PipelineDocument) => DocumentValidation>();

/** What is said of a document beside the compiler's word, which it is given; pure. */
type Check = (path: string, document: PipelineDocument, validation: Validation) => readonly Diagnostic[];
const checks = new Set<Check>();

/** Documents are checked by it too from now on. Returns the way to stop. */
export function addCheck(check: Check): () => void {
  checks.add(check);
  return () => checks.delete(check);
}

const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

function validatorFor(path: string): (document: PipelineDocument) => DocumentValidation {
  const known = validators.get(path);
  if (known !== undefined) return known;
  let subPipelines = subPipelinesOf(path);
  let validator = createValidator({ subPipelines });
  let before: DocumentValidation | null = null;
  const validate = (document: PipelineDocument): DocumentValidation => {
    const isCurrent = subPipelines === subPipelinesOf(path);
    if (before?.document === document && isCurrent) return before;
    if (!isCurrent) {
      subPipelines = subPipelinesOf(path);
      validator = createValidator({ subPipelines });
    }
    const result = validator.validate(document);
    const more = [...checks].flatMap((check) => check(path, document, result));
    const diagnostics = more.length === 0 ? result.diagnostics : [...result.diagnostics, ...more];
    before = { ...result, diagnostics, document, ...grouped(diagnostics, before) };
    return before;
  };
  validators.set(path, validate);
  return validate;
}

/** Lists that say the same as before keep their identity, so that only nodes whose problems changed render again. */
function grouped(
  diagnostics: readonly Diagnostic[],
  before: DocumentValidation | null,
): Pick<DocumentValidation, 'byNode' | 'byEdge'> {
  const byNode = groupBy(diagnostics, (one) => one.nodeId);
  const byEdge = groupBy(diagnostics, (one) => (one.edge === undefined ? undefined : edgeKey(one.edge)));
  return { byNode: reuse(byNode, before?.byNode), byEdge: reuse(byEdge, before?.byEdge) };
}

function groupBy<K>(
  diagnostics: readonly Diagnostic[],
  keyOf: (one: Diagnostic) => K | undefined,
): Map<K, Diagnostic[]> {
  const groups = new Map<K, Diagnostic[]>();
  for (const one of diagnostics) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

function reuse<K>(
  now: ReadonlyMap<K, readonly Diagnostic[]>,
  before: ReadonlyMap<K, readonly Diagnostic[]> | undefined,
): ReadonlyMap<K, readonly Diagnostic[]> {
  if (before === undefined) return now;
  return new Map([...now].map(([key, list]) => [key, sameList(list, before.get(key)) ?? list]));
}

function sameList(now: readonly Diagnostic[], before: readonly Diagnostic[] | undefined): readonly Diagnostic[] | null {
  return before !== undefined && JSON.stringify(now) === JSON.stringify(before) ? before : null;
}

// Keeping up ---------------------------------------------------------------------------------------------------------

/** Checks every open document now. The frame calls it after edits; tests and commands that need the answer at once do too. */
export function validateNow(): void {
  const { documents } = useDocumentStore.getState();
  const { results } = useValidationStore.getState();
  const next = new Map(documents.map((open) => [open.path, validatorFor(open.path)(open.document)]));
  for (const path of validators.keys()) if (!next.has(path)) validators.delete(path);
  const isSame = next.size === results.size && [...next].every(([path, result]) => results.get(path) === result);
  if (!isSame) useValidationStore.setState({ results: next });
}

/** Follows the document store; edits in one burst are checked once, after the screen was painted. Returns the way to stop. */
export function startValidation(): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      validateNow();
    }, 0);
  };
  validateNow();
  const unsubscribe = useDocumentStore.subscribe((state, before) => {
    if (state.documents !== before.documents) later();
  });
  const unsubscribeSubPipelines = useSubPipelineStore.subscribe(later);
  return () => {
    unsubscribe();
    unsubscribeSubPipelines();
    if (timer !== null) clearTimeout(timer);
  };
}

/** Checks a document that is not on screen: what a connection would bring about. */
export function tryValidate(open: OpenDocument, document: PipelineDocument): Validation {
  // The document's own validator must go on from what is on screen, so a trial has one for itself.
  return trialValidator(open.path).validate(document);
}

let trial: { readonly path: string; readonly subPipelines: SubPipelineTexts; readonly validator: Validator } | null =
  null;

function trialValidator(path: string): Validator {
  const subPipelines = subPipelinesOf(path);
  if (trial?.path !== path || trial.subPipelines !== subPipelines) {
    trial = { path, subPipelines, validator: createValidator({ subPipelines }) };
  }
  return trial.validator;
}

// Reading ------------------------------------------------------------------------------------------------------------

function resultOf(validation: ValidationState, documents: DocumentState): DocumentValidation | null {
  return documents.activePath === null ? null : (validation.results.get(documents.activePath) ?? null);
}

/** Of the active document; null when no tab is open or it was not checked yet. */
export function activeValidation(): DocumentValidation | null {
  return resultOf(useValidationStore.getState(), useDocumentStore.getState());
}

/** As `activeValidation`, followed. */
export function useValidation(): DocumentValidation | null {
  const path = useDocumentStore((state) => state.activePath);
  return useValidationStore((state) => (path === null ? null : (state.results.get(path) ?? null)));
}

/** What was inferred about one node: its spec, checked config, ports and the shapes on them. Null when it is not known. */
export function useNodeInfo(nodeId: NodeId | null): AnalyzedNode | null {
  const path = useDocumentStore((state) => state.activePath);
  return useValidationStore((state) =>
    path === null || nodeId === null ? null : (state.results.get(path)?.nodes.get(nodeId) ?? null),
  );
}

export function useNodeDiagnostics(nodeId: NodeId | null): readonly Diagnostic[] {
  const path = useDocumentStore((state) => state.activePath);
  return useValidationStore((state) =>
    path === null || nodeId === null ? NO_DIAGNOSTICS : (state.results.get(path)?.byNode.get(nodeId) ?? NO_DIAGNOSTICS),
  );
}

export function useEdgeDiagnostics(edge: EdgeRef): readonly Diagnostic[] {
  const path = useDocumentStore((state) => state.activePath);
  const key = edgeKey(edge);
  return useValidationStore((state) =>
    path === null ? NO_DIAGNOSTICS : (state.results.get(path)?.byEdge.get(key) ?? NO_DIAGNOSTICS),
  );
}
