/** What comes in, step by step, and what is expected for it. */
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestCase } from '../../runtime/graph/index.ts';
import { Button } from '../ui/Button.tsx';
import { Switch } from '../ui/fields.tsx';
import { Menu } from '../ui/Menu.tsx';
import { changeCase, newExpectation, newStep } from './case-actions.ts';
import { DraftInput } from './DraftInput.tsx';
import { ExpectationCard } from './ExpectationCard.tsx';
import { paramsOfText, textOfParams } from './params-text.ts';
import { STEP_ICONS, StepCard, type StepKind } from './StepCard.tsx';

interface CaseEditorProps {
  readonly index: number;
  readonly testCase: TestCase;
  readonly failedStep: number | null;
}

export function CaseEditor({ index, testCase, failedStep }: CaseEditorProps): ReactNode {
  const { t } = useTranslation();
  const { steps, expect, parallelism, startAt, params, endOfInput } = testCase;
  const change = (label: string, part: Partial<TestCase>): void =>
    changeCase(index, t(`tests:edit.${label}`), (one) => ({ ...one, ...part }));
  const addStep = (kind: StepKind): void => {
    const step = newStep(kind);
    if (step !== null) change('addStep', { steps: [...steps, step] });
  };
  const addExpectation = (): void => {
    const expectation = newExpectation();
    if (expectation !== null) change('addExpectation', { expect: [...expect, expectation] });
  };
  return (
    <div className="tests-editor">
      <section className="tests-part" aria-label={t('tests:steps')}>
        <h3 className="tests-heading">{t('tests:steps')}</h3>
        <ol className="tests-cards">
          {steps.map((step, i) => (
            <StepCard
              key={i}
              step={step}
              number={i + 1}
              isFirst={i === 0}
              isLast={i === steps.length - 1}
              hasFailed={failedStep === i}
              onChange={(changed) => change('step', { steps: steps.with(i, changed) })}
              onMove={(by) => change('moveStep', { steps: steps.with(i, steps[i + by]!).with(i + by, step) })}
              onRemove={() => change('removeStep', { steps: steps.toSpliced(i, 1) })}
            />
          ))}
        </ol>
        <Menu
          entries={(['rows', 'watermark', 'idle', 'advance', 'end'] as const).map((kind) => {
            const Icon = STEP_ICONS[kind];
            return {
              id: kind,
              label: t(`tests:kind.${kind}`),
              icon: <Icon size={14} aria-hidden />,
              run: () => addStep(kind),
            };
          })}
        >
          <Button isSmall icon={<Plus size={13} aria-hidden />}>
            {t('tests:addStep')}
          </Button>
        </Menu>
      </section>
      <section className="tests-part" aria-label={t('tests:expected')}>
        <h3 className="tests-heading">{t('tests:expected')}</h3>
        <ol className="tests-cards">
          {expect.map((expectation, i) => (
            <ExpectationCard
              key={i}
              expectation={expectation}
              number={i + 1}
              onChange={(changed) => change('expectation', { expect: expect.with(i, changed) })}
              onRemove={() => change('removeExpectation', { expect: expect.toSpliced(i, 1) })}
            />
          ))}
        </ol>
        <Button isSmall icon={<Plus size={13} aria-hidden />} onClick={addExpectation}>
          {t('tests:addExpectation')}
        </Button>
      </section>
      <div className="tests-options">
        <Option label={t('tests:params')}>
          <DraftInput
            label={t('tests:params')}
            value={textOfParams(params)}
            placeholder={t('tests:paramsPlaceholder')}
            isMono
            onCommit={(text) => change('options', { params: paramsOfText(text) })}
          />
        </Option>
        <Option label={t('tests:parallelism')}>
          <DraftInput
            label={t('tests:parallelism')}
            value={parallelism.join(', ')}
            className="tests-short"
            onCommit={(text) => {
              const numbers = text.split(/[ ,]+/).flatMap((one) => (/^\d{1,3}$/.test(one) ? Number(one) : []));
              const allowed = numbers.filter((one) => one >= 1 && one <= 128);
              change('options', { parallelism: allowed.length === 0 ? [1] : allowed });
            }}
          />
        </Option>
        <Option label={t('tests:startAt')}>
          <DraftInput
            label={t('tests:startAt')}
            value={startAt}
            isMono
            className="tests-time"
            onCommit={(text) => change('options', { startAt: text })}
          />
        </Option>
        <Option label={t('tests:endOfInput')}>
          <Switch
            label={t('tests:endOfInput')}
            isOn={endOfInput}
            onChange={(isOn) => change('options', { endOfInput: isOn })}
          />
        </Option>
      </div>
    </div>
  );
}

function Option({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="tests-option">
      <span aria-hidden>{label}</span>
      {children}
    </div>
  );
}
