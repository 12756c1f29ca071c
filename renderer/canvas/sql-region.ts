/** The selected part of the graph as a query: on the clipboard, or in an SQL operator in its place. */
import { said } from '../app/i18n/said.ts';
import { t } from '../app/i18n/index.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { fail, ok, type Result } from '../../runtime/core/result.ts';
import { regionSql, type RegionProblem, type RegionSql } from '../../runtime/exporters/region-sql.ts';
import {
  escapeParameters,
  replaceNodes,
  type PipelineDocument,
  type Position,
  type RawConfig,
} from '../../runtime/graph/index.ts';
import { catalog } from '../../runtime/operators/catalog.ts';
import { activeDocument, edit } from '../stores/document-store.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { subPipelinesOf } from '../stores/sub-pipelines.ts';
import { tryValidate, validateNow } from '../stores/validation-store.ts';
import { selectNodes } from '../stores/view-store.ts';
import { selectedIds } from './canvas-actions.ts';
import { nodeName } from '../run/node-name.ts';
import { snapped } from './flow-instance.ts';

/** Copies the query of the selected nodes, or says why there is none. */
export async function copyAsSql(): Promise<void> {
  const open = activeDocument();
  if (open === null) return;
  const told = regionSql(open.document, selectedIds(), { subPipelines: subPipelinesOf(open.path) });
  if (!told.ok) return refuse(textOf(told.error, open.document));
  try {
    await navigator.clipboard.writeText(told.value.query);
    notify('canvas:sql.copied', { tone: 'success' });
  } catch (error) {
    notifyError('canvas:clipboardRefused', error);
  }
}

/** Puts an SQL operator in place of the selected nodes, as one step, or says why that cannot be. */
export function replaceBySql(): void {
  const open = activeDocument();
  if (open === null) return;
  const ids = selectedIds();
  const told = regionSql(open.document, ids, { subPipelines: subPipelinesOf(open.path) });
  if (!told.ok) return refuse(textOf(told.error, open.document));
  const parallelism = commonParallelism(open.document, ids);
  if (!parallelism.ok) return refuse(t('canvas:sql.parallelism'));
  const replaced = replaceNodes(open.document, ids, {
    node: {
      type: catalog.sql.type,
      version: catalog.sql.version,
      position: middleOf(open.document, ids),
      config: configOf(told.value),
      ...(parallelism.value === undefined ? {} : { parallelism: parallelism.value }),
    },
    inputs: told.value.inputs.map(({ name, from, fromPort }) => ({ port: name, from, fromPort })),
    outPort: 'out',
  });
  const problem = tryValidate(open, replaced.document).diagnostics.find(
    ({ nodeId, severity }) => nodeId === replaced.id && severity === 'error',
  );
  // An operator told something that the query's own operator does not read: said, and not left in the graph.
  if (problem !== undefined) return refuse(said(problem.message));
  edit(t('canvas:steps.replaceBySql', { count: ids.length }), () => replaced.document);
  validateNow();
  selectNodes([replaced.id]);
}

function configOf({ query, inputs }: RegionSql): RawConfig {
  const named = inputs.map(({ name, time }) => (time === null ? { name } : { name, time }));
  return escapeParameters({ inputs: named, query }) as RawConfig;
}

/** Fails where some have another one than others. */
function commonParallelism({ nodes }: PipelineDocument, ids: readonly NodeId[]): Result<number | undefined, null> {
  const all = new Set(nodes.filter(({ id }) => ids.includes(id)).map(({ parallelism }) => parallelism));
  return all.size > 1 ? fail(null) : ok([...all][0]);
}

function middleOf({ nodes }: PipelineDocument, ids: readonly NodeId[]): Position {
  const places = nodes.filter(({ id }) => ids.includes(id)).map(({ position }) => position);
  const middle = (values: readonly number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  return snapped({ x: middle(places.map(({ x }) => x)), y: middle(places.map(({ y }) => y)) });
}

function refuse(detail: string): void {
  notify('canvas:sql.refused', { tone: 'warning', detail });
}

function textOf(problem: RegionProblem, document: PipelineDocument): string {
  const named = (id: NodeId): string => nodeName(document, id);
  switch (problem.reason) {
    case 'empty':
      return t('canvas:sql.empty');
    case 'outputs':
      return t('canvas:sql.outputs', { nodes: [...new Set(problem.nodes)].map(named).join(', ') });
    case 'port':
      return t('canvas:sql.port', { node: named(problem.node), port: problem.port });
    case 'unsupported':
      return t('canvas:sql.unsupported', { node: named(problem.node), because: said(problem.because) });
    case 'errors':
    case 'gap':
      return t(`canvas:sql.${problem.reason}`, { node: named(problem.node) });
  }
}
