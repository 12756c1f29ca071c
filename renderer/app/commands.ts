/** Every action of the app by name: what the palette lists, shortcuts trigger, toolbar and menus show. */
import type { LucideIcon } from 'lucide-react';
import { create } from 'zustand';

export interface Command {
  /** `document.save`; never shown. */
  readonly id: string;
  /** Key of its name. */
  readonly titleKey: string;
  /** Key of the heading it is listed under in the palette. */
  readonly groupKey: string;
  readonly icon?: LucideIcon;
  /** `Mod+S`: Mod is Ctrl, on a Mac ⌘. The first is shown, all of them work. */
  readonly shortcuts?: readonly string[];
  /**
   * Where its shortcuts work: `canvas` while the focus is on the graph (or nowhere), `outside-text` except in text fields, which
   * have their own meaning of the keys. Everywhere if left out.
   */
  readonly scope?: 'canvas' | 'outside-text';
  /** Whether it can be done now; true if left out. */
  readonly isEnabled?: () => boolean;
  readonly run: () => void | Promise<void>;
}

interface CommandState {
  readonly commands: ReadonlyMap<string, Command>;
}

export const useCommandStore = create<CommandState>(() => ({ commands: new Map() }));

/** Adds commands under their ids; the same id again replaces. Returns the way to take them out. */
export function registerCommands(commands: readonly Command[]): () => void {
  useCommandStore.setState((state) => {
    const next = new Map(state.commands);
    for (const command of commands) next.set(command.id, command);
    return { commands: next };
  });
  return () =>
    useCommandStore.setState((state) => {
      const next = new Map(state.commands);
      for (const command of commands) if (next.get(command.id) === command) next.delete(command.id);
      return { commands: next };
    });
}

export function findCommand(id: string): Command | null {
  return useCommandStore.getState().commands.get(id) ?? null;
}

export function isCommandEnabled(command: Command): boolean {
  return command.isEnabled?.() ?? true;
}

/** Does nothing when it is not there or cannot be done now. */
export function runCommand(id: string): void {
  const command = findCommand(id);
  if (command !== null && isCommandEnabled(command)) void command.run();
}

/** By the heading they are listed under, in the order they were registered. */
export function groupCommands(commands: Iterable<Command>): ReadonlyMap<string, readonly Command[]> {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = groups.get(command.groupKey);
    if (group === undefined) groups.set(command.groupKey, [command]);
    else group.push(command);
  }
  return groups;
}
