/** What the job says: its log and what its print sinks print. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, Crosshair, Logs, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from '../app/i18n/said.ts';
import { liveBuffer, type LiveState, type LogLine } from '../stores/live-buffer.ts';
import { useIsRunning } from '../stores/run-store.ts';
import { reveal, useSelectedNodeId } from '../stores/view-store.ts';
import { IconButton } from '../ui/Button.tsx';
import { SearchInput, Select } from '../ui/fields.tsx';
import { formatClock } from '../ui/format.ts';
import { JobErrorBanner } from './JobErrorBanner.tsx';
import { filterLog, type LogFilterLevel } from './log-filter.ts';
import { useNodeNames } from './node-name.ts';
import { NothingSeen } from './NothingSeen.tsx';
import { usePacedLive } from './use-paced-live.ts';
import './run.css';

const LEVELS: readonly LogFilterLevel[] = ['debug', 'info', 'warn', 'error'];
const LINE_HEIGHT = 22;
/** Up to here all lines are rendered. */
const MAX_PLAIN_LINES = 100;
/** This near to the end counts as at the end. */
const TAIL_SLACK = 24;

export function LogPanel(): ReactNode {
  const { t } = useTranslation();
  const log = usePacedLive(selectLog);
  const isRunning = useIsRunning();
  const nameOf = useNodeNames();
  const selected = useSelectedNodeId();
  const [level, setLevel] = useState<LogFilterLevel>('info');
  const [text, setText] = useState('');
  const [isOfSelection, setOfSelection] = useState(false);
  const [isFollowing, setFollowing] = useState(true);
  const nodeId = isOfSelection ? selected : null;
  const lines = useMemo(() => filterLog(log, { level, text, nodeId }, nameOf), [log, level, text, nodeId, nameOf]);

  return (
    <div className="run-log">
      <div className="run-bar">
        <div className="run-level">
          <Select
            label={t('run:log.level')}
            value={level}
            options={LEVELS.map((one) => ({ value: one, label: t(`run:log.from.${one}`) }))}
            onChange={(next) => setLevel(next as LogFilterLevel)}
          />
        </div>
        <div className="run-search">
          <SearchInput label={t('run:log.filter')} value={text} onChange={setText} />
        </div>
        <span className="run-count">{t('run:log.lines', { count: lines.length })}</span>
        <span className="run-space" />
        <IconButton
          label={t('run:log.ofSelection')}
          icon={<Crosshair size={14} aria-hidden />}
          isPressed={isOfSelection}
          isSmall
          onClick={() => setOfSelection(!isOfSelection)}
        />
        <IconButton
          label={t('run:log.follow')}
          icon={<ArrowDownToLine size={14} aria-hidden />}
          isPressed={isFollowing}
          isSmall
          onClick={() => setFollowing(!isFollowing)}
        />
        <IconButton
          label={t('run:log.clear')}
          icon={<Trash2 size={14} aria-hidden />}
          isSmall
          onClick={() => liveBuffer.clearLog()}
        />
      </div>
      <JobErrorBanner />
      {log.length === 0 ? (
        <NothingSeen
          icon={<Logs size={20} />}
          title={t('run:log.none')}
          hint={t(isRunning ? 'run:log.noneRunning' : 'run:log.noneHint')}
        />
      ) : (
        <Lines lines={lines} nameOf={nameOf} isFollowing={isFollowing} onFollow={setFollowing} />
      )}
    </div>
  );
}

interface LinesProps {
  readonly lines: readonly LogLine[];
  readonly nameOf: (id: string) => string;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

function Lines({ lines, nameOf, isFollowing, onFollow }: LinesProps): ReactNode {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const isPlain = lines.length <= MAX_PLAIN_LINES;
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 20,
    enabled: !isPlain,
  });
  useEffect(() => {
    if (!isFollowing || lines.length === 0) return;
    if (isPlain) scroller.current?.scrollTo?.({ top: scroller.current.scrollHeight });
    else virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, lines, isPlain, virtualizer]);

  const items = virtualizer.getVirtualItems();
  return (
    <div
      ref={scroller}
      className="run-lines"
      role="log"
      aria-label={t('run:log.title')}
      tabIndex={0}
      // Going up to read stops the following, going down to the end starts it again.
      onWheel={(event) => event.deltaY < 0 && onFollow(false)}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        if (!isFollowing && scrollHeight - scrollTop - clientHeight < TAIL_SLACK) onFollow(true);
      }}
    >
      {isPlain ? (
        lines.map((line) => <Line key={line.id} line={line} name={line.nodeId === null ? null : nameOf(line.nodeId)} />)
      ) : (
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map((item) => {
              const line = lines[item.index];
              return line === undefined ? null : (
                <Line
                  key={item.key}
                  ref={virtualizer.measureElement}
                  index={item.index}
                  line={line}
                  name={line.nodeId === null ? null : nameOf(line.nodeId)}
                />
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}

interface LineProps {
  readonly line: LogLine;
  readonly name: string | null;
  readonly ref?: Ref<HTMLDivElement>;
  readonly index?: number;
}

function Line({ line, name, ref, index }: LineProps): ReactNode {
  const { t } = useTranslation();
  const { at, level, message, nodeId, subtask } = line;
  return (
    <div ref={ref} data-index={index} className={`run-line run-line-${level}`}>
      <time>{formatClock(at)}</time>
      <span className="run-line-level">{t(`run:log.levels.${level}`)}</span>
      {nodeId !== null && (
        <button type="button" className="ui-link" onClick={() => reveal({ nodeId })}>
          {name}
          {subtask !== null && ` ${subtask + 1}`}
        </button>
      )}
      <span className="run-line-text">{said(message)}</span>
    </div>
  );
}

function selectLog(state: LiveState): LiveState['log'] {
  return state.log;
}
