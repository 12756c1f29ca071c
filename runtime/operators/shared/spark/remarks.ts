/** What several operators have to say of Spark. */
import type { Remark, SparkInput, SparkJob, Unsupported } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { withoutTime } from '../flink-sql/select.ts';

/** Of windows and joins that give a row once the watermark has passed it. */
export const WAITS_FOR_WATERMARK: Remark = {
  fidelity: 'approximate',
  text: say`Results come with the micro-batch after the one whose rows moved the watermark past them. At the end of bounded input no watermark comes to pass the last ones: they stay out. With runtimeMode "batch" they are there.`,
};

/** Of what gives rows that change. */
export const UPDATES: Remark = {
  fidelity: 'note',
  text: say`Gives a key's new row with every micro-batch that changed it (output mode update), not with every row, and takes nothing back.`,
};

export const untimed: (input: SparkInput) => Unsupported = withoutTime;

export function batchOnly(what: string): Unsupported {
  return { unsupported: say`${what}, which streaming Spark has not: set runtimeMode to "batch"` };
}

export function oneState(input: SparkInput): Unsupported | null {
  return input.isStateful
    ? batchOnly(say`gives rows that change, behind an operator that keeps state itself: two at once`)
    : null;
}

export function ttlRemarks(...ttls: readonly (number | null)[]): readonly Remark[] {
  return ttls.some((ttl) => ttl !== null && ttl > 0)
    ? [{ fidelity: 'approximate', text: say`State is kept for ever: Spark has no time to live for it.` }]
    : [];
}

/** Of what keeps only some of the rows. */
export function overUpdates({ isChangelog }: SparkInput, { mode }: SparkJob): readonly Remark[] {
  return isChangelog && mode === 'streaming'
    ? [
        {
          fidelity: 'approximate',
          text: say`A row that no longer fits is not taken back: the last one that did stays.`,
        },
      ]
    : [];
}

export const LATE_ROWS: Unsupported = {
  unsupported: say`hands on late rows, which Spark drops and only counts: leave the port "late" open`,
};
