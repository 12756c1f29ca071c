import { Plus, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setSettings, type Settings } from '../../runtime/graph/index.ts';
import { edit, sealStep } from '../stores/document-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { TextInput } from '../ui/fields.tsx';

type Params = Settings['params'];

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Named values that config refers to as `${name}`. */
export function ParamsEditor({ params }: { readonly params: Params }): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const entries = Object.entries(params);
  const isTaken = Object.hasOwn(params, name);
  const canAdd = NAME.test(name) && !isTaken;

  const change = (label: string, next: Params, key: string | null = null): void =>
    edit(label, (document) => setSettings(document, { params: next }), key);
  const add = (): void => {
    if (!canAdd) return;
    change(t('inspector:edit.addParam', { name }), { ...params, [name]: '' });
    setName('');
  };
  return (
    <section className="inspector-params" aria-labelledby="inspector-params">
      <h3 id="inspector-params">{t('inspector:params.title')}</h3>
      {entries.length === 0 && <p className="inspector-nothing">{t('inspector:params.none')}</p>}
      {entries.map(([key, value]) => (
        <div key={key} className="inspector-param">
          <code title={key}>{`\${${key}}`}</code>
          <TextInput
            isMono
            aria-label={t('inspector:params.value', { name: key })}
            value={String(value)}
            onBlur={sealStep}
            onChange={(text) =>
              change(
                t('inspector:edit.param', { name: key }),
                { ...params, [key]: likeBefore(text, value) },
                `param:${key}`,
              )
            }
          />
          <IconButton
            label={t('inspector:params.remove', { name: key })}
            icon={<X size={13} aria-hidden />}
            isSmall
            onClick={() =>
              change(
                t('inspector:edit.removeParam', { name: key }),
                Object.fromEntries(entries.filter(([other]) => other !== key)),
              )
            }
          />
        </div>
      ))}
      <div className="inspector-param inspector-param-new">
        <TextInput
          isMono
          aria-label={t('inspector:params.newName')}
          placeholder={t('inspector:params.newName')}
          value={name}
          aria-invalid={name !== '' && !canAdd ? true : undefined}
          onChange={setName}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Button isSmall icon={<Plus size={13} aria-hidden />} disabled={!canAdd} onClick={add}>
          {t('inspector:params.add')}
        </Button>
      </div>
    </section>
  );
}

/** A number or truth value stays one as long as the text is one. */
function likeBefore(text: string, before: string | number | boolean): string | number | boolean {
  if (typeof before === 'number' && text.trim() !== '' && String(Number(text)) === text) return Number(text);
  if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
