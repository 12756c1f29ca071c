import {
  Blocks,
  Command,
  FlaskConical,
  FolderTree,
  History,
  ListTree,
  Search,
  Settings2,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openPanel, setCommandPaletteOpen, setRailView, useViewStore, type RailView } from '../stores/view-store.ts';
import { IconButton } from '../ui/Button.tsx';
import { shortcutOf } from './shortcuts.ts';

const VIEWS: readonly { readonly id: RailView; readonly Icon: LucideIcon }[] = [
  { id: 'pipelines', Icon: FolderTree },
  { id: 'operators', Icon: Blocks },
  { id: 'outline', Icon: ListTree },
  { id: 'search', Icon: Search },
];

/** The views of the side bar; a click on the one that is open closes it. */
export function Rail(): ReactNode {
  const { t } = useTranslation();
  const current = useViewStore((state) => state.railView);
  return (
    <nav className="rail" aria-label={t('app:rail.label')}>
      {VIEWS.map(({ id, Icon }) => (
        <IconButton
          key={id}
          label={t(`app:rail.${id}`)}
          icon={<Icon size={18} aria-hidden />}
          isPressed={current === id}
          tooltipSide="right"
          onClick={() => setRailView(current === id ? null : id)}
        />
      ))}
      <IconButton
        label={t('app:commands.palette')}
        icon={<Command size={18} aria-hidden />}
        shortcut={shortcutOf('view.palette')}
        tooltipSide="right"
        onClick={() => setCommandPaletteOpen(true)}
      />
      <IconButton
        label={t('app:rail.tests')}
        icon={<FlaskConical size={18} aria-hidden />}
        tooltipSide="right"
        onClick={() => openPanel('tests')}
      />
      <IconButton
        label={t('app:rail.runs')}
        icon={<History size={18} aria-hidden />}
        shortcut={shortcutOf('view.runs')}
        isPressed={current === 'runs'}
        tooltipSide="right"
        onClick={() => setRailView(current === 'runs' ? null : 'runs')}
      />
      <span className="rail-gap" />
      <IconButton
        label={t('app:rail.settings')}
        icon={<Settings2 size={18} aria-hidden />}
        isPressed={current === 'settings'}
        tooltipSide="right"
        onClick={() => setRailView(current === 'settings' ? null : 'settings')}
      />
    </nav>
  );
}
