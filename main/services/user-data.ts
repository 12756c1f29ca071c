/** What the app keeps for itself, outside the workspace: settings, recent documents, copies of unsaved work. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DEFAULT_APP_SETTINGS, type AppSettings } from '../../runtime/protocol/host.ts';
import { JsonFile } from './json-file.ts';
import { RunHistory } from './run-history.ts';

const MAX_RECENT = 20;

const settingsSchema: z.ZodType<AppSettings, unknown> = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['en', 'zh-CN']),
  layout: z.unknown(),
  sideBarWidth: z.number().default(DEFAULT_APP_SETTINGS.sideBarWidth),
  flink: z
    .object({
      gatewayUrl: z.string(),
      restUrl: z.string().nullable(),
      savepointFolder: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  shortcuts: z.record(z.string(), z.array(z.string())).default({}),
});

const recentSchema = z.object({
  workspace: z.string().nullable(),
  documents: z.record(z.string(), z.array(z.string())),
});
const trustedSchema = z.object({ workspaces: z.array(z.string()) });
const recoverySchema = z
  .object({ workspace: z.string(), path: z.string(), text: z.string(), savedAt: z.number() })
  .nullable();

export class UserData {
  readonly #folder: string;
  readonly #settings: JsonFile<AppSettings>;
  readonly #recent: JsonFile<z.infer<typeof recentSchema>>;
  readonly #trusted: JsonFile<z.infer<typeof trustedSchema>>;
  readonly #listeners: ((settings: AppSettings) => void)[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.#settings = new JsonFile(path.join(folder, 'settings.json'), settingsSchema, DEFAULT_APP_SETTINGS);
    this.#trusted = new JsonFile(path.join(folder, 'trusted.json'), trustedSchema, { workspaces: [] });
    this.#recent = new JsonFile(path.join(folder, 'recent.json'), recentSchema, { workspace: null, documents: {} });
  }

  settings(): Promise<AppSettings> {
    return this.#settings.read();
  }

  async changeSettings(change: Partial<AppSettings>): Promise<AppSettings> {
    const settings = await this.#settings.change((current) => ({ ...current, ...change }));
    for (const listener of this.#listeners) listener(settings);
    return settings;
  }

  /** Calls `listener` with the settings, now and whenever they change. */
  async followSettings(listener: (settings: AppSettings) => void): Promise<void> {
    listener(await this.settings());
    this.#listeners.push(listener);
  }

  /** Whether code in documents of this folder may run. Kept here and not in the workspace, which cannot vouch for itself. */
  async isTrusted(workspace: string): Promise<boolean> {
    return (await this.#trusted.read()).workspaces.includes(workspace);
  }

  async setTrusted(workspace: string, isTrusted: boolean): Promise<void> {
    await this.#trusted.change(({ workspaces }) => {
      const others = workspaces.filter((one) => one !== workspace);
      return { workspaces: isTrusted ? [...others, workspace] : others };
    });
  }

  async lastWorkspace(): Promise<string | null> {
    return (await this.#recent.read()).workspace;
  }

  /** Of what was run in a workspace. */
  runHistory(workspace: string): RunHistory {
    return new RunHistory(path.join(this.#folder, 'runs', `${nameOf(workspace)}.json`));
  }

  async noteWorkspace(workspace: string): Promise<void> {
    await this.#recent.change((current) => ({ ...current, workspace }));
  }

  /** Paths in `workspace`, the last opened first. */
  async recentDocuments(workspace: string): Promise<readonly string[]> {
    return (await this.#recent.read()).documents[workspace] ?? [];
  }

  async noteDocument(workspace: string, document: string): Promise<void> {
    await this.#recent.change(({ documents, ...rest }) => {
      const others = (documents[workspace] ?? []).filter((one) => one !== document);
      return { ...rest, documents: { ...documents, [workspace]: [document, ...others].slice(0, MAX_RECENT) } };
    });
  }

  /** Unsaved text kept since `after` (ms since the epoch); null = none. */
  async recovery(workspace: string, document: string, after: number): Promise<string | null> {
    const copy = await this.#recoveryCopy(workspace, document).read();
    return copy !== null && copy.savedAt > after ? copy.text : null;
  }

  async keepRecovery(workspace: string, document: string, text: string): Promise<void> {
    await this.#recoveryCopy(workspace, document).change(() => ({
      workspace,
      path: document,
      text,
      savedAt: Date.now(),
    }));
  }

  async dropRecovery(workspace: string, document: string): Promise<void> {
    await rm(this.#recoveryFile(workspace, document), { force: true });
  }

  #recoveryCopy(workspace: string, document: string): JsonFile<z.infer<typeof recoverySchema>> {
    return new JsonFile(this.#recoveryFile(workspace, document), recoverySchema, null);
  }

  #recoveryFile(workspace: string, document: string): string {
    return path.join(this.#folder, 'recovery', `${nameOf(workspace, document)}.json`);
  }
}

/** A file's name for what belongs to these. */
function nameOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Where the user's data is, as the system wants it; `MILLRACE_USER_DATA` overrides. */
export function userDataFolder(): string {
  const { MILLRACE_USER_DATA, XDG_CONFIG_HOME, APPDATA } = process.env;
  if (MILLRACE_USER_DATA !== undefined) return path.resolve(MILLRACE_USER_DATA);
  switch (process.platform) {
    case 'darwin':
      return path.join(homedir(), 'Library/Application Support/Millrace');
    case 'win32':
      return path.join(APPDATA ?? path.join(homedir(), 'AppData/Roaming'), 'Millrace');
    default:
      return path.join(XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'millrace');
  }
}
