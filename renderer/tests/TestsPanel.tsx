/** The test cases of the document: how each came out, what it is made of, and where rows differ. */
import {
  CircleCheck,
  CircleDashed,
  CircleX,
  Copy,
  FlaskConical,
  LoaderCircle,
  Play,
  Plus,
  Square,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PipelineDocument, TestCase } from '../../runtime/graph/index.ts';
import { runCommand } from '../app/commands.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { useActiveDocument } from '../stores/document-store.ts';
import { cancelTests, chooseTest, isStale, runTests, useTestStore, type TestResult } from '../stores/test-store.ts';
import { Button, IconButton, join } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Segmented } from '../ui/fields.tsx';
import { changeCase, duplicateCase, removeCase } from './case-actions.ts';
import { CaseEditor } from './CaseEditor.tsx';
import { CaseResult } from './CaseResult.tsx';
import { DraftInput } from './DraftInput.tsx';
import { focusPlace, useRevealedPlace } from './revealed-case.ts';
import './tests.css';

type CaseState = 'none' | 'running' | 'passed' | 'failed' | 'error';

const NO_RESULTS: ReadonlyMap<string, TestResult> = new Map();

export function TestsPanel(): ReactNode {
  const { t } = useTranslation();
  const open = useActiveDocument();
  if (open === null) return <NoPipeline />;
  if (open.document.tests.length === 0) {
    return (
      <EmptyState
        icon={<FlaskConical size={20} />}
        title={t('tests:none')}
        hint={t('tests:noneHint')}
        actions={
          <Button tone="primary" icon={<Plus size={14} aria-hidden />} onClick={() => runCommand('tests.add')}>
            {t('tests:add')}
          </Button>
        }
      />
    );
  }
  return <Cases path={open.path} document={open.document} />;
}

function Cases({ path, document }: { readonly path: string; readonly document: PipelineDocument }): ReactNode {
  const { t } = useTranslation();
  const results = useTestStore((state) => state.results.get(path) ?? NO_RESULTS);
  const running = useTestStore((state) => state.running);
  const chosen = useTestStore((state) => state.chosen.get(path) ?? 0);
  const { tests } = document;
  const index = Math.min(chosen, tests.length - 1);
  const stateOf = ({ name }: TestCase): CaseState =>
    running?.path === path && running.names.has(name) ? 'running' : (results.get(name)?.report.status ?? 'none');
  const walk = (event: KeyboardEvent): void => {
    if (event.key === 'Delete') return removeCase(index);
    const wanted = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: tests.length - 1 }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(tests.length - 1, wanted));
    chooseTest(path, next);
    event.currentTarget.querySelectorAll<HTMLButtonElement>('[role=option]')[next]?.focus();
  };
  const count = (state: CaseState): number => tests.filter((one) => stateOf(one) === state).length;
  const bad = count('failed') + count('error');
  return (
    <div className="tests">
      <div className="tests-side">
        <div className="tests-bar">
          {running === null ? (
            <Button
              isSmall
              icon={<Play size={13} aria-hidden />}
              title={shortcutOf('tests.runAll') ?? undefined}
              onClick={() => void runTests(null)}
            >
              {t('tests:runAll')}
            </Button>
          ) : (
            <Button isSmall icon={<Square size={12} aria-hidden />} onClick={() => void cancelTests()}>
              {t('tests:cancel')}
            </Button>
          )}
          <span className="tests-summary" role="status">
            {count('passed') > 0 && (
              <span className="tests-ok">{t('tests:passedCount', { count: count('passed') })}</span>
            )}
            {bad > 0 && <span className="tests-bad">{t('tests:failedCount', { count: bad })}</span>}
          </span>
          <span className="tests-space" />
          <IconButton
            label={t('tests:add')}
            icon={<Plus size={14} aria-hidden />}
            isSmall
            onClick={() => runCommand('tests.add')}
          />
        </div>
        <div className="tests-list" role="listbox" aria-label={t('tests:title')} onKeyDown={walk}>
          {tests.map((one, i) => (
            <ListedCase
              key={i}
              testCase={one}
              state={stateOf(one)}
              result={results.get(one.name) ?? null}
              document={document}
              isChosen={i === index}
              onChoose={() => chooseTest(path, i)}
            />
          ))}
        </div>
      </div>
      <ChosenCase
        key={`${path} ${index}`}
        index={index}
        testCase={tests[index]!}
        result={results.get(tests[index]!.name) ?? null}
        isRunning={running !== null}
      />
    </div>
  );
}

interface ListedCaseProps {
  readonly testCase: TestCase;
  readonly state: CaseState;
  readonly result: TestResult | null;
  readonly document: PipelineDocument;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

const STATE_ICONS = {
  none: CircleDashed,
  running: LoaderCircle,
  passed: CircleCheck,
  failed: CircleX,
  error: TriangleAlert,
} as const;

function ListedCase({ testCase, state, result, document, isChosen, onChoose }: ListedCaseProps): ReactNode {
  const { t } = useTranslation();
  const Icon = STATE_ICONS[state];
  const isOld = result !== null && state !== 'running' && isStale(result, document, testCase);
  return (
    <button
      type="button"
      role="option"
      aria-selected={isChosen}
      tabIndex={isChosen ? 0 : -1}
      className={join('tests-case', isChosen && 'tests-chosen')}
      onClick={onChoose}
    >
      <span className={join('tests-state', `tests-state-${state}`, isOld && 'tests-old')}>
        <Icon size={14} aria-hidden />
        <span className="ui-visually-hidden">{t(`tests:state.${state}`)}</span>
      </span>
      <span className="tests-name" title={testCase.name}>
        {testCase.name}
      </span>
      {isOld && <span className="tests-stale">{t('tests:stale')}</span>}
      {!isOld && result !== null && state !== 'running' && (
        <span className="tests-duration">{t('tests:duration', { ms: Math.round(result.report.durationMs) })}</span>
      )}
    </button>
  );
}

type CaseView = 'case' | 'result';

interface ChosenCaseProps {
  readonly index: number;
  readonly testCase: TestCase;
  readonly result: TestResult | null;
  readonly isRunning: boolean;
}

function ChosenCase({ index, testCase, result, isRunning }: ChosenCaseProps): ReactNode {
  const { t } = useTranslation();
  const section = useRef<HTMLElement>(null);
  const revealed = useRevealedPlace(index);
  const serial = revealed?.serial ?? 0;
  const [chosen, setChosen] = useState<{ readonly view: CaseView; readonly serial: number } | null>(null);
  const report = result?.report ?? null;
  const view = report === null ? 'case' : (chosenView() ?? (report.status === 'passed' ? 'case' : 'result'));
  useEffect(() => {
    if (revealed !== null && view === 'case') focusPlace(section.current!, revealed.path);
  }, [revealed, view]);

  /** What was chosen or asked for last; else a failure is what one wants to see first. */
  function chosenView(): CaseView | null {
    if (chosen !== null && chosen.serial >= serial) return chosen.view;
    return revealed === null ? null : 'case';
  }
  return (
    <section ref={section} className="tests-chosen-case" aria-label={testCase.name}>
      <div className="tests-bar">
        <DraftInput
          label={t('tests:name')}
          value={testCase.name}
          className="tests-title"
          onCommit={(name) =>
            name.trim() !== '' && changeCase(index, t('tests:edit.rename'), (one) => ({ ...one, name }))
          }
        />
        <Button
          isSmall
          icon={<Play size={13} aria-hidden />}
          disabled={isRunning}
          title={shortcutOf('tests.run') ?? undefined}
          onClick={() => void runTests([index])}
        >
          {t('tests:run')}
        </Button>
        <IconButton
          label={t('tests:duplicate')}
          icon={<Copy size={13} aria-hidden />}
          isSmall
          onClick={() => duplicateCase(index)}
        />
        <IconButton
          label={t('tests:delete')}
          icon={<Trash2 size={13} aria-hidden />}
          isSmall
          onClick={() => removeCase(index)}
        />
        <span className="tests-space" />
        {report !== null && (
          <Segmented
            label={t('tests:view.label')}
            value={view}
            options={[
              { value: 'case', label: t('tests:view.case') },
              { value: 'result', label: t('tests:view.result') },
            ]}
            onChange={(wanted) => setChosen({ view: wanted, serial })}
          />
        )}
      </div>
      <div className="tests-body">
        {view === 'result' && report !== null ? (
          <CaseResult report={report} index={index} />
        ) : (
          <CaseEditor index={index} testCase={testCase} failedStep={report?.failedStep ?? null} />
        )}
      </div>
    </section>
  );
}
