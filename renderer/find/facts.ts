/** What is true of a node now and can be looked for by a word: of its config, its streams, its problems, its running job. */
import type { TFunction } from 'i18next';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import type { AnalyzedNode } from '../../runtime/compiler/validate.ts';
import type { NodeSummary } from '../stores/metrics-summary.ts';
import { formatShare } from '../ui/format.ts';
import type { Fact } from './find-in-pipeline.ts';

export interface Known {
  readonly info: AnalyzedNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Null: its job does not run. */
  readonly live: NodeSummary | null;
  /** Others wait for it. */
  readonly isCulprit: boolean;
}

/** A share of the last second from which on it counts. */
const NOTABLE = 0.05;

type Test = (known: Known) => boolean;

/** By the key of its words and its sentence in the locales. */
const FACTS = {
  invalid: ({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'),
  warning: ({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'warning'),
  stateful: ({ info }) => info?.traits?.isStateful === true,
  watermark: ({ info }) => info?.traits?.assignsWatermarks === true,
  eventTime: ({ info }) => info?.traits?.needsEventTime === true,
  untimed: ({ info }) => shapesOf(info).some(({ eventTime }) => !eventTime),
  late: ({ info }) => info?.ports.outputs.some(({ name }) => name === 'late') === true,
  lateRows: ({ live }) => live !== null && live.lateDropped > 0,
  updates: ({ info }) => shapesOf(info).some(({ changelog }) => changelog === 'update'),
  bounded: ({ info }) => shapesOf(info).some(({ bounded }) => bounded),
  unbounded: ({ info }) => info?.spec?.category === 'source' && shapesOf(info).some(({ bounded }) => !bounded),
  single: ({ info }) => info?.traits?.maxParallelism === 1,
  userCode: ({ info }) => info?.traits?.runsUserCode === true,
  unconnected: ({ info }) => info !== undefined && info.ports.inputs.length > 0 && info.edges.length === 0,
  source: ({ info }) => info?.spec?.category === 'source',
  sink: ({ info }) => info?.spec?.category === 'sink',
  backPressure: ({ live }) => live !== null && live.backPressured >= NOTABLE,
  culprit: ({ isCulprit }) => isCulprit,
  busy: ({ live }) => live !== null && live.busy >= 0.5,
  idle: ({ live }) => live !== null && (live.isIdle || live.idle >= 1 - NOTABLE),
  skewed: ({ live }) => live !== null && live.skew >= 1.5,
} as const satisfies Readonly<Record<string, Test>>;

export type FactId = keyof typeof FACTS;
export const FACT_IDS = Object.keys(FACTS) as readonly FactId[];

export function factsOf(known: Known, t: TFunction): readonly Fact[] {
  const { live } = known;
  const values = {
    pressed: formatShare(live?.backPressured ?? 0),
    busy: formatShare(live?.busy ?? 0),
    rows: live?.lateDropped ?? 0,
    problem: known.diagnostics[0]?.message ?? '',
  };
  return FACT_IDS.filter((id) => FACTS[id](known)).map((id) => ({
    text: t(`find:facts.${id}.text`, values),
    words: wordsOf(id, t),
  }));
}

/** The first is offered as an example. */
export function wordsOf(id: FactId, t: TFunction): readonly string[] {
  return t(`find:facts.${id}.words`)
    .toLowerCase()
    .split(/[,，、]\s*/);
}

function shapesOf(info: AnalyzedNode | undefined): AnalyzedNode['outputs'][string][] {
  return Object.values(info?.outputs ?? {});
}
