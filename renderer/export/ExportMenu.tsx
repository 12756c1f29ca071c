import { ChevronDown, FileOutput } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { targets } from '../../runtime/exporters/targets.ts';
import { runCommand } from '../app/commands.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import { Button } from '../ui/Button.tsx';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { toggleTarget, useChosenTargets } from './chosen-targets.ts';

/** Export ▾ of the toolbar. */
export function ExportMenu({ isEnabled }: { readonly isEnabled: boolean }): ReactNode {
  const { t } = useTranslation();
  const chosen = useChosenTargets();
  const entries: MenuEntry[] = [
    {
      id: 'export',
      label: t('export:command'),
      shortcut: shortcutOf('file.export'),
      run: () => runCommand('file.export'),
    },
    {
      id: 'deploy',
      label: t('deploy:command'),
      shortcut: shortcutOf('run.deploy'),
      run: () => runCommand('run.deploy'),
    },
    {
      id: 'compare',
      label: t('compare:command'),
      shortcut: shortcutOf('run.compare'),
      run: () => runCommand('run.compare'),
    },
    {
      id: 'import',
      label: t('export:import.command'),
      shortcut: shortcutOf('file.importSql'),
      run: () => runCommand('file.importSql'),
    },
    'separator',
    { heading: t('export:targets.heading') },
    ...targets.map(({ id, label }) => ({
      id,
      label,
      isChecked: chosen.includes(id),
      run: () => toggleTarget(id),
    })),
  ];
  return (
    <Menu align="end" entries={entries}>
      <Button icon={<FileOutput size={14} aria-hidden />} disabled={!isEnabled}>
        {t('export:menu')}
        <ChevronDown size={12} aria-hidden />
      </Button>
    </Menu>
  );
}
