/** Light or dark: the user's choice, or the system's. The page carries it as `data-theme`; all colours are tokens of tokens.css. */
import { useSyncExternalStore } from 'react';
import { useSettingsStore } from '../../stores/settings-store.ts';

export type Theme = 'light' | 'dark';

const systemIsDark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const { settings, hostInfo } = useSettingsStore.getState();
  if (settings.theme !== 'system') return settings.theme;
  if (systemIsDark !== undefined) return systemIsDark.matches ? 'dark' : 'light';
  return hostInfo?.systemTheme ?? 'light';
}

function subscribe(listener: () => void): () => void {
  const unsubscribe = useSettingsStore.subscribe(listener);
  systemIsDark?.addEventListener('change', listener);
  return () => {
    unsubscribe();
    systemIsDark?.removeEventListener('change', listener);
  };
}

/** The theme on screen: what Monaco, charts and the canvas ask. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}

/** Keeps `data-theme` of the page in step. Returns the way to stop. */
export function followTheme(): () => void {
  const apply = (): void => {
    document.documentElement.dataset.theme = currentTheme();
  };
  apply();
  return subscribe(apply);
}
