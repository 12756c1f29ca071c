/** The matches in the pipeline on screen, and how to go to one. */
import type { TFunction } from 'i18next';
import { selectCulprit } from '../diagnosis/observed-job.ts';
import { noteFlowId } from '../canvas/flow-model.ts';
import { showNode } from '../canvas/flow-instance.ts';
import { selectGroup } from '../canvas/groups/group-actions.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { nodeName } from '../run/node-name.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { selectIsActive, useRunStore } from '../stores/run-store.ts';
import type { DocumentValidation } from '../stores/validation-store.ts';
import { reveal, setCentreMode } from '../stores/view-store.ts';
import { operatorLabel, operatorSummary } from '../ui/operator-assets.ts';
import { factsOf } from './facts.ts';
import { findInPipeline, type Match } from './find-in-pipeline.ts';

/** Live facts are those of the moment of asking. */
export function findMatches(
  query: string,
  path: string,
  document: PipelineDocument,
  validation: DocumentValidation | null,
  t: TFunction,
): readonly Match[] {
  const run = useRunStore.getState();
  const live = run.path === path && selectIsActive(run) ? liveBuffer.state : null;
  return findInPipeline(query, {
    document,
    nodes: validation?.nodes ?? new Map(),
    nameOf: ({ id }) => nodeName(document, id),
    typeWords: ({ id }) => {
      const spec = validation?.nodes.get(id)?.spec ?? null;
      return spec === null ? '' : [operatorLabel(spec), operatorSummary(spec), ...(spec.keywords ?? [])].join('\n');
    },
    factsOf: ({ id }) =>
      factsOf(
        {
          info: validation?.nodes.get(id),
          diagnostics: validation?.byNode.get(id) ?? [],
          live: live?.summary.nodes.get(id) ?? null,
          isCulprit: live !== null && selectCulprit(live, id) !== null,
        },
        t,
      ),
  });
}

/** Selects what matched, brings it into sight, and marks the text in the inspector. */
export function goTo({ kind, nodeId, id, path, place }: Match): void {
  setCentreMode('graph');
  if (kind === 'note' && id !== null) showNode(noteFlowId(id));
  else if (kind === 'group' && id !== null) selectGroup(id);
  else if (nodeId === null) reveal({ path });
  else if (kind === 'config') reveal({ nodeId, path, range: place ?? undefined });
  else reveal({ nodeId });
}
