import type { TFunction } from 'i18next';
import { ChevronDown, Pause } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findCommand, isCommandEnabled, runCommand } from '../app/commands.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { formatExact } from '../ui/format.ts';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { STEP_TARGETS } from './debug-commands.ts';
import { restart, step, stepBack } from './debug-session.ts';
import { selectIsDebugging, useDebugStore } from './debug-store.ts';
import { useOperatorNames } from './operator-names.ts';
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

/** Steps at once, forwards and backwards. */
const MANY = [10, 100, 1000] as const;
const PARALLELISMS = [1, 2, 3, 4] as const;

/** Over the canvas while there is a session: how to move it, and where it stands. */
export function DebugToolbar(): ReactNode {
  const { t } = useTranslation();
  const isOpen = useDebugStore(selectIsDebugging);
  const status = useDebugStore((state) => state.status);
  const stop = useDebugStore((state) => state.view?.stop ?? null);
  const progress = useDebugStore((state) => state.progress);
  const nameOf = useOperatorNames();
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
          ...STEP_TARGETS.flatMap((to) => commandEntry(`debug.to.${to}`, t)),
          'separator',
          ...MANY.map((count) => ({
            id: `forward-${count}`,
            label: t('debug:stepsForward', { count }),
            run: () => void step({ to: 'into' }, count),
          })),
          ...MANY.map((count) => ({
            id: `back-${count}`,
            label: t('debug:stepsBack', { count }),
            run: () => void stepBack(count),
          })),
          'separator',
          ...commandEntry('debug.takeCheckpoint', t),
          ...commandEntry('debug.jumpToCheckpoint', t),
        ]}
      >
        <Button isSmall tone="quiet" disabled={!isStopped} icon={<ChevronDown size={14} aria-hidden />}>
          {t('debug:stepMenu')}
        </Button>
      </Menu>
      <Menu
        entries={[
          { heading: t('debug:restartWith') },
          ...PARALLELISMS.map((parallelism) => ({
            id: `parallelism-${parallelism}`,
            label: t('debug:subtasks', { count: parallelism }),
            run: () => void restart({ parallelism }),
          })),
          'separator',
          ...commandEntry('debug.restartShuffled', t),
        ]}
      >
        <Button isSmall tone="quiet" disabled={!isStopped} icon={<ChevronDown size={14} aria-hidden />}>
          {t('debug:restartMenu')}
        </Button>
      </Menu>
      <output className="debug-where" aria-live="polite">
        {stop === null || !isStopped
          ? t(status === 'starting' ? 'debug:starting' : 'debug:running', { moment: formatExact(progress) })
          : stepSentence(stop, { t, nameOf })}
      </output>
    </div>
  );
}

function commandEntry(id: string, t: TFunction): readonly MenuEntry[] {
  const command = findCommand(id);
  if (command === null) return [];
  return [{ id, label: t(command.titleKey), isDisabled: !isCommandEnabled(command), run: () => runCommand(id) }];
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
