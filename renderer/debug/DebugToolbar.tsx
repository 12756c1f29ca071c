import { ChevronDown, Pause } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepTarget } from '../../runtime/protocol/debug.ts';
import { findCommand, isCommandEnabled, runCommand } from '../app/commands.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import { useNodeNames } from '../run/node-name.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { formatCount } from '../ui/format.ts';
import { Menu } from '../ui/Menu.tsx';
import { restart, selectIsDebugging, step, useDebugStore } from './debug-store.ts';
import { stepSentence } from './sentences.ts';
import './debug.css';

const MOVES = [
  'debug.continue',
  'debug.stepOver',
  'debug.stepInto',
  'debug.stepOut',
  'debug.stepBack',
  'debug.reverse',
  'debug.restart',
  'debug.stop',
] as const;

const TARGETS: readonly Exclude<StepTarget['to'], 'into' | 'over' | 'out'>[] = [
  'row',
  'batch',
  'watermark',
  'firing',
  'timer',
  'barrier',
  'checkpoint',
];

/** Over the canvas while there is a session: how to move it, and where it stands. */
export function DebugToolbar(): ReactNode {
  const { t } = useTranslation();
  const isOpen = useDebugStore(selectIsDebugging);
  const status = useDebugStore((state) => state.status);
  const stop = useDebugStore((state) => state.view?.stop ?? null);
  const progress = useDebugStore((state) => state.progress);
  const nameOf = useNodeNames();
  if (!isOpen) return null;
  const isStopped = status === 'stopped';
  return (
    <div className="debug-toolbar" role="toolbar" aria-label={t('debug:title')}>
      {status === 'running' && (
        <IconButton
          label={t('debug:pause')}
          shortcut={shortcutOf('debug.pause')}
          icon={<Pause size={15} aria-hidden />}
          onClick={() => runCommand('debug.pause')}
        />
      )}
      {MOVES.map((id) => (
        <MoveButton key={id} id={id} />
      ))}
      <Menu
        entries={[
          { heading: t('debug:stepTo') },
          ...TARGETS.map((to) => ({ id: to, label: t(`debug:target.${to}`), run: () => void step({ to }) })),
          'separator',
          { heading: t('debug:restartWith') },
          ...[1, 2, 3, 4].map((n) => ({
            id: `parallelism-${n}`,
            label: t('debug:subtasks', { count: n }),
            run: () => void restart(n),
          })),
        ]}
      >
        <Button isSmall tone="quiet" disabled={!isStopped} icon={<ChevronDown size={14} aria-hidden />}>
          {t('debug:stepMenu')}
        </Button>
      </Menu>
      <output className="debug-where" aria-live="polite">
        {stop === null || !isStopped
          ? t(status === 'starting' ? 'debug:starting' : 'debug:running', { moment: formatCount(progress) })
          : stepSentence(stop, { t, nameOf })}
      </output>
    </div>
  );
}

function MoveButton({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  // Asked again at every change of the session.
  useDebugStore((state) => state.status);
  const command = findCommand(id);
  if (command === null) return null;
  const Icon = command.icon!;
  return (
    <IconButton
      label={t(command.titleKey)}
      shortcut={shortcutOf(id)}
      icon={<Icon size={15} aria-hidden />}
      disabled={!isCommandEnabled(command)}
      onClick={() => runCommand(id)}
    />
  );
}
