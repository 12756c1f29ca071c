/** The workspace's pipelines besides the one on screen: read when they are first looked through, and again when they have changed. */
import { parseDocument, type PipelineDocument } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import type { WorkspaceFile } from '../../runtime/protocol/host.ts';
import { host } from '../host/host.ts';
import { findOpen } from '../stores/document-store.ts';
import { nodeLabel, operatorLabel, operatorSummary } from '../ui/operator-assets.ts';
import { findInPipeline, type Match } from './find-in-pipeline.ts';

const MAX_BYTES = 4 * 1024 * 1024;

export interface OtherPipeline {
  readonly path: string;
  readonly document: PipelineDocument;
}

const kept = new Map<string, { readonly modifiedAt: number; readonly document: PipelineDocument | null }>();

/** Those that are pipelines; what is open is as on screen. */
export async function readOtherPipelines(active: string | null): Promise<readonly OtherPipeline[]> {
  const files = (await host().listFiles()).filter(({ path, isPipeline }) => isPipeline && path !== active);
  const documents = await Promise.all(files.map(documentOf));
  return files.flatMap(({ path }, i) => {
    const document = documents[i] ?? null;
    return document === null ? [] : [{ path, document }];
  });
}

/** Null: it is none, or cannot be read. */
async function documentOf({ path, modifiedAt }: WorkspaceFile): Promise<PipelineDocument | null> {
  const open = findOpen(path);
  if (open !== null) return open.document;
  const known = kept.get(path);
  if (known?.modifiedAt === modifiedAt) return known.document;
  const text = await host()
    .readSample(path, MAX_BYTES)
    .catch(() => null);
  const document = text === null ? null : parseDocument(text).document;
  kept.set(path, { modifiedAt, document });
  return document;
}

/** By what is written in them: nothing is checked, so nothing is known of their fields and facts. */
export function findInOther(query: string, { document }: OtherPipeline): readonly Match[] {
  return findInPipeline(query, {
    document,
    nodes: new Map(),
    nameOf: nodeLabel,
    typeWords: ({ type }) => {
      const spec = findSpec(type);
      return spec === null ? '' : [operatorLabel(spec), operatorSummary(spec), ...(spec.keywords ?? [])].join('\n');
    },
    factsOf: () => [],
  });
}
