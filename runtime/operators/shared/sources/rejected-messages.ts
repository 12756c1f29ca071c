/** Rejected rows of a source that gets messages. */
import type { BatchBuilder } from '../../../core/batch.ts';
import type { OperatorContext } from '../../../core/operator.ts';
import { REJECTED_MESSAGES, requiredByTime, type MessageSourceConfig } from './message-config.ts';
import { readText, RejectedRows } from './rejected-rows.ts';
import type { TimedOutput } from './timed-output.ts';

/** `rows` is empty between polls, and takes the rows of mended texts on their way to `out`. */
export function rejectedMessages(
  config: MessageSourceConfig,
  context: OperatorContext,
  rows: BatchBuilder,
  out: TimedOutput,
): RejectedRows {
  const texts = { ...config, schema: rows.schema, required: requiredByTime(config) };
  return new RejectedRows(
    {
      onError: config.onError,
      schema: REJECTED_MESSAGES,
      readAgain: (letter, text) => {
        const rejected = readText(texts, letter, text, rows);
        if (rows.length > 0) out.emitAside(rows.finish());
        return rejected;
      },
    },
    context,
  );
}
