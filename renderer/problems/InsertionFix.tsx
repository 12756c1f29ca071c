import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Insertion } from '../../runtime/core/diagnostics.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { insertOperator } from '../canvas/canvas-actions.ts';
import { operatorLabel } from '../ui/operator-assets.ts';

/** Puts the operator that mends a problem into its edge. */
export function InsertionFix({ insertion }: { readonly insertion: Insertion }): ReactNode {
  const { t } = useTranslation();
  const spec = findSpec(insertion.type);
  if (spec === null) return null;
  return (
    <button type="button" className="fix" onClick={() => insertOperator(insertion)}>
      {t('problems:insert', { name: operatorLabel(spec) })}
    </button>
  );
}
