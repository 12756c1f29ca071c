/** Config and shapes of sources that get messages over a network. */
import { c } from '../../../core/config.ts';
import type { OperatorSpec, Report, Traits } from '../../../core/operator.ts';
import type { StreamShape } from '../../../core/schema.ts';
import type { Field } from '../../../core/types.ts';
import { MESSAGE_FORMATS, rawSchemaProblem, type MessageFormat } from '../../../formats/index.ts';
import { checkEventTime, sourceTimeConfig, watermarkTraits, type SourceTimeConfig } from '../event-time-config.ts';
import { checkDelimiter, declaredSchema, delimiterField, PARSING_OUTPUTS, rejectedSchema } from './parsing-config.ts';

export interface MessageSourceConfig {
  readonly format: MessageFormat;
  readonly schema: readonly Field[];
  readonly delimiter: string;
  readonly onError: 'fail' | 'reject';
  readonly eventTime: SourceTimeConfig | null;
}

export const formatFields = {
  format: c.choice<MessageFormat>({ label: 'Format', help: 'How rows are written.' }, MESSAGE_FORMATS),
  schema: c.columns({
    label: 'Schema',
    help: 'Fields of the rows, by the names that JSON objects or a CSV header use. Raw: one STRING or BYTES.',
  }),
  delimiter: delimiterField(),
};

export const eventTimeField = c.optional(sourceTimeConfig());

/** `from`: the other side, `host:port`. */
export const REJECTED_MESSAGES = rejectedSchema('from');

export const messagePorts: OperatorSpec<unknown>['ports'] = () => ({ inputs: [], outputs: PARSING_OUTPUTS });

/** One connection, or one port to listen at, is the work of one subtask. */
export function messageTraits({ eventTime }: MessageSourceConfig): Traits {
  return {
    isStateful: true,
    keepsOrder: true,
    needsEventTime: false,
    ...watermarkTraits(eventTime),
    emitsBehindWatermark: false,
    acceptsUpdates: false,
    maxParallelism: 1,
  };
}

export function inferMessages(config: MessageSourceConfig, report: Report): Readonly<Record<string, StreamShape>> {
  const rejected = { schema: REJECTED_MESSAGES, eventTime: false, changelog: 'append', bounded: false } as const;
  checkDelimiter(config.delimiter, report);
  const schema = declaredSchema(config.schema, report);
  if (schema === null) return { rejected };
  const problem = config.format === 'raw' ? rawSchemaProblem(schema) : null;
  if (problem !== null) report({ code: 'MR1405', message: problem, path: 'schema' });
  if (config.eventTime !== null) checkEventTime(config.eventTime, schema, report);
  return { out: { schema, eventTime: config.eventTime !== null, changelog: 'append', bounded: false }, rejected };
}

/** Fields that a row must have a value in. */
export function requiredByTime({ eventTime }: Pick<MessageSourceConfig, 'eventTime'>): readonly string[] {
  return eventTime?.time === 'event' ? [eventTime.field] : [];
}
