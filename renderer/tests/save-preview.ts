/**
 * A preview as a test case: rows that were seen to leave the sources before it come in, the rows that were seen are expected. A preview
 * holds only the latest rows, so the case is tried before it is saved: where the pipeline makes other rows of those that came in, these
 * are expected, and the user is told.
 */
import {
  TIME_KEY,
  addTestCase,
  DEFAULT_INPUT,
  DEFAULT_OUTPUT,
  type CaseRow,
  type TestStep,
} from '../../runtime/graph/index.ts';
import { printTimestamp } from '../../runtime/core/time.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { isSink } from '../../runtime/core/operator.ts';
import type { RowSample, Watch } from '../../runtime/protocol/job.ts';
import { t } from '../app/i18n/index.ts';
import { nodeName } from '../run/node-name.ts';
import { activeDocument } from '../stores/document-store.ts';
import { liveBuffer, sampleKey } from '../stores/live-buffer.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { sourcesBefore } from '../stores/preview-ports.ts';
import { note, tryTest } from '../stores/test-store.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { actualRows, caseRow, expectationAt, isWhole, put } from './case-actions.ts';
import { outputPlaces } from './places.ts';

/** `sample` is what is shown at `port`; of a sink, what was published there. */
export async function savePreview(port: Watch, sample: RowSample): Promise<void> {
  const open = activeDocument();
  const nodes = activeValidation()?.nodes;
  if (open === null || nodes === undefined) return;
  const { document, path } = open;
  const steps = stepsOf(sourcesBefore(document, { nodes }, port.nodeId));
  if (steps.length === 0) {
    notify('tests:save.noInputs', { tone: 'warning' });
    return;
  }
  const isPublished = isSink(nodes.get(port.nodeId)!) && port.port === DEFAULT_INPUT;
  const rows = sample.rows.map((row) => caseRow(row, sample.fields));
  const expectation = { ...expectationAt({ node: port.nodeId, port: isPublished ? null : port.port }), rows };
  const name = t('tests:save.name', { place: nodeName(document, port.nodeId) });
  const candidate = addTestCase(document, { name, steps, expect: [expectation] });
  try {
    const report = await tryTest(path, candidate.document, candidate.index);
    const [check] = report?.checks ?? [];
    const isOther = report?.status === 'failed' && check !== undefined && isWhole(check);
    const saved = isOther ? { ...expectation, rows: actualRows(check) } : expectation;
    put(path, t('tests:edit.savePreview'), {
      name: candidate.document.tests[candidate.index]!.name,
      steps,
      expect: [saved],
    });
    const now = activeDocument();
    if (now?.path !== path || report === null) return;
    const last = isOther ? await tryTest(path, now.document, candidate.index) : report;
    if (last !== null) note(path, now.document, last);
    const count = steps.reduce((sum, step) => sum + ('rows' in step ? step.rows.length : 0), 0);
    notify(isOther ? 'tests:save.savedOther' : 'tests:save.saved', { tone: 'success', values: { count } });
  } catch (error) {
    notifyError('tests:runFailed', error);
  }
}

function stepsOf(sources: readonly Watch[]): TestStep[] {
  const places = outputPlaces(activeValidation()?.nodes ?? new Map());
  return sources.flatMap(({ nodeId, port }): TestStep[] => {
    const sample = liveBuffer.state.samples.get(sampleKey(nodeId, port));
    if (sample === undefined || sample.rows.length === 0) return [];
    const asksTime = places.find((one) => one.node === nodeId && one.port === port)?.asksTime ?? false;
    return [
      {
        node: nodeId as NodeId,
        port: port || DEFAULT_OUTPUT,
        rows: sample.rows.map((row) => inputRow(row, sample, asksTime)),
      },
    ];
  });
}

function inputRow(row: RowSample['rows'][number], { fields }: RowSample, asksTime: boolean): CaseRow {
  const cells = caseRow(row, fields);
  return asksTime && row.eventTime !== null ? { ...cells, [TIME_KEY]: printTimestamp(row.eventTime) } : cells;
}
