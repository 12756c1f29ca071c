import { Keyboard, RotateCcw } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../app/i18n/index.ts';
import { groupCommands, useCommandStore, type Command } from '../app/commands.ts';
import { pressedShortcut, printShortcut } from '../app/shortcuts.ts';
import { notifyError } from '../stores/notice-store.ts';
import { changeSettings, setTrusted, useSettingsStore } from '../stores/settings-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { SearchInput, Segmented, Switch } from '../ui/fields.tsx';
import {
  conflictsOf,
  resetAllShortcuts,
  resetShortcut,
  setShortcut,
  useOwnShortcuts,
  type Shortcuts,
} from './bindings.ts';
import './settings.css';

/** The app's settings: how it looks, what it may run, and which keys do what. */
export function SettingsView(): ReactNode {
  const { t } = useTranslation();
  const { settings, hostInfo } = useSettingsStore();
  const isTrusted = hostInfo?.isTrusted ?? false;
  const trust = (wanted: boolean): void =>
    void setTrusted(wanted).catch((error: unknown) => notifyError('run:trust.failed', error));
  return (
    <div className="settings">
      <section aria-labelledby="settings-looks">
        <h3 id="settings-looks">{t('settings:looks')}</h3>
        <span aria-hidden>{t('app:theme.label')}</span>
        <Segmented
          label={t('app:theme.label')}
          value={settings.theme}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`app:theme.${value}`) }))}
          onChange={(theme) => changeSettings({ theme })}
        />
        <span aria-hidden>{t('app:language')}</span>
        <Segmented
          label={t('app:language')}
          value={settings.language}
          options={LANGUAGES.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(language) => changeSettings({ language })}
        />
      </section>
      <section aria-labelledby="settings-trust">
        <h3 id="settings-trust">{t('settings:trust')}</h3>
        <label className="settings-switch">
          <Switch isOn={isTrusted} onChange={trust} />
          {t('settings:trusted')}
        </label>
        <p>{t(isTrusted ? 'settings:trustedHelp' : 'settings:untrustedHelp')}</p>
        <code title={hostInfo?.workspace}>{hostInfo?.workspace}</code>
      </section>
      <Shortcuts />
    </div>
  );
}

function Shortcuts(): ReactNode {
  const { t } = useTranslation();
  const commands = useCommandStore((state) => state.commands);
  const own = useOwnShortcuts();
  const [wanted, setWanted] = useState('');
  const words = wanted.trim().toLowerCase();
  const fits = (command: Command): boolean =>
    `${t(command.titleKey)} ${command.id} ${(command.shortcuts ?? []).map((one) => printShortcut(one)).join(' ')}`
      .toLowerCase()
      .includes(words);
  const groups = groupCommands([...commands.values()].filter(fits));
  return (
    <section aria-labelledby="settings-shortcuts">
      <h3 id="settings-shortcuts">{t('settings:shortcuts')}</h3>
      <SearchInput label={t('settings:find')} value={wanted} onChange={setWanted} />
      {Object.keys(own).length > 0 && (
        <Button isSmall icon={<RotateCcw size={13} aria-hidden />} onClick={resetAllShortcuts}>
          {t('settings:resetAll')}
        </Button>
      )}
      {groups.size === 0 && <p>{t('settings:none')}</p>}
      {[...groups].map(([groupKey, group]) => (
        <div key={groupKey} className="settings-group">
          <h4>{t(groupKey)}</h4>
          <ul>
            {group.map((command) => (
              <Binding key={command.id} command={command} own={own} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** A command and its keys; a click, then the new keys. */
function Binding({ command, own }: { readonly command: Command; readonly own: Shortcuts }): ReactNode {
  const { t } = useTranslation();
  const [isRecording, setRecording] = useState(false);
  const title = t(command.titleKey);
  const isOwn = own[command.id] !== undefined;
  const conflicts = conflictsOf(command, own);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isRecording) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') return setRecording(false);
    const shortcut = pressedShortcut(event);
    if (shortcut === null) return;
    setRecording(false);
    setShortcut(command.id, shortcut);
  };
  return (
    <li>
      <span title={command.id}>{title}</span>
      <button
        type="button"
        className="settings-keys"
        data-records-keys={isRecording ? '' : undefined}
        aria-label={t('settings:change', { command: title })}
        onClick={() => setRecording(true)}
        onBlur={() => setRecording(false)}
        onKeyDown={onKeyDown}
      >
        {isRecording ? (
          <em>{t('settings:press')}</em>
        ) : command.shortcuts === undefined || command.shortcuts.length === 0 ? (
          <Keyboard size={14} aria-hidden />
        ) : (
          command.shortcuts.map((one) => (
            <kbd key={one} className="ui-kbd">
              {printShortcut(one)}
            </kbd>
          ))
        )}
      </button>
      {isOwn && (
        <IconButton
          isSmall
          label={t('settings:reset', { command: title })}
          icon={<RotateCcw size={13} aria-hidden />}
          onClick={() => resetShortcut(command.id)}
        />
      )}
      {conflicts.length > 0 && (
        <small role="status">
          {t('settings:conflict', { commands: conflicts.map((one) => t(one.titleKey)).join(', ') })}
        </small>
      )}
    </li>
  );
}
