import { Handle, Position, type NodeProps } from '@xyflow/react';
import { Clock3, Flag } from 'lucide-react';
import { memo, useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import { isSink } from '../../runtime/core/operator.ts';
import type { Culprit } from '../../runtime/diagnosis/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { DebugNodeMark, DebugPortMark } from '../debug/DebugMarks.tsx';
import { CulpritBadge } from '../diagnosis/CulpritBadge.tsx';
import { selectCulprit } from '../diagnosis/observed-job.ts';
import { useNodeMark } from '../diff/diff-store.ts';
import { DiffMark } from '../diff/DiffMark.tsx';
import { useNode } from '../stores/document-store.ts';
import { useJobView, type JobView } from '../stores/job-view.ts';
import { useLive, type LiveState } from '../stores/live-buffer.ts';
import type { NodeSummary } from '../stores/metrics-summary.ts';
import { useNodeDiagnostics, useNodeInfo } from '../stores/validation-store.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { join } from '../ui/Button.tsx';
import {
  formatDuration,
  formatEventTime,
  formatEventTimeFull,
  formatRate,
  formatShare,
  formatCount,
} from '../ui/format.ts';
import { nodeLabel } from '../ui/operator-assets.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { setMenuPort, setPortTip, type PortTip } from './canvas-store.ts';
import type { OperatorFlowNode } from './flow-model.ts';
import { summaryLine } from './node-summary-line.ts';
import {
  NO_PORTS,
  placePorts,
  portsOf,
  portTitle,
  useDanglingPorts,
  type PlacedPort,
  type PortPlaces,
} from './ports.ts';
import { usePortsMeasured } from './use-ports-measured.ts';

/** One operator on the canvas. It reads all it shows by its id, so that nothing else renders when it changes. */
export const OperatorNode = memo(function OperatorNode({ id, selected }: NodeProps<OperatorFlowNode>): ReactNode {
  const { t } = useTranslation();
  const nodeKey = nodeId(id);
  const node = useNode(nodeKey);
  const info = useNodeInfo(nodeKey);
  const diagnostics = useNodeDiagnostics(nodeKey);
  const jobView = useJobView();
  const summary = useNodeSummary(nodeKey);
  const culprit = useCulprit(nodeKey, jobView);
  const mark = useNodeMark(id);
  const known = node === null ? NO_PORTS : portsOf(node, info?.ports ?? null);
  const ports = placePorts(known, useDanglingPorts(nodeKey, known));
  usePortsMeasured(id, portsKey(ports));

  if (node === null) return null;
  const spec = info?.spec ?? findSpec(node.type);
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const warnings = diagnostics.filter((one) => one.severity === 'warning').length;
  const isShowingRun = jobView !== 'none' && summary !== null;
  return (
    <div
      className={join(
        'canvas-node',
        selected && 'is-selected',
        errors > 0 && 'has-errors',
        culprit !== null && 'is-culprit',
        mark !== null && `is-diff-${mark}`,
      )}
      data-node-type={node.type}
    >
      {mark !== null && <DiffMark mark={mark} />}
      {culprit !== null && <CulpritBadge culprit={culprit} />}
      <DebugNodeMark nodeId={nodeKey} />
      <div className="canvas-node-head">
        <OperatorIcon type={node.type} category={spec?.category ?? null} />
        <span className="canvas-node-label">{nodeLabel(node)}</span>
        {errors > 0 ? (
          <ProblemMark severity="error" count={errors} text={t('canvas:node.errors', { count: errors })} />
        ) : (
          warnings > 0 && (
            <ProblemMark severity="warning" count={warnings} text={t('canvas:node.warnings', { count: warnings })} />
          )
        )}
      </div>
      <div className="canvas-node-summary">{summaryLine(node, spec, info?.config ?? null) || node.type}</div>
      {isShowingRun ? (
        <RunLines summary={summary} isLive={jobView === 'active'} isSink={info !== null && isSink(info)} />
      ) : (
        <DesignLines nodeKey={nodeKey} />
      )}
      {ports.head.map((port) => (
        <PortHandle key={`${port.side} ${port.name}`} nodeKey={id} port={port} />
      ))}
      {ports.rows.map((row, i) => (
        <div className="canvas-port-row" key={i}>
          {row.input !== null && <LabelledPort nodeKey={id} port={row.input} />}
          {row.output !== null && <LabelledPort nodeKey={id} port={row.output} />}
        </div>
      ))}
    </div>
  );
});

function useNodeSummary(id: NodeId): NodeSummary | null {
  return useLive(useCallback((state: LiveState) => state.summary.nodes.get(id) ?? null, [id]));
}

function useCulprit(id: NodeId, jobView: JobView): Culprit | null {
  const isActive = jobView === 'active';
  return useLive(useCallback((state: LiveState) => (isActive ? selectCulprit(state, id) : null), [id, isActive]));
}

function portsKey({ head, rows }: PortPlaces): string {
  return [...head, ...rows.flatMap((row) => [row.input, row.output])]
    .map((port) => (port === null ? '' : `${port.side} ${port.name}`))
    .join('\n');
}

export function ProblemMark(props: {
  readonly severity: 'error' | 'warning';
  readonly count: number;
  readonly text: string;
}): ReactNode {
  return (
    <span className={`canvas-problem is-${props.severity}`} title={props.text}>
      <SeverityIcon severity={props.severity} size={13} />
      <span aria-hidden>{props.count}</span>
      <span className="ui-visually-hidden">{props.text}</span>
    </span>
  );
}

/** While nothing runs: what is known of the streams. Two lines, as high as those of a run. */
function DesignLines({ nodeKey }: { readonly nodeKey: NodeId }): ReactNode {
  const { t } = useTranslation();
  const info = useNodeInfo(nodeKey);
  const node = useNode(nodeKey);
  const output = info === null ? undefined : Object.values(info.outputs)[0];
  const shape = output ?? info?.inputs[0]?.shape;
  return (
    <>
      <div className="canvas-node-line">
        <span>
          {shape === undefined
            ? t('canvas:node.noSchema')
            : t('canvas:node.fields', { count: shape.schema.fields.length })}
        </span>
        {node?.parallelism !== undefined && (
          <span title={t('canvas:node.parallelism', { count: node.parallelism })}>×{node.parallelism}</span>
        )}
      </div>
      <div className="canvas-node-line canvas-node-facts">
        {shape?.eventTime === true && (
          <span>
            <Clock3 size={11} aria-hidden /> {t('canvas:node.eventTime')}
          </span>
        )}
        {shape?.changelog === 'update' && <span>{t('canvas:node.updates')}</span>}
        {shape?.bounded === true && (
          <span>
            <Flag size={11} aria-hidden /> {t('canvas:node.bounded')}
          </span>
        )}
      </div>
    </>
  );
}

interface RunLinesProps {
  readonly summary: NodeSummary;
  readonly isLive: boolean;
  /** What comes to it counts, not what it refuses. */
  readonly isSink?: boolean;
}

export function RunLines({ summary, isLive, isSink: isEnd = false }: RunLinesProps): ReactNode {
  const { t } = useTranslation();
  const outRate = Object.values(summary.recordsOutPerSecond).reduce((sum, n) => sum + n, 0);
  const outRows = Object.values(summary.recordsOut).reduce((sum, n) => sum + n, 0);
  const countsInput = isEnd || Object.keys(summary.recordsOut).length === 0;
  const rate = countsInput ? summary.recordsInPerSecond : outRate;
  const rows = countsInput ? summary.recordsIn : outRows;
  return (
    <>
      <div className="canvas-node-line canvas-load">
        <span className="canvas-bar" aria-hidden>
          {isLive && <i className="is-busy" style={{ width: formatWidth(summary.busy) }} />}
          {isLive && <i className="is-pressed" style={{ width: formatWidth(summary.backPressured) }} />}
        </span>
        <span className="canvas-load-text">{isLive ? loadText(summary, t) : t('canvas:node.ended')}</span>
      </div>
      <div className="canvas-node-line">
        <Watermark summary={summary} isLive={isLive} />
        <b>{isLive ? formatRate(rate) : t('canvas:node.rows', { count: rows, rows: formatCount(rows) })}</b>
      </div>
    </>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

/** The larger share in words: colour alone says nothing to some. */
function loadText(summary: NodeSummary, t: Translate): string {
  if (summary.backPressured >= 0.05 && summary.backPressured >= summary.busy) {
    return t('canvas:node.blocked', { share: formatShare(summary.backPressured) });
  }
  return summary.busy < 0.005 ? t('canvas:node.idle') : t('canvas:node.busy', { share: formatShare(summary.busy) });
}

function formatWidth(share: number): string {
  return `${(Math.min(1, share) * 100).toFixed(1)}%`;
}

function Watermark({ summary, isLive }: { readonly summary: NodeSummary; readonly isLive: boolean }): ReactNode {
  const { t } = useTranslation();
  const { watermark, lagMs, isIdle } = summary;
  if (watermark === 'end') return <span>{t('canvas:node.watermarkEnd')}</span>;
  if (watermark === null) return <span>{isIdle ? t('canvas:node.inputIdle') : t('canvas:node.noWatermark')}</span>;
  const time = formatEventTimeFull(watermark);
  if (lagMs === null) {
    // Of other days: the lag says nothing, the day does.
    return (
      <span title={t('canvas:node.watermarkTitle', { time })}>
        {t('canvas:node.watermark')} <b>{time.slice(5, 16)}</b>
      </span>
    );
  }
  const lag = formatDuration(lagMs);
  return (
    <span title={t('canvas:node.watermarkLagTitle', { time, lag })}>
      {t('canvas:node.watermark')} <b>{formatEventTime(watermark)}</b>
      {isLive && <span className="canvas-lag">−{lag}</span>}
    </span>
  );
}

// Ports --------------------------------------------------------------------------------------------------------------

function LabelledPort({ nodeKey, port }: { readonly nodeKey: string; readonly port: PlacedPort }): ReactNode {
  return (
    <span
      className={join(
        'canvas-port-label',
        `is-${port.side}`,
        port.isOptional && 'is-optional',
        port.isMissing && 'is-missing',
      )}
    >
      {port.name}
      <PortHandle nodeKey={nodeKey} port={port} />
    </span>
  );
}

function PortHandle({ nodeKey, port }: { readonly nodeKey: string; readonly port: PlacedPort }): ReactNode {
  const { t } = useTranslation();
  const isInput = port.side === 'input';
  const tipAt = (handle: Element): PortTip => {
    const box = handle.getBoundingClientRect();
    const screen = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return { nodeId: nodeKey, side: port.side, port: port.name, screen };
  };
  return (
    <Handle
      type={isInput ? 'target' : 'source'}
      position={isInput ? Position.Left : Position.Right}
      id={port.name}
      className={join('canvas-port', port.isOptional && 'is-optional', port.isMissing && 'is-missing')}
      role="img"
      aria-label={portTitle(port.side, port.label, t)}
      onMouseEnter={(event) => setPortTip(tipAt(event.currentTarget))}
      onMouseLeave={() => setPortTip(null)}
      onContextMenu={(event) => setMenuPort(tipAt(event.currentTarget))}
    >
      <DebugPortMark nodeId={nodeId(nodeKey)} side={port.side} port={port.name} />
    </Handle>
  );
}
