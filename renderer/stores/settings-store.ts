/** The app's settings, kept by the host. */
import { create } from 'zustand';
import { DEFAULT_APP_SETTINGS, type AppSettings, type HostInfo } from '../../runtime/protocol/host.ts';
import { host } from '../host/host.ts';

export interface SettingsState {
  readonly settings: AppSettings;
  readonly hostInfo: HostInfo | null;
}

export const useSettingsStore = create<SettingsState>(() => ({ settings: DEFAULT_APP_SETTINGS, hostInfo: null }));

export async function loadSettings(): Promise<void> {
  const [settings, hostInfo] = await Promise.all([host().settings(), host().info()]);
  useSettingsStore.setState({ settings, hostInfo });
}

/** Settles once the host has kept it: from then on documents of this workspace may run code of their own, or may not. */
export async function setTrusted(isTrusted: boolean): Promise<void> {
  await host().setTrusted(isTrusted);
  useSettingsStore.setState(({ hostInfo }) => ({ hostInfo: hostInfo === null ? null : { ...hostInfo, isTrusted } }));
}

/** Takes effect at once; the host is told afterwards. */
export function changeSettings(change: Partial<AppSettings>): void {
  useSettingsStore.setState(({ settings }) => ({ settings: { ...settings, ...change } }));
  // Settings that could not be kept still hold for this session.
  host()
    .saveSettings(change)
    .catch(() => undefined);
}
