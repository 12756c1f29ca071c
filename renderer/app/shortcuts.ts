/** Shortcuts as texts (`Mod+Shift+L`): read from key events, printed as the platform writes them. Pure but for the platform. */
import { findCommand } from './commands.ts';

export const IS_MAC = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

/** What of a key event a shortcut looks at. */
export interface KeyPress {
  readonly key: string;
  /** The place on the keyboard: `KeyN`. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export function matchesShortcut(shortcut: string, press: KeyPress, isMac = IS_MAC): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) === '' ? '+' : (parts.at(-1) ?? '');
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const otherMod = isMac ? press.ctrlKey : press.metaKey;
  return (
    keyOf(press).toLowerCase() === key.toLowerCase() &&
    mod === wants('Mod') &&
    !otherMod &&
    press.shiftKey === wants('Shift') &&
    press.altKey === wants('Alt')
  );
}

/** Layouts of other scripts and a Mac's Option give other letters (`ñ` for Alt+N): there the place of the key counts. */
function keyOf({ key, code = '' }: KeyPress): string {
  if (key.length !== 1 || /[\x20-\x7e]/.test(key)) return key;
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? key;
}

/** Keys that only change what others mean. */
const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Meta', 'Shift', 'Alt', 'AltGraph', 'CapsLock']);

/** The shortcut that is being pressed; null while it is modifiers only. */
export function pressedShortcut(press: KeyPress, isMac = IS_MAC): string | null {
  if (MODIFIERS.has(press.key)) return null;
  const pressed = keyOf(press);
  const key = pressed.length === 1 ? pressed.toUpperCase() : pressed;
  const mod = isMac ? press.metaKey : press.ctrlKey;
  return [...(mod ? ['Mod'] : []), ...(press.altKey ? ['Alt'] : []), ...(press.shiftKey ? ['Shift'] : []), key].join(
    '+',
  );
}

const ARROWS = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };
const MAC_SIGNS: Readonly<Record<string, string>> = {
  ...ARROWS,
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Delete: '⌦',
  Backspace: '⌫',
  Enter: '↩',
};
const OTHER_NAMES: Readonly<Record<string, string>> = { ...ARROWS, Mod: 'Ctrl', Delete: 'Del' };

/** `Ctrl+Shift+L`, on a Mac `⌘⇧L`; null for none. */
export function printShortcut(shortcut: string | undefined, isMac = IS_MAC): string | null {
  if (shortcut === undefined) return null;
  const parts = shortcut.split('+');
  return isMac
    ? parts.map((part) => MAC_SIGNS[part] ?? part).join('')
    : parts.map((part) => OTHER_NAMES[part] ?? part).join('+');
}

/** The printed shortcut of a command. */
export function shortcutOf(commandId: string): string | null {
  return printShortcut(findCommand(commandId)?.shortcuts?.[0]);
}
