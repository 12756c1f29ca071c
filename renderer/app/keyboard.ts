/** Turns key presses into commands. */
import { isTyping } from '../canvas/canvas-keys.ts';
import { isCommandEnabled, useCommandStore, type Command } from './commands.ts';
import { matchesShortcut } from './shortcuts.ts';

/** Returns the way to stop. */
export function listenToKeys(target: Document): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = commandFor(event);
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    void command.run();
  };
  // Before React's own handlers: a canvas shortcut must not first reach what has the focus in it.
  target.addEventListener('keydown', onKeyDown, { capture: true });
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true });
}

/** The command that a key press asks for, if it can be done now and here. */
export function commandFor(event: KeyboardEvent): Command | null {
  for (const command of useCommandStore.getState().commands.values()) {
    const isMeant = command.shortcuts?.some((shortcut) => matchesShortcut(shortcut, event)) ?? false;
    if (isMeant && isInScope(command, event.target) && isCommandEnabled(command)) return command;
  }
  return null;
}

function isInScope(command: Command, target: EventTarget | null): boolean {
  if (isDialogOpen() || isRecording(target)) return false;
  if (command.scope === undefined) return true;
  if (isTyping(target)) return false;
  if (command.scope === 'outside-text') return true;
  return !(target instanceof Element) || target === document.body || target.closest('[data-scope="canvas"]') !== null;
}

/** Keys are being chosen: they mean nothing yet. */
function isRecording(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-records-keys]') !== null;
}

/** A dialog or menu has the keyboard to itself. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null;
}
