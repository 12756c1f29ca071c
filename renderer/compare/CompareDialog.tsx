import { GitCompareArrows } from 'lucide-react';
import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fidelity } from '../../runtime/core/exporter.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { LossReport } from '../../runtime/exporters/loss-report.ts';
import { targets } from '../../runtime/exporters/targets.ts';
import {
  COMPARISON_DEFAULTS,
  COMPARISON_LIMITS,
  ENGINE_NAMES,
  ENGINE_TARGETS,
  type EngineName,
} from '../../runtime/protocol/comparison.ts';
import { exportOpen } from '../export/exported.ts';
import { LossList } from '../export/LossList.tsx';
import { givenParameters, ParameterFields } from '../run/ParameterFields.tsx';
import { cancelComparison, compare, resultOf, useComparisonStore } from '../stores/comparison-store.ts';
import { useActiveDocument, type OpenDocument } from '../stores/document-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { revealOnCanvas } from '../stores/view-store.ts';
import { Button, join } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, Segmented, Switch, TextInput } from '../ui/fields.tsx';
import { ComparedRows } from './ComparedRows.tsx';
import { ComparisonSteps } from './ComparisonSteps.tsx';
import { ComparisonVerdict } from './ComparisonVerdict.tsx';
import './compare.css';

const FORM_ID = 'compare';
const { maxRows: MAX_ROWS, maxSeconds: MAX_SECONDS } = COMPARISON_LIMITS;

/** Runs the pipeline here and on a real engine, over the same input, and shows which rows differ. It goes on when it is closed. */
export function CompareDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const open = useActiveDocument();
  return open === null ? null : <CompareOf open={open} onClose={onClose} />;
}

function CompareOf({ open, onClose }: { readonly open: OpenDocument; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { path, document } = open;
  const running = useComparisonStore((state) => state.running);
  const runParams = useRunStore((state) => state.settings.params);
  const meant = ENGINE_NAMES.find((name) => document.settings.targets.includes(ENGINE_TARGETS[name]));
  const [engine, setEngine] = useState<EngineName>(running?.engine ?? lastEngine(path) ?? meant ?? 'flink');
  const result = useComparisonStore((state) => resultOf(state, path, engine));
  const [rows, setRows] = useState(String(COMPARISON_DEFAULTS.maxRows));
  const [seconds, setSeconds] = useState(String(COMPARISON_DEFAULTS.maxSeconds));
  const [isLateAllowed, setLateAllowed] = useState<boolean>(COMPARISON_DEFAULTS.isLateAllowed);
  const [params, setParams] = useState(runParams);

  const target = targets.find(({ id }) => id === ENGINE_TARGETS[engine])!;
  const exported = useMemo(() => exportOpen(path, document, target), [path, document, target]);
  const isValid = isWhole(rows, MAX_ROWS) && isWhole(seconds, MAX_SECONDS);
  const isHere = running?.path === path;
  const report = isHere ? null : (result?.report ?? null);
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
  const goTo = (node: NodeId): void => {
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
            result !== null && <ComparisonVerdict result={result} document={document} onNode={goTo} />
          )}
          {exported.report === null ? (
            <p className="export-none">{t('export:invalid')}</p>
          ) : (
            <Losses report={exported.report} target={target.label} isBeside={report !== null} onNode={goTo} />
          )}
          {report !== null && <ComparedRows report={report} />}
        </div>
      </div>
    </Dialog>
  );
}

/** That the document was compared with last in this session. */
function lastEngine(path: string): EngineName | undefined {
  return [...(useComparisonStore.getState().results.get(path)?.keys() ?? [])].at(-1);
}

interface LossesProps {
  readonly report: LossReport;
  /** As it is called. */
  readonly target: string;
  /** Beside rows that were compared: only what they may differ by. */
  readonly isBeside: boolean;
  readonly onNode: (node: NodeId) => void;
}

function Losses({ report, target, isBeside, onNode }: LossesProps): ReactNode {
  const { t } = useTranslation();
  const isShown = ({ fidelity }: { readonly fidelity: Fidelity }): boolean =>
    !isBeside || fidelity === 'approximate' || fidelity === 'impossible';
  const shown = { ...report, job: report.job.filter(isShown), nodes: report.nodes.filter(isShown) };
  if (shown.job.length + shown.nodes.length === 0) return null;
  return (
    <section className={join('compare-losses', isBeside && 'is-beside')}>
      <h3>{t('export:losses', { target })}</h3>
      <LossList report={shown} onNode={onNode} />
    </section>
  );
}

function isWhole(text: string, max: number): boolean {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= max;
}
