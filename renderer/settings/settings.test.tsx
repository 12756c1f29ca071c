import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { findCommand, registerCommands, type Command } from '../app/commands.ts';
import { commandFor } from '../app/keyboard.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import type { FakeHost } from '../host/fake.ts';
import { loadSettings } from '../stores/settings-store.ts';
import { renderInApp, startTest } from '../testing/app.tsx';
import { followBindings } from './bindings.ts';
import { SettingsView } from './SettingsView.tsx';

let host: FakeHost;
let stop: () => void = () => undefined;

function command(id: string, shortcuts?: readonly string[]): Command {
  return { id, titleKey: id, groupKey: 'group', run: vi.fn(), ...(shortcuts === undefined ? {} : { shortcuts }) };
}

beforeEach(async () => {
  stop();
  host = startTest({ settings: { shortcuts: { second: ['Mod+J'] } } });
  await loadSettings();
  registerCommands([command('first', ['Mod+A']), command('second', ['Mod+B'])]);
  stop = followBindings();
});

it('gives commands the keys that the user chose, wherever they are shown or pressed', async () => {
  expect(shortcutOf('second')).toBe('Ctrl+J');
  registerCommands([command('late', ['Mod+L'])]);
  expect(findCommand('second')?.shortcuts).toEqual(['Mod+J']);

  renderInApp(<SettingsView />);
  const keys = screen.getByRole('button', { name: 'Change the keys of first' });
  fireEvent.click(keys);
  fireEvent.keyDown(keys, { key: 'Control', ctrlKey: true });
  fireEvent.keyDown(keys, { key: 'j', ctrlKey: true });
  expect(shortcutOf('first')).toBe('Ctrl+J');
  expect(await host.settings()).toMatchObject({ shortcuts: { first: ['Mod+J'], second: ['Mod+J'] } });
  expect(screen.getAllByRole('status').map((one) => one.textContent)).toEqual([
    'Also: second. The first that can be done is.',
    'Also: first. The first that can be done is.',
  ]);
  expect(commandFor(new KeyboardEvent('keydown', { key: 'j', ctrlKey: true }))?.id).toBe('first');

  fireEvent.click(screen.getByRole('button', { name: 'Reset the keys of second' }));
  expect(shortcutOf('second')).toBe('Ctrl+B');
  fireEvent.click(screen.getByRole('button', { name: 'Reset all keys' }));
  expect([shortcutOf('first'), screen.queryByRole('status')]).toEqual(['Ctrl+A', null]);
});

it('finds commands by name and by keys', () => {
  renderInApp(<SettingsView />);
  const shown = (): number => screen.queryAllByRole('button', { name: /^Change the keys/ }).length;
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ctrl+j' } });
  expect(shown()).toBe(1);
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nothing' } });
  expect(shown()).toBe(0);
});

it('grants trust and takes it away', async () => {
  renderInApp(<SettingsView />);
  fireEvent.click(screen.getByRole('switch', { name: 'Trust this workspace' }));
  await vi.waitFor(() => expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('true'));
  expect(await host.info()).toMatchObject({ isTrusted: true });
  fireEvent.click(screen.getByRole('switch'));
  await vi.waitFor(() => expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('false'));
});
