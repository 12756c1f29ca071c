import { Blocks, Command, FlaskConical, FolderTree, ListTree, Search, Settings2, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { openPanel, setCommandPaletteOpen, setRailView, useViewStore, type RailView } from '../stores/view-store.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { IconButton } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { LANGUAGES } from './i18n/index.ts';
import { runCommand } from './commands.ts';
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
  const settings = useSettingsStore((state) => state.settings);
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
      <span className="rail-gap" />
      <Menu
        entries={[
          { heading: t('app:theme.label') },
          ...(['system', 'light', 'dark'] as const).map((id) => ({
            id,
            label: t(`app:theme.${id}`),
            isChecked: settings.theme === id,
            run: () => changeSettings({ theme: id }),
          })),
          { heading: t('app:language') },
          ...LANGUAGES.map(({ id, name }) => ({
            id,
            label: name,
            isChecked: settings.language === id,
            run: () => changeSettings({ language: id }),
          })),
          'separator',
          { id: 'shortcuts', label: t('app:commands.shortcuts'), run: () => openDialog({ type: 'shortcuts' }) },
          { id: 'reset', label: t('app:commands.resetLayout'), run: () => runCommand('view.resetLayout') },
        ]}
      >
        <IconButton label={t('app:rail.settings')} icon={<Settings2 size={18} aria-hidden />} tooltipSide="right" />
      </Menu>
    </nav>
  );
}
