import { applyEdits, type TextEdit } from '../../expression/index.ts';
import { setAt, type ConfigPath, type RawConfig } from '../../graph/index.ts';

/** Edits of the text at `path` in a node's config. */
export interface TextChange {
  readonly path: ConfigPath;
  readonly text: string;
  readonly edits: readonly TextEdit[];
  /** `none`; whether the field is meant there only a person can tell: it seems `likely`, or not. */
  readonly doubt: 'none' | 'likely' | 'unlikely';
}

/** A text that is a name as a whole. */
export function replaced(path: ConfigPath, text: string, to: string): TextChange {
  return { path, text, edits: [{ range: { start: 0, end: text.length }, text: to }], doubt: 'none' };
}

/** The config with all changes that are not in doubt. */
export function withChanges(config: RawConfig, changes: readonly TextChange[]): RawConfig {
  return changes
    .filter(({ doubt }) => doubt === 'none')
    .reduce((changed, { path, text, edits }) => setAt(changed, path, applyEdits(text, edits)) as RawConfig, config);
}
