import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartKey } from '../metrics/Legend.tsx';
import { operatorLines } from '../metrics/lines.ts';
import { MetricChart } from '../metrics/MetricChart.tsx';
import { metricView } from '../metrics/views.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import { formatCount, formatDuration, formatEventTimeFull } from '../ui/format.ts';
import type { WatermarkRow } from './watermark-rows.ts';

/** How the event time of an operator's inputs has come along, and what it says of the operator. `rows`: its subtasks. */
export function WatermarkDetail({ rows }: { readonly rows: readonly WatermarkRow[] }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const [row] = rows;
  const nodeId = row!.nodeId;
  const links = useLive(selectLinks);
  // Text, so that it is the same as long as the inputs are.
  const inputs = [...new Set(links.filter((link) => link.to === nodeId).map((link) => link.from))].join('\n');
  const lines = useMemo(() => {
    const ids = [...inputs.split('\n').filter(Boolean), nodeId];
    return operatorLines(ids, (id) => (id === nodeId ? t('watermarks:own', { name: nameOf(id) }) : nameOf(id))).map(
      (line) => (line.id === nodeId ? { ...line, color: 'muted', dash: [4, 3] } : line),
    );
  }, [inputs, nodeId, nameOf, t]);
  return (
    <section className="watermarks-detail" aria-label={nameOf(nodeId)}>
      <MetricChart
        view={metricView('watermark')}
        title={t(inputs === '' ? 'watermarks:title' : 'watermarks:inputs')}
        caption={<ChartKey entries={lines} />}
        lines={lines}
      />
      <Sentences rows={rows} />
    </section>
  );
}

function Sentences({ rows }: { readonly rows: readonly WatermarkRow[] }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const total = (of: (row: WatermarkRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const dropped = total((row) => row.lateDropped);
  const aside = total((row) => row.lateAside);
  const next = rows.find((row) => row.next !== null)?.next ?? null;
  const heldBy = rows.find((row) => row.heldBy !== null)?.heldBy ?? null;
  const inputName =
    heldBy === null ? '' : `${nameOf(heldBy.nodeId)}${heldBy.of > 1 ? ` ${heldBy.subtask + 1}/${heldBy.of}` : ''}`;
  const sentences = [
    ...(next === null
      ? []
      : [
          t(`watermarks:nextSentence_${next.time}`, {
            end: formatEventTimeFull(next.windowEnd),
            missing: formatDuration(next.missingMs),
          }),
        ]),
    ...(heldBy === null ? [] : [t('watermarks:holds', { name: inputName })]),
    ...(dropped + aside === 0
      ? []
      : [t('watermarks:lateSentence', { dropped: formatCount(dropped), aside: formatCount(aside) })]),
  ];
  if (sentences.length === 0) return null;
  return (
    <ul className="watermarks-sentences">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

const NO_LINKS = [] as const;

function selectLinks({ metrics }: LiveState): NonNullable<LiveState['metrics']>['links'] {
  return metrics?.links ?? NO_LINKS;
}
