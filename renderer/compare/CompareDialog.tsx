import { GitCompareArrows } from 'lucide-react';
import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { targets } from '../../runtime/exporters/targets.ts';
import {
  COMPARISON_DEFAULTS,
  ENGINE_NAMES,
  ENGINE_TARGETS,
  type EngineName,
} from '../../runtime/protocol/comparison.ts';
import { exportOpen } from '../export/exported.ts';
import { LossList } from '../export/LossList.tsx';
import { givenParameters, ParameterFields } from '../run/ParameterFields.tsx';
import { cancelComparison, compare, useComparisonStore } from '../stores/comparison-store.ts';
import { useActiveDocument, type OpenDocument } from '../stores/document-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { revealOnCanvas } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, Segmented, Switch, TextInput } from '../ui/fields.tsx';
import { ComparisonOutcome } from './ComparisonOutcome.tsx';
import { ComparisonSteps } from './ComparisonSteps.tsx';
import './compare.css';

const FORM_ID = 'compare';
const MAX_ROWS = 1_000_000;
const MAX_SECONDS = 3600;

/** Runs the pipeline here and on a real engine, over the same input, and shows which rows differ. It goes on when it is closed. */
export function CompareDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const open = useActiveDocument();
  return open === null ? null : <CompareOf open={open} onClose={onClose} />;
}

function CompareOf({ open, onClose }: { readonly open: OpenDocument; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { path, document } = open;
  const running = useComparisonStore((state) => state.running);
  const result = useComparisonStore((state) => state.results.get(path) ?? null);
  const runParams = useRunStore((state) => state.settings.params);
  const meant = ENGINE_NAMES.find((name) => document.settings.targets.includes(ENGINE_TARGETS[name]));
  const [engine, setEngine] = useState<EngineName>(running?.engine ?? result?.engine ?? meant ?? 'flink');
  const [rows, setRows] = useState(String(COMPARISON_DEFAULTS.maxRows));
  const [seconds, setSeconds] = useState(String(COMPARISON_DEFAULTS.maxSeconds));
  const [isLateAllowed, setLateAllowed] = useState<boolean>(COMPARISON_DEFAULTS.isLateAllowed);
  const [params, setParams] = useState(runParams);

  const target = targets.find(({ id }) => id === ENGINE_TARGETS[engine])!;
  const exported = useMemo(() => exportOpen(path, document, target), [path, document, target]);
  const isValid = isWhole(rows, MAX_ROWS) && isWhole(seconds, MAX_SECONDS);
  const isHere = running?.path === path;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isValid || running !== null) return;
    void compare({
      engine,
      params: givenParameters(document.settings.params, params),
      maxRows: Number(rows),
      maxSeconds: Number(seconds),
      isLateAllowed,
    });
  };
  const goTo = (node: Parameters<typeof revealOnCanvas>[0]): void => {
    onClose();
    revealOnCanvas(node);
  };
  return (
    <Dialog
      title={t('compare:title', { name: document.name })}
      description={t('compare:description')}
      onClose={onClose}
      width={1080}
      actions={
        <>
          <span className="compare-status" role="status">
            {running === null ? '' : t(isHere ? 'compare:goesOn' : 'compare:other', { path: running.path })}
          </span>
          {running !== null && <Button onClick={() => void cancelComparison()}>{t('compare:cancel')}</Button>}
          <Button onClick={onClose}>{t('ui:close')}</Button>
          <Button
            tone="primary"
            type="submit"
            form={FORM_ID}
            icon={<GitCompareArrows size={14} aria-hidden />}
            disabled={!isValid || running !== null}
          >
            {t('compare:start')}
          </Button>
        </>
      }
    >
      <div className="compare">
        <form id={FORM_ID} className="compare-form" onSubmit={submit}>
          <Segmented
            label={t('compare:engine')}
            value={engine}
            options={ENGINE_NAMES.map((value) => ({ value, label: t(`compare:engines.${value}`) }))}
            onChange={setEngine}
          />
          <p className="compare-hint">{t(`compare:needs.${engine}`)}</p>
          <Field
            label={t('compare:rows')}
            help={t('compare:rowsHelp')}
            error={isWhole(rows, MAX_ROWS) ? undefined : t('compare:range', { max: MAX_ROWS })}
          >
            {(ids) => <TextInput {...ids} isMono inputMode="numeric" value={rows} onChange={setRows} />}
          </Field>
          <Field
            label={t('compare:seconds')}
            help={t('compare:secondsHelp')}
            error={isWhole(seconds, MAX_SECONDS) ? undefined : t('compare:range', { max: MAX_SECONDS })}
          >
            {(ids) => <TextInput {...ids} isMono inputMode="numeric" value={seconds} onChange={setSeconds} />}
          </Field>
          <div className="compare-late">
            <Switch id="compare-late" isOn={isLateAllowed} onChange={setLateAllowed} />
            <label htmlFor="compare-late">
              {t('compare:late')}
              <small>{t('compare:lateHelp')}</small>
            </label>
          </div>
          <ParameterFields defined={document.settings.params} values={params} onChange={setParams} />
        </form>
        <div className="compare-main">
          {isHere ? (
            <ComparisonSteps running={running} />
          ) : (
            result !== null && <ComparisonOutcome result={result} document={document} onNode={goTo} />
          )}
          <h3>{t('export:losses', { target: target.label })}</h3>
          {exported.report === null ? (
            <p className="export-none">{t('export:invalid')}</p>
          ) : (
            <LossList report={exported.report} onNode={goTo} />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function isWhole(text: string, max: number): boolean {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= max;
}
