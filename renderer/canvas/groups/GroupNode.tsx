import { Handle, Position, type NodeProps } from '@xyflow/react';
import { Boxes, ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePipeline } from '../../stores/document-store.ts';
import { useJobView } from '../../stores/job-view.ts';
import { useLive, type LiveState } from '../../stores/live-buffer.ts';
import { useValidation } from '../../stores/validation-store.ts';
import { join } from '../../ui/Button.tsx';
import { nodeName } from '../../run/node-name.ts';
import { editGroupLabel, setPortTip, useCanvasStore } from '../canvas-store.ts';
import type { GroupFlowNode } from '../flow-model.ts';
import { ProblemMark, RunLines } from '../OperatorNode.tsx';
import { portTitle } from '../ports.ts';
import { usePortsMeasured } from '../use-ports-measured.ts';
import { endGroupLabel, groupName, setGroupCollapsed } from './group-actions.ts';
import { summariseGroup } from './group-summary.ts';
import type { GroupPort, GroupView } from './groups-view.ts';
import './groups.css';

/** A group: a frame around its nodes, or one box in their place. */
export const GroupNode = memo(function GroupNode({ id, data, selected }: NodeProps<GroupFlowNode>): ReactNode {
  const { view } = data;
  return view.isCollapsed ? (
    <GroupBox flowId={id} view={view} isSelected={selected} />
  ) : (
    <div className={join('canvas-group', selected && 'is-selected')}>
      <GroupHead view={view} />
    </div>
  );
});

function GroupHead({ view }: { readonly view: GroupView }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="canvas-group-head" onDoubleClick={() => editGroupLabel(view.id)}>
      <FoldButton view={view} />
      <GroupLabel view={view} />
      <span className="canvas-group-count">{t('canvas:group.nodes', { count: view.nodes.length })}</span>
    </div>
  );
}

function FoldButton({ view: { id, isCollapsed, label } }: { readonly view: GroupView }): ReactNode {
  const { t } = useTranslation();
  const Icon = isCollapsed ? ChevronRight : ChevronDown;
  const text = t(isCollapsed ? 'canvas:group.expand' : 'canvas:group.collapse', { label: groupName(label) });
  return (
    <button
      type="button"
      className="canvas-group-fold nodrag"
      aria-label={text}
      aria-expanded={!isCollapsed}
      title={text}
      onClick={() => setGroupCollapsed(id, !isCollapsed)}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}

/** The name, or the field it is typed into. */
function GroupLabel({ view: { id, label } }: { readonly view: GroupView }): ReactNode {
  const { t } = useTranslation();
  const isEdited = useCanvasStore((state) => state.editedGroup === id);
  if (!isEdited)
    return <span className={join('canvas-group-label', label === '' && 'is-unnamed')}>{groupName(label)}</span>;
  return (
    <input
      className="canvas-group-input nodrag nopan"
      aria-label={t('canvas:group.name')}
      defaultValue={label}
      placeholder={t('canvas:group.name')}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => endGroupLabel(id, event.currentTarget.value)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') endGroupLabel(id, event.currentTarget.value);
        if (event.key === 'Escape') endGroupLabel(id, null);
        event.stopPropagation();
      }}
    />
  );
}

interface GroupBoxProps {
  readonly flowId: string;
  readonly view: GroupView;
  readonly isSelected: boolean;
}

function GroupBox({ flowId, view, isSelected }: GroupBoxProps): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const problems = useProblemCounts(view);
  const jobView = useJobView();
  const summary = useLive(selectSummary);
  const shown = useMemo(
    () => (jobView === 'none' || document === null ? null : summariseGroup(view, document.edges, summary)),
    [jobView, document, view, summary],
  );
  const rows = Math.max(view.inputs.length, view.outputs.length);
  const ports = [...view.inputs, ...view.outputs].map(({ node, port }) => `${node} ${port}`);
  usePortsMeasured(flowId, [view.inputs.length, ...ports].join('\n'));
  return (
    <div
      className={join('canvas-node canvas-group-box', isSelected && 'is-selected', problems.errors > 0 && 'has-errors')}
      onDoubleClick={() => setGroupCollapsed(view.id, false)}
    >
      <div className="canvas-node-head">
        <span className="canvas-group-icon">
          <Boxes size={15} aria-hidden />
        </span>
        <GroupLabel view={view} />
        {problems.errors > 0 ? (
          <ProblemMark
            severity="error"
            count={problems.errors}
            text={t('canvas:node.errors', { count: problems.errors })}
          />
        ) : (
          problems.warnings > 0 && (
            <ProblemMark
              severity="warning"
              count={problems.warnings}
              text={t('canvas:node.warnings', { count: problems.warnings })}
            />
          )
        )}
        <FoldButton view={view} />
      </div>
      <div className="canvas-node-summary">{t('canvas:group.nodes', { count: view.nodes.length })}</div>
      {shown !== null && <RunLines summary={shown} isLive={jobView === 'active'} />}
      {Array.from({ length: rows }, (_, i) => (
        <div className="canvas-port-row" key={i}>
          {view.inputs[i] !== undefined && <GroupHandle side="input" port={view.inputs[i]} />}
          {view.outputs[i] !== undefined && <GroupHandle side="output" port={view.outputs[i]} />}
        </div>
      ))}
    </div>
  );
}

function selectSummary(state: LiveState): LiveState['summary'] {
  return state.summary;
}

function useProblemCounts({ nodes }: GroupView): { readonly errors: number; readonly warnings: number } {
  const validation = useValidation();
  const all = nodes.flatMap((id) => validation?.byNode.get(id) ?? []);
  const errors = all.filter((one) => one.severity === 'error').length;
  return { errors, warnings: all.length - errors };
}

function GroupHandle({ side, port }: { readonly side: 'input' | 'output'; readonly port: GroupPort }): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const isInput = side === 'input';
  const name = document === null ? port.node : nodeName(document, port.node);
  const isPlain = port.port === (isInput ? 'in' : 'out');
  const label = isPlain ? name : `${name} · ${port.port}`;
  return (
    <span className={join('canvas-port-label canvas-group-port', `is-${side}`)} title={label}>
      <span>{label}</span>
      <Handle
        type={isInput ? 'target' : 'source'}
        position={isInput ? Position.Left : Position.Right}
        id={`${port.node}\n${port.port}`}
        className="canvas-port"
        role="img"
        aria-label={portTitle(side, label, t)}
        onMouseEnter={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const screen = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
          setPortTip({ nodeId: port.node, side, port: port.port, screen });
        }}
        onMouseLeave={() => setPortTip(null)}
      />
    </span>
  );
}
