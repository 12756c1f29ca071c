import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { schemaOf, type Schema } from '../../core/schema.ts';
import { INT, STRING, type Field } from '../../core/types.ts';
import { backoffField } from '../shared/backoff.ts';
import { checkHeaders, headersField } from '../shared/http-headers.ts';
import { rowsFormatField } from '../shared/sinks/row-texts.ts';

const config = configSpec({
  url: c.text(
    { label: 'URL', help: 'Where rows are sent, http:// or https://.' },
    { placeholder: 'https://host/path' },
  ),
  method: c.withDefault(c.choice({ label: 'Method', help: 'Of the requests.' }, { POST: 'POST', PUT: 'PUT' }), 'POST'),
  format: rowsFormatField('in a request'),
  batchRows: c.withDefault(
    c.integer(
      { label: 'Rows a request', help: 'Most rows of a request; one when a request is one row.' },
      { min: 1, max: 10_000, unit: 'rows' },
    ),
    500,
  ),
  linger: c.withDefault(
    c.duration({ label: 'Wait for rows', help: 'How long a request that is not full may wait for more rows.' }),
    '1 second',
  ),
  concurrency: c.withDefault(
    c.integer(
      {
        label: 'At a time',
        help: 'Most requests under way per subtask. With 1 rows arrive in their order; with more, requests may overtake each other.',
      },
      { min: 1, max: 256, unit: 'requests' },
    ),
    4,
  ),
  headers: headersField({ label: 'Headers', help: 'Sent with each request, such as Authorization.' }),
  idempotencyHeader: c.withDefault(
    c.optional(
      c.text({
        label: 'Idempotency header',
        help: 'Name of a header whose value stays the same when the same request is sent again, so that the server can tell. Null: none.',
      }),
    ),
    'Idempotency-Key',
  ),
  timeout: c.withDefault(
    c.duration({
      label: 'Timeout',
      help: 'A request on which nothing moves for so long counts as failed, and is sent again.',
    }),
    '30 seconds',
  ),
  retry: backoffField({
    label: 'Send again',
    help: 'How a request is sent again that got no answer, or 408, 425, 429 or 5xx. Retry-After is honoured.',
  }),
  onError: c.withDefault(
    c.choice(
      {
        label: 'On refused rows',
        help: 'What happens with the rows of a request that the server refuses, with 4xx or 3xx.',
      },
      { fail: 'Fail the job', reject: 'Send them to the port "rejected"' },
    ),
    'fail',
  ),
});
export type SinkHttpConfig = ConfigOf<typeof config>;

const ANSWER_FIELDS: readonly Field[] = [
  { name: 'http_status', type: INT, nullable: false },
  { name: 'http_answer', type: STRING, nullable: false },
];

/** The rows, with what the server said. */
function rejectedSchema({ fields }: Schema): Schema {
  return schemaOf([...fields, ...ANSWER_FIELDS]);
}

export const sinkHttpSpec: OperatorSpec<SinkHttpConfig> = {
  type: 'sink.http',
  version: 1,
  label: 'HTTP sink',
  summary: 'Sends rows to a server, in HTTP requests.',
  category: 'sink',
  keywords: ['rest', 'webhook', 'post', 'put', 'api', 'output'],
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Rows' }],
    outputs: [{ name: 'rejected', label: 'Rows that the server refuses', isOptional: true }],
  }),
  traits: ({ concurrency }) => ({
    isStateful: false,
    keepsOrder: concurrency === 1,
    needsEventTime: false,
    assignsWatermarks: false,
    emitsBehindWatermark: false,
    acceptsUpdates: true,
    maxParallelism: null,
  }),
  infer(checked, inputs, report) {
    if (!/^https?:\/\/[^/?#\s]+(?:[/?][^#\s]*)?$/i.test(checked.url)) {
      report({
        code: 'MR1203',
        message: say`The URL must be like http://host:port/path or https://host/path`,
        path: 'url',
      });
    }
    checkHeaders(checked.headers, report);
    if (checked.idempotencyHeader !== null) {
      checkHeaders([{ name: checked.idempotencyHeader, value: '' }], (problem) =>
        report({ ...problem, path: 'idempotencyHeader' }),
      );
    }
    const [input] = inputs;
    if (input === undefined) return {};
    const { schema } = input.shape;
    const taken = ANSWER_FIELDS.find(({ name }) => schema.fields.some((field) => field.name === name));
    if (taken !== undefined) {
      report({
        code: 'MR1402',
        message: say`The port "rejected" adds a field "${taken.name}": rename yours before the sink`,
      });
      return {};
    }
    return { rejected: { ...input.shape, schema: rejectedSchema(schema) } };
  },
  describe: ({ method, url }) => `${method} ${url.replace(/\?.*$/, '')}`,
};
