import type { TemplateInfo } from '../../runtime/protocol/host.ts';
import { t } from '../app/i18n/index.ts';

/** In the user's language where there is a translation, else as the template's README says it. */
export function templateText(template: TemplateInfo, part: 'title' | 'description'): string {
  return t(`templates:${template.name}.${part}`, { defaultValue: template[part] });
}
