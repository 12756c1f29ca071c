import { Minus, PencilLine, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mark } from './diff-store.ts';
import './diff.css';

const ICONS = { added: Plus, changed: PencilLine, removed: Minus };

/** A sign with its meaning in words: colour alone says nothing to some. */
export function DiffMark({ mark }: { readonly mark: Mark }): ReactNode {
  const { t } = useTranslation();
  const Icon = ICONS[mark];
  const text = t(`diff:mark.${mark}`);
  return (
    <span className={`diff-mark is-${mark}`} title={text}>
      <Icon size={11} strokeWidth={2.5} aria-hidden />
      <span className="ui-visually-hidden">{text}</span>
    </span>
  );
}
