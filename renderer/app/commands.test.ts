// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { canvasCommands } from '../canvas/canvas-commands.ts';
import { diagnosisCommands } from '../diagnosis/diagnosis-commands.ts';
import { testsCommands } from '../tests/tests-commands.ts';
import { sketch, openPipeline, startTest } from '../testing/app.tsx';
import { appCommands } from './app-commands.ts';
import { groupCommands, registerCommands, runCommand, useCommandStore, type Command } from './commands.ts';
import { commandFor } from './keyboard.ts';
import { matchesShortcut, printShortcut, type KeyPress } from './shortcuts.ts';

const plain: KeyPress = { key: 'a', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

function command(id: string, change: Partial<Command> = {}): Command {
  return { id, titleKey: id, groupKey: 'group', run: () => undefined, ...change };
}

describe('command registry', () => {
  beforeEach(() => void startTest());

  it('runs a command by its id, unless it cannot be done now', () => {
    const run = vi.fn();
    registerCommands([command('a', { run }), command('b', { run, isEnabled: () => false })]);
    runCommand('a');
    runCommand('b');
    runCommand('gone');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('takes out what was registered, but not what replaced it', () => {
    const takeOut = registerCommands([command('a'), command('b')]);
    const newer = command('a');
    registerCommands([newer]);
    takeOut();
    expect([...useCommandStore.getState().commands.values()]).toEqual([newer]);
  });

  it('groups in the order of registration', () => {
    const groups = groupCommands([
      command('a', { groupKey: 'x' }),
      command('b', { groupKey: 'y' }),
      command('c', { groupKey: 'x' }),
    ]);
    expect([...groups].map(([key, group]) => [key, group.map((one) => one.id)])).toEqual([
      ['x', ['a', 'c']],
      ['y', ['b']],
    ]);
  });
});

describe('shortcuts', () => {
  it.each([
    ['Mod+S', { key: 's', ctrlKey: true }, true],
    ['Mod+S', { key: 'S', ctrlKey: true, shiftKey: true }, false],
    ['Mod+Shift+L', { key: 'L', ctrlKey: true, shiftKey: true }, true],
    ['Mod+=', { key: '=', ctrlKey: true }, true],
    ['F5', { key: 'F5' }, true],
    ['Delete', { key: 'Delete', ctrlKey: true }, false],
    ['Mod+Delete', { key: 'Delete', ctrlKey: true }, true],
    ['Mod+S', { key: 's', metaKey: true }, false],
    ['Mod+S', { key: 'ы', code: 'KeyS', ctrlKey: true }, true],
    ['Alt+N', { key: 'ñ', code: 'KeyN', altKey: true }, true],
  ])('%s and %o: %s', (shortcut, press, expected) => {
    expect(matchesShortcut(shortcut, { ...plain, ...press }, false)).toBe(expected);
  });

  it('are written as the platform writes them', () => {
    expect(printShortcut('Alt+ArrowDown', false)).toBe('Alt+↓');
    expect([printShortcut('Mod+Shift+L', false), printShortcut('Mod+Shift+L', true), printShortcut(undefined)]).toEqual(
      ['Ctrl+Shift+L', '⌘⇧L', null],
    );
  });

  it('are not given twice', () => {
    const all = [...appCommands, ...canvasCommands, ...diagnosisCommands, ...testsCommands].flatMap(
      (one) => one.shortcuts ?? [],
    );
    expect(all.filter((shortcut, i) => all.indexOf(shortcut) !== i)).toEqual([]);
  });
});

describe('keys', () => {
  beforeEach(() => {
    startTest();
    document.body.innerHTML =
      '<input id="text"><div data-scope="canvas"><button id="node"></button></div><button id="other"></button>';
    registerCommands([...appCommands, ...canvasCommands, ...diagnosisCommands]);
    openPipeline(sketch({ a: { type: 'filter' } }));
  });

  function pressed(where: string, init: KeyboardEventInit): string | null {
    const event = new KeyboardEvent('keydown', init);
    Object.defineProperty(event, 'target', { value: document.querySelector(where) });
    return commandFor(event)?.id ?? null;
  }

  it('of the canvas work on the canvas only', () => {
    const all = { key: 'a', ctrlKey: true };
    expect([pressed('#node', all), pressed('#other', all), pressed('#text', all)]).toEqual([
      'canvas.selectAll',
      null,
      null,
    ]);
  });

  it('of undo leave text fields alone', () => {
    const undo = { key: 'z', ctrlKey: true };
    registerCommands([command('edit.undo', { shortcuts: ['Mod+Z'], scope: 'outside-text' })]);
    expect([pressed('#text', undo), pressed('#other', undo)]).toEqual([null, 'edit.undo']);
  });

  it('of the file work everywhere, but not behind a dialog', () => {
    const save = { key: 's', ctrlKey: true };
    expect([pressed('#text', save), pressed('#node', save)]).toEqual(['file.save', 'file.save']);
    document.body.insertAdjacentHTML('beforeend', '<div role="dialog" data-state="open"></div>');
    expect(pressed('#node', save)).toBeNull();
  });
});
