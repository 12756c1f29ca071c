/**
 * Generated input of one operator: fields, sample values and config come from the example in its docs, so that the laws over all
 * operators need nothing else from any of them.
 */
import fc, { type Arbitrary } from 'fast-check';
import { INSERT, type ChangeKind } from '../core/batch.ts';
import { checkConfig } from '../core/config.ts';
import { assert } from '../core/errors.ts';
import type { AnyOperatorFactory, AnyPrimitiveSpec, InputStream, Traits } from '../core/operator.ts';
import { fieldIndex } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { anyStream, type StreamOptions, type StreamStep } from './arbitraries.ts';
import { anyVariantOf } from './config-variants.ts';
import { exampleInputs, exampleRows, type DocsExample } from './docs-example.ts';
import { FAKE_EPOCH_MS } from './fake-clock.ts';
import { inferOperator } from './operator-harness.ts';

export interface Subject {
  readonly type: string;
  readonly spec: AnyPrimitiveSpec;
  readonly create: AnyOperatorFactory;
  readonly example: DocsExample;
}

export type TrialStep =
  | {
      readonly type: 'row';
      readonly input: number;
      readonly values: readonly Value[];
      readonly eventTime: number;
      readonly kind: ChangeKind;
    }
  | { readonly type: 'watermark'; readonly input: number; readonly watermark: number }
  /** One poll of every subtask of a source. */
  | { readonly type: 'poll' };

export interface Trial {
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly InputStream[];
  readonly steps: readonly TrialStep[];
}

/** So many configs are drawn for one that is right. */
const MAX_VARIANTS = 8;
/** Sources are polled so often before the run lets them go on to their end. */
const SOURCE_POLLS = 24;
/** A rate low enough that there are places between the rows of an example. */
const SLOW_ROWS_PER_SECOND = 4;

/** Random input for an operator, and configs near its example's. A source has its example's config and files. */
export function anyTrial(
  subject: Subject,
  options: Omit<StreamOptions, 'eventTimeField' | 'samples'> = {},
): Arbitrary<Trial> {
  const { example, spec } = subject;
  const inputs = exampleInputs(spec, example);
  if (inputs.length === 0) return fc.constant(sourceTrial(subject));
  const streams = inputs.map((input, i) =>
    anyStream(input.shape.schema, {
      maxRows: Math.ceil(40 / inputs.length),
      ...options,
      eventTimeField: example.inputs[i]!.eventTime ?? null,
      samples: exampleRows(example, inputs, i),
    }),
  );
  const turns = fc.array(fc.nat(inputs.length - 1), { minLength: 1, maxLength: 20 });
  const variants = fc.array(anyVariantOf(spec.config.fields, example.config), { maxLength: MAX_VARIANTS });
  const config = variants.map(
    (all) => all.find((raw) => inferOperator(spec, raw, inputs).diagnostics.length === 0) ?? example.config,
  );
  return fc
    .tuple(config, fc.tuple(...streams), turns)
    .map(([config, steps, turns]) => ({ config, inputs, steps: interleave(steps, turns) }));
}

function sourceTrial({ example, spec }: Subject): Trial {
  const slow = 'rowsPerSecond' in spec.config.fields ? { rowsPerSecond: SLOW_ROWS_PER_SECOND } : {};
  return {
    config: { ...example.config, ...slow },
    inputs: [],
    steps: Array.from({ length: SOURCE_POLLS }, () => ({ type: 'poll' })),
  };
}

function interleave(streams: readonly (readonly StreamStep[])[], turns: readonly number[]): TrialStep[] {
  const next = streams.map(() => 0);
  const steps: TrialStep[] = [];
  const total = streams.reduce((sum, stream) => sum + stream.length, 0);
  for (let turn = 0; steps.length < total; turn++) {
    const wanted = turns[turn % turns.length]! + Math.floor(turn / turns.length);
    const input = wanted % streams.length;
    const step = streams[input]![next[input]!++];
    if (step === undefined) continue;
    steps.push(step.type === 'row' ? { ...step, input, kind: INSERT } : { ...step, input });
  }
  return steps;
}

/** The same rows with event times that rise by a second from row to row, over all inputs, and without watermarks. */
export function inOrder(trial: Trial, example: DocsExample): Trial {
  const rows = trial.steps.filter((step) => step.type === 'row');
  const steps = rows.map((step, i) => {
    const eventTime = FAKE_EPOCH_MS + i * 1000;
    const timeField = example.inputs[step.input]!.eventTime;
    if (timeField === undefined) return { ...step, eventTime };
    const index = fieldIndex(trial.inputs[step.input]!.shape.schema, timeField);
    return { ...step, eventTime, values: step.values.with(index, eventTime) };
  });
  return { ...trial, steps };
}

export function withoutWatermarks(trial: Trial): Trial {
  return { ...trial, steps: trial.steps.filter((step) => step.type !== 'watermark') };
}

export function withShapes(trial: Trial, change: Partial<InputStream['shape']>): Trial {
  return { ...trial, inputs: trial.inputs.map((input) => ({ ...input, shape: { ...input.shape, ...change } })) };
}

export function traitsOf(subject: Subject, config: Trial['config']): Traits {
  return subject.spec.traits(checkedConfig(subject, config));
}

export function checkedConfig(subject: Subject, raw: Trial['config']): unknown {
  const { value, problems } = checkConfig(subject.spec.config, raw);
  assert(value !== null, `${subject.type}: ${problems.map((p) => `${p.path} ${p.message}`).join('; ')}`);
  return value;
}
