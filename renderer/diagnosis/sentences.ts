/** What diagnosis found, in the user's language. */
import type { TFunction } from 'i18next';
import type {
  Culprit,
  CulpritReason,
  SilenceCause,
  SilenceReason,
  Starvation,
  Watermark,
} from '../../runtime/diagnosis/index.ts';
import { said } from '../app/i18n/said.ts';
import {
  formatCount,
  formatDateTime,
  formatDuration,
  formatEventTimeFull,
  formatRate,
  formatShare,
} from '../ui/format.ts';

type Values = Readonly<Record<string, string | number>>;

export interface Words {
  readonly t: TFunction;
  /** What a node is called on the canvas. */
  readonly nameOf: (id: string) => string;
}

/** Why it is slow, a sentence each. */
export function culpritSentences(culprit: Culprit, { t, nameOf }: Words): readonly string[] {
  const sentences = culprit.reasons.map((reason) => t(`diagnosis:culprit.${reason.code}`, culpritValues(reason)));
  const { chainedWith, holdsUp, reasons } = culprit;
  if (chainedWith.length > 0 && reasons.some(({ code }) => code === 'cpu')) {
    sentences.push(t('diagnosis:culprit.chained', { names: chainedWith.map(nameOf).join(', ') }));
  }
  if (holdsUp.length > 0) {
    const key = culprit.rowsPerSecond > 0 ? 'diagnosis:culprit.holdsUp' : 'diagnosis:culprit.holdsUpStill';
    sentences.push(t(key, { names: holdsUp.map(nameOf).join(', '), rate: formatRate(culprit.rowsPerSecond) }));
  }
  return sentences;
}

export function remedySentences({ remedies }: Culprit, { t }: Words): readonly string[] {
  return remedies.map((remedy) => t(`diagnosis:remedy.${remedy}`));
}

function culpritValues(reason: CulpritReason): Values {
  switch (reason.code) {
    case 'slowSink':
    case 'slowLookup':
    case 'waits':
      return { share: formatShare(reason.waiting), context: reason.waiting === 0 ? 'writing' : 'waiting' };
    case 'rateLimit':
      return { rate: formatRate(reason.rowsPerSecond) };
    case 'cpu':
      return { share: formatShare(reason.busy) };
    case 'skewedSubtask':
      return {
        subtask: reason.subtask + 1,
        share: formatShare(reason.busy),
        others: formatShare(reason.othersBusy),
        rate: formatRate(reason.rowsPerSecond),
        othersRate: formatRate(reason.othersRowsPerSecond),
        keys: reason.keys.join(', '),
        context: reason.keys.length > 0 ? 'keyed' : 'plain',
      };
  }
}

export function starvationSentence({ reason, rowsPerSecond }: Starvation, { t }: Words): string {
  const rate = formatRate(reason.code === 'rateSetting' ? reason.rowsPerSecond : rowsPerSecond);
  const aligned =
    reason.code === 'aligned'
      ? { group: reason.group, drift: formatDuration(reason.driftMs), most: formatDuration(reason.maxDriftMs) }
      : {};
  return t(`diagnosis:starvation.${reason.code}`, { rate, ...aligned });
}

export function silenceSentence({ place, reason }: SilenceCause, { t, nameOf }: Words): string {
  const { nodeId, input = '', output = '' } = place;
  const values = { node: nameOf(nodeId), input, output, ...silenceValues(reason, { t, nameOf }) };
  return t(`diagnosis:silence.${reason.code}`, values);
}

function silenceValues(reason: SilenceReason, words: Words): Values {
  const { t, nameOf } = words;
  switch (reason.code) {
    case 'notRunning':
      return { context: reason.state ?? 'never' };
    case 'ended':
      return { context: reason.state };
    case 'failed':
      return { message: said(reason.message) };
    case 'flowing':
      return { rows: formatCount(reason.rows), rate: formatRate(reason.rowsPerSecond) };
    case 'sourceAligned':
      return { group: reason.group, drift: formatDuration(reason.driftMs), most: formatDuration(reason.maxDriftMs) };
    case 'rowsQueued':
      return { rows: formatCount(reason.rows), share: formatShare(reason.busy) };
    case 'waitsOutside':
      return { rows: formatCount(reason.rows), share: formatShare(reason.waiting) };
    case 'otherOutput':
    case 'someLate':
      return { rows: formatCount(reason.rows), of: formatCount(reason.of) };
    case 'allLate':
      return { rows: formatCount(reason.rows), watermark: watermarkText(reason.watermark, words) };
    case 'paused':
    case 'allFiltered':
    case 'noMatch':
      return { rows: formatCount(reason.rows) };
    case 'holdsRows':
      return { rows: formatCount(reason.rows) };
    case 'sideEmpty':
      return { rows: formatCount(reason.otherRows) };
    case 'watermarkMissing':
      return {
        origin: nameOf(reason.origin),
        subtask: (reason.subtask ?? 0) + 1,
        context: reason.subtask === null ? 'all' : 'subtask',
      };
    case 'watermarkHeld':
      return {
        origin: nameOf(reason.origin),
        watermark: timeText(reason.watermark),
        behind: reason.behindMs === null ? '' : formatDuration(reason.behindMs),
        context: reason.behindMs === null ? 'ended' : 'behind',
      };
    case 'inputsIdle':
    case 'behindWatermark':
      return { watermark: watermarkText(reason.watermark, words) };
    case 'windowOpen':
      return {
        end: timeText(reason.windowEnd),
        now: timeText(reason.now),
        missing: formatDuration(reason.missingMs),
        context: reason.time,
      };
    case 'sessionOpen':
      return { gap: formatDuration(reason.gapMs), context: reason.time };
    case 'tooFewRows':
      return { needed: formatCount(reason.needed), rows: formatCount(reason.rows) };
    case 'waitsForCheckpoint': {
      const { lastCompletedAt, lastFailure } = reason;
      const last =
        lastFailure !== null
          ? t('diagnosis:checkpoint.failed', { failure: said(lastFailure) })
          : lastCompletedAt === null
            ? t('diagnosis:checkpoint.none')
            : t('diagnosis:checkpoint.last', { time: formatDateTime(lastCompletedAt) });
      return {
        rows: formatCount(reason.rows),
        interval: formatDuration(reason.intervalMs),
        last,
        context: reason.intervalMs === 0 ? 'final' : 'periodic',
      };
    }
    case 'notInJob':
    case 'starting':
    case 'sourceEnded':
    case 'sourceIdle':
    case 'sourceSilent':
    case 'endOfInput':
      return {};
  }
}

function watermarkText(watermark: Watermark, { t }: Words): string {
  if (watermark === null) return t('diagnosis:noWatermark');
  return watermark === 'end' ? t('diagnosis:endWatermark') : timeText(watermark);
}

/** To the second where that is exact, as the ends of windows mostly are. */
function timeText(ms: number): string {
  return formatEventTimeFull(ms).replace(/\.000$/, '');
}
