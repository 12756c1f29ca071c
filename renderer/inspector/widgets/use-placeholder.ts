import { useTranslation } from 'react-i18next';
import type { FormField } from '../../../runtime/core/config.ts';
import { asText } from './raw-text.ts';

/** What an empty input stands for: its default, or that it may stay empty; else `example`. */
export function usePlaceholder(form: FormField, example = ''): string {
  const { t } = useTranslation();
  const preset = asText(form.defaultValue);
  if (preset !== '') return preset;
  return form.optional ? t('inspector:form.optional') : example;
}
