/** Texts of forms come from the operators' specs, in English. Here are their translations: looked up by the text itself. */
import { useTranslation } from 'react-i18next';
import chinese from './form-texts.zh-CN.json';

const TRANSLATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'zh-CN': chinese };

/** In `language` where there is a translation, else as it is. */
export function formText(language: string, text: string): string {
  const texts = TRANSLATIONS[language];
  return texts !== undefined && Object.hasOwn(texts, text) ? texts[text]! : text;
}

/** Translates a label, help or option of a form into the user's language. */
export function useFormText(): (text: string) => string {
  const { i18n } = useTranslation();
  return (text) => formText(i18n.language, text);
}
