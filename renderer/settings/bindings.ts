/** Shortcuts that the user has given commands. Commands carry what holds, so that menus, palette and keys need not know of it. */
import { useCommandStore, type Command } from '../app/commands.ts';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';

export type Shortcuts = Readonly<Record<string, readonly string[]>>;

export function useOwnShortcuts(): Shortcuts {
  return useSettingsStore((state) => state.settings.shortcuts);
}

/** In place of all that the command had. */
export function setShortcut(id: string, shortcut: string): void {
  changeSettings({ shortcuts: { ...useSettingsStore.getState().settings.shortcuts, [id]: [shortcut] } });
}

export function resetShortcut(id: string): void {
  const { [id]: _own, ...others } = useSettingsStore.getState().settings.shortcuts;
  changeSettings({ shortcuts: others });
}

export function resetAllShortcuts(): void {
  changeSettings({ shortcuts: {} });
}

/**
 * Other commands with one of its shortcuts, where either was given it by the user. Those that share one by themselves are never meant at the
 * same time: F5 runs, and goes on while something is debugged.
 */
export function conflictsOf(command: Command, own: Shortcuts): readonly Command[] {
  const mine = new Set((command.shortcuts ?? []).map((one) => one.toLowerCase()));
  return [...useCommandStore.getState().commands.values()].filter(
    (other) =>
      other.id !== command.id &&
      (own[command.id] ?? own[other.id]) !== undefined &&
      (other.shortcuts ?? []).some((one) => mine.has(one.toLowerCase())),
  );
}

/** Keeps the registered commands in step with the settings. Returns the way to stop. */
export function followBindings(): () => void {
  /** What commands have by themselves, by id. */
  const originals = new Map<string, Command>();
  const apply = (): void => {
    const { shortcuts } = useSettingsStore.getState().settings;
    const { commands } = useCommandStore.getState();
    let isChanged = false;
    const next = new Map(
      [...commands].map(([id, command]): [string, Command] => {
        const known = originals.get(id);
        // Registered anew: that is the command now.
        const original = known === undefined || known.run !== command.run ? command : known;
        originals.set(id, original);
        const own = shortcuts[id];
        const wanted = own ?? original.shortcuts;
        if (command.shortcuts === wanted) return [id, command];
        isChanged = true;
        const { shortcuts: _shortcuts, ...rest } = original;
        return [id, wanted === undefined ? rest : { ...rest, shortcuts: wanted }];
      }),
    );
    if (isChanged) useCommandStore.setState({ commands: next });
  };
  apply();
  const stopSettings = useSettingsStore.subscribe((state, before) => {
    if (state.settings.shortcuts !== before.settings.shortcuts) apply();
  });
  const stopCommands = useCommandStore.subscribe(apply);
  return () => {
    stopSettings();
    stopCommands();
  };
}
