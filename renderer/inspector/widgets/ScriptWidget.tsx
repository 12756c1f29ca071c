import { Maximize2 } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScriptEditor } from '../../code/ScriptEditor.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { printPath } from '../form/config-path.ts';
import { useForm } from '../form/form-context.ts';
import { ProblemLines } from '../form/ProblemLines.tsx';
import { asText } from './raw-text.ts';
import { useEditorProblems } from './use-editor-problems.ts';
import type { WidgetProps } from './widget.ts';

/** Wide enough for code and what is completed beside it. */
const LARGE_WIDTH = 980;

export function ScriptWidget({ form, value, path, label, ids, onChange }: WidgetProps<'script'>): ReactNode {
  const { t } = useTranslation();
  const { config, inputs, problemsAt, revealed } = useForm();
  const [isLarge, setLarge] = useState(false);
  const place = printPath(path);
  const typings = useMemo(
    () =>
      form.typings(
        (config ?? {}) as Readonly<Record<string, unknown>>,
        inputs.map(({ shape }) => shape),
      ),
    [form, config, inputs],
  );
  const problems = useEditorProblems(place);
  const editor = (
    <ScriptEditor
      ids={ids}
      label={label}
      value={asText(value)}
      typings={typings}
      problems={problems}
      place={revealed !== null && revealed.path === place ? revealed : null}
      onChange={onChange}
    />
  );
  return (
    <div data-widget>
      <div className="inspector-script">{isLarge ? null : editor}</div>
      <Button icon={<Maximize2 size={14} aria-hidden />} onClick={() => setLarge(true)}>
        {t('inspector:script.enlarge')}
      </Button>
      {isLarge && (
        <Dialog title={label} width={LARGE_WIDTH} onClose={() => setLarge(false)}>
          <div className="inspector-script inspector-script-large">{editor}</div>
          <ProblemLines id={`${ids.id}-large-problems`} problems={problemsAt(place)} />
        </Dialog>
      )}
    </div>
  );
}
