import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import {
  eventTimeField,
  formatFields,
  inferMessages,
  messagePorts,
  messageTraits,
} from '../shared/sources/message-config.ts';
import { onErrorField } from '../shared/sources/parsing-config.ts';

const config = configSpec({
  host: c.withDefault(
    c.text({
      label: 'Host',
      help: 'Address of this machine to listen at: 127.0.0.1 for programs on it, 0.0.0.0 for all who can reach it.',
    }),
    '127.0.0.1',
  ),
  port: c.integer(
    { label: 'Port', help: 'TCP port to listen at. Any free one for 0; the log says which.' },
    { min: 0, max: 65_535 },
  ),
  path: c.withDefault(
    c.text({ label: 'Path', help: 'Path of the URL that rows are posted to; others are answered with 404.' }),
    '/',
  ),
  token: c.optional(
    c.text({
      label: 'Token',
      help: 'Who posts has to send it as "Authorization: Bearer TOKEN". Name a parameter, such as ${token}, to keep it out of the document.',
    }),
  ),
  ...formatFields,
  header: c.withDefault(
    c.flag({
      label: 'Header',
      help: 'CSV: the first line of each request names the columns. Without, they are in the order of the schema.',
    }),
    true,
  ),
  maxRequestBytes: c.withDefault(
    c.integer(
      { label: 'Longest request', help: 'A longer body is answered with 413.' },
      { min: 1, max: 64 * 1024 * 1024, unit: 'bytes' },
    ),
    1024 * 1024,
  ),
  acknowledge: c.withDefault(
    c.choice(
      {
        label: 'Answer',
        help: 'When a request is answered: what was answered on receipt is lost if the job fails before the next checkpoint.',
      },
      { received: 'Once its rows are received', checkpoint: 'Once a checkpoint holds its rows' },
    ),
    'received',
  ),
  onError: onErrorField('Refuse its request (400)'),
  eventTime: eventTimeField,
});
export type SourceHttpConfig = ConfigOf<typeof config>;

export const sourceHttpSpec: OperatorSpec<SourceHttpConfig> = {
  type: 'source.http',
  version: 1,
  label: 'HTTP source',
  summary: 'Takes rows that others post over HTTP.',
  category: 'source',
  keywords: ['rest', 'webhook', 'post', 'api', 'listen', 'ingest', 'input'],
  config,
  ports: messagePorts,
  traits: messageTraits,
  infer(checked, _inputs, report) {
    if (!/^\/[^?#\s]*$/.test(checked.path)) {
      report({ code: 'MR1203', message: say`The path must begin with / and hold no ?, # or blank`, path: 'path' });
    }
    return inferMessages(checked, report);
  },
  describe: ({ host, port, path }) => `POST ${host}:${port}${path}`,
};
