import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import { setInNode } from '../../runtime/graph/index.ts';
import { addReader, insertOperator } from '../canvas/canvas-actions.ts';
import { parsePath } from '../inspector/form/config-path.ts';
import { usePlaceNames } from '../inspector/form/place-name.ts';
import { edit } from '../stores/document-store.ts';
import { operatorName } from '../ui/operator-assets.ts';

export function hasFix({ nodeId, insertion, addition, removal, setting }: Diagnostic): boolean {
  return (
    insertion !== undefined || addition !== undefined || ((removal ?? setting) !== undefined && nodeId !== undefined)
  );
}

/** What mends a problem by a click, in one step. */
export function ProblemFix({ problem }: { readonly problem: Diagnostic }): ReactNode {
  const { t } = useTranslation();
  const placeOf = usePlaceNames();
  const { nodeId, insertion, addition, removal, setting } = problem;
  if (insertion !== undefined) {
    return (
      <FixButton
        text={t('problems:insert', { name: operatorName(insertion.type) ?? insertion.type })}
        run={() => insertOperator(insertion)}
      />
    );
  }
  if (addition !== undefined) {
    return (
      <FixButton
        text={t('problems:add', { name: operatorName(addition.type) ?? addition.type })}
        run={() => addReader(addition)}
      />
    );
  }
  if (nodeId === undefined) return null;
  if (removal !== undefined) {
    const text = t('problems:leaveOut', { name: removal.name });
    const path = ['config', ...parsePath(removal.path)];
    return <FixButton text={text} run={() => edit(text, (document) => setInNode(document, nodeId, path, undefined))} />;
  }
  if (setting === undefined) return null;
  const { path, value } = setting;
  const text = t('problems:set', { name: placeOf(nodeId, path), value: String(value) });
  return (
    <FixButton text={text} run={() => edit(text, (document) => setInNode(document, nodeId, parsePath(path), value))} />
  );
}

function FixButton({ text, run }: { readonly text: string; readonly run: () => void }): ReactNode {
  return (
    <button type="button" className="fix" onClick={run}>
      {text}
    </button>
  );
}
