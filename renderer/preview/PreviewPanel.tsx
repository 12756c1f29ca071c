/** The latest rows of what is selected, as they pass. */
import { Copy, FlaskConical, MousePointerClick, Pause, Play, Rows3 } from 'lucide-react';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowSample, Watch } from '../../runtime/protocol/job.ts';
import { WhyButton } from '../diagnosis/WhyButton.tsx';
import { useNodeNames } from '../run/node-name.ts';
import { NothingSeen, RunButton } from '../run/NothingSeen.tsx';
import { usePacedLive } from '../run/use-paced-live.ts';
import { sampleKey, type LiveState } from '../stores/live-buffer.ts';
import { notify } from '../stores/notice-store.ts';
import { usePreviewPorts } from '../stores/preview-ports.ts';
import { useIsRunning, useRunStore } from '../stores/run-store.ts';
import { usePipeline } from '../stores/document-store.ts';
import { useNodeInfo } from '../stores/validation-store.ts';
import { IconButton } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Select } from '../ui/fields.tsx';
import { formatExact, formatRate } from '../ui/format.ts';
import { savePreview } from '../tests/save-preview.ts';
import { PreviewTable } from './PreviewTable.tsx';
import { rowAsJson } from './row-value.ts';
import './preview.css';

export function PreviewPanel(): ReactNode {
  const { t } = useTranslation();
  const ports = usePreviewPorts();
  const isOpen = usePipeline() !== null;
  if (!isOpen || ports.length === 0) {
    return (
      <NothingSeen
        icon={<MousePointerClick size={20} />}
        title={t('preview:nothingSelected')}
        hint={t('preview:nothingSelectedHint')}
      />
    );
  }
  return <Ports key={ports.map((port) => sampleKey(port.nodeId, port.port)).join('\n\n')} ports={ports} />;
}

function Ports({ ports }: { readonly ports: readonly Watch[] }): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const [paused, setPaused] = useState<RowSample | null>(null);
  const nameOf = useNodeNames();
  const samples = usePacedLive(selectSamples);
  const isRunning = useIsRunning();

  // The first port that has rows, until one is chosen: of a sink what it publishes, else what feeds it.
  const keys = ports.map((port) => sampleKey(port.nodeId, port.port));
  const shownKey = chosen ?? keys.find((key) => samples.has(key)) ?? keys[0]!;
  const port = ports[keys.indexOf(shownKey)] ?? ports[0]!;
  const live = samples.get(shownKey) ?? null;
  const sample = paused ?? live;
  const rate = usePacedLive(
    useCallback(
      (state: LiveState) => state.summary.nodes.get(port.nodeId)?.recordsOutPerSecond[port.port] ?? null,
      [port],
    ),
  );
  const info = useNodeInfo(port.nodeId);
  const shape = info?.outputs[port.port] ?? info?.inputs.find((input) => input.port === port.port)?.shape ?? null;
  const types = useMemo(() => new Map(shape?.schema.fields.map((field) => [field.name, field.type]) ?? []), [shape]);

  if (sample === null || sample.rows.length === 0) return <NoRows isRunning={isRunning} port={port} />;
  const copy = (): void => {
    const text = JSON.stringify(
      sample.rows.map((row) => rowAsJson(sample.fields, row)),
      null,
      2,
    );
    void navigator.clipboard
      .writeText(text)
      .then(() => notify('preview:copied', { tone: 'success', values: { count: sample.rows.length } }));
  };
  return (
    <div className="preview">
      <div className="preview-bar">
        {ports.length > 1 ? (
          <div className="preview-port">
            <Select
              label={t('preview:port')}
              value={shownKey}
              options={ports.map((one, i) => ({ value: keys[i]!, label: `${nameOf(one.nodeId)} · ${one.port}` }))}
              onChange={(key) => {
                setChosen(key);
                setPaused(null);
              }}
            />
          </div>
        ) : (
          <strong className="preview-title">
            {nameOf(port.nodeId)} <span>{port.port}</span>
          </strong>
        )}
        <span className="preview-count">
          {t('preview:rows', {
            shown: formatExact(sample.rows.length),
            seen: formatExact(Math.max(sample.seen, sample.rows.length)),
          })}
          {rate !== null && isRunning && ` · ${formatRate(rate)}`}
        </span>
        <span className="preview-space" />
        {paused !== null && <span className="preview-paused">{t('preview:paused')}</span>}
        <IconButton
          label={t(paused === null ? 'preview:pause' : 'preview:resume')}
          icon={paused === null ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
          isPressed={paused !== null}
          isSmall
          onClick={() => setPaused(paused === null ? live : null)}
        />
        <IconButton
          label={t('tests:save.button')}
          icon={<FlaskConical size={14} aria-hidden />}
          isSmall
          onClick={() => void savePreview(port, sample)}
        />
        <IconButton label={t('preview:copy')} icon={<Copy size={14} aria-hidden />} isSmall onClick={copy} />
      </div>
      <PreviewTable
        sample={sample}
        types={types}
        hasEventTime={shape?.eventTime ?? true}
        hasUpdates={shape?.changelog === 'update'}
      />
    </div>
  );
}

function NoRows({ isRunning, port }: { readonly isRunning: boolean; readonly port: Watch }): ReactNode {
  const { nodeId } = port;
  const { t } = useTranslation();
  const isStarted = useRunStore((state) => state.state !== null);
  const isRemote = useRunStore((state) => state.remote !== null);
  const passed = usePacedLive(
    useCallback((state: LiveState) => state.summary.nodes.get(nodeId)?.recordsOut[port.port] ?? 0, [nodeId, port]),
  );
  if (isRunning && isRemote)
    return <EmptyState icon={<Rows3 size={20} />} title={t('deploy:noRows')} hint={t('deploy:noRowsHint')} />;
  if (isRunning)
    return (
      <EmptyState
        icon={<Rows3 size={20} />}
        title={t('preview:waiting')}
        hint={t('preview:waitingHint')}
        actions={<WhyButton nodeId={nodeId} />}
      />
    );
  // Of a job that was cancelled nothing is left.
  if (passed > 0)
    return (
      <EmptyState
        icon={<Rows3 size={20} />}
        title={t('preview:notKept', { count: passed, rows: formatExact(passed) })}
        hint={t('preview:notKeptHint')}
        actions={<RunButton />}
      />
    );
  return (
    <EmptyState
      icon={<Rows3 size={20} />}
      title={t(isStarted ? 'preview:noRows' : 'preview:notRunning')}
      hint={t('preview:notRunningHint')}
      actions={
        <>
          {isStarted && <WhyButton nodeId={nodeId} />}
          <RunButton />
        </>
      }
    />
  );
}

function selectSamples(state: LiveState): LiveState['samples'] {
  return state.samples;
}
