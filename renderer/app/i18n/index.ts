/**
 * Texts of the app. Every folder keeps its own in `locales/{en,zh-CN}.json`: the folder's name is the namespace, so that
 * `t('canvas:node.busy')` is found in canvas/locales. `operators` and `templates` have only translations:
 * the originals are in the operators' specs and the templates' READMEs.
 */
import i18next, { type Resource } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { AppSettings } from '../../../runtime/protocol/host.ts';
import { useSettingsStore } from '../../stores/settings-store.ts';
import chineseOperators from './operators.zh-CN.json';
import chineseTemplates from './templates.zh-CN.json';

export type Language = AppSettings['language'];

export const LANGUAGES: readonly { readonly id: Language; readonly name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'zh-CN', name: '简体中文' },
];

const files = import.meta.glob<Record<string, unknown>>('./*/locales/*.json', {
  base: '../..',
  eager: true,
  import: 'default',
});

/** Language → namespace → texts. */
export const resources: Resource = { 'zh-CN': { operators: chineseOperators, templates: chineseTemplates } };
for (const [path, texts] of Object.entries(files)) {
  const [, namespace, language] = /\/([^/]+)\/locales\/([^/]+)\.json$/.exec(path) ?? [];
  if (namespace === undefined || language === undefined) continue;
  (resources[language] ??= {})[namespace] = texts as Record<string, string>;
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources,
  defaultNS: 'app',
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
  showSupportNotice: false,
});

/** Translates outside React. Components use `useTranslation` of react-i18next and so follow a change of language. */
export const t = i18next.t.bind(i18next);

export function currentLanguage(): Language {
  return useSettingsStore.getState().settings.language;
}

/** Keeps the texts and the page's `lang` in step with the settings. Returns the way to stop. */
export function followLanguage(): () => void {
  const apply = (language: Language): void => {
    document.documentElement.lang = language;
    if (i18next.language !== language) void i18next.changeLanguage(language);
  };
  apply(currentLanguage());
  return useSettingsStore.subscribe((state) => apply(state.settings.language));
}
