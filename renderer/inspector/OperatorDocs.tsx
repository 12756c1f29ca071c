import { BookOpen } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import { operatorDocs } from '../ui/operator-assets.ts';
import { Disclosure } from './Disclosure.tsx';

/** The operator's help, read from its folder when it is opened. */
export function OperatorDocs({ type }: { readonly type: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <Disclosure title={t('inspector:docs.title')} icon={<BookOpen size={13} aria-hidden />}>
      <Text key={type} type={type} />
    </Disclosure>
  );
}

function Text({ type }: { readonly type: string }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    void operatorDocs(type).then((found) => isShown && setText(found ?? ''));
    return () => {
      isShown = false;
    };
  }, [type]);
  if (text === null) return <p className="inspector-nothing">{t('inspector:docs.loading')}</p>;
  if (text === '') return <p className="inspector-nothing">{t('inspector:docs.none')}</p>;
  return (
    <div className="inspector-docs">
      <Markdown>{withoutTitle(text)}</Markdown>
    </div>
  );
}

/** The inspector's header says it already. */
function withoutTitle(markdown: string): string {
  return markdown.replace(/^# .*\n+/, '');
}
