import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { backoffField } from '../shared/backoff.ts';
import {
  eventTimeField,
  formatFields,
  inferMessages,
  messagePorts,
  messageTraits,
} from '../shared/sources/message-config.ts';
import { onErrorField } from '../shared/sources/parsing-config.ts';
import { readLineDelimiter } from './line-delimiter.ts';

const config = configSpec({
  mode: c.withDefault(
    c.choice(
      { label: 'Mode', help: 'Who connects: this source with a server, or any number of clients with this source.' },
      { client: 'Connect to a server', listener: 'Listen for clients' },
    ),
    'client',
  ),
  host: c.withDefault(
    c.text({
      label: 'Host',
      help: 'Name or address of the server; of a listener, the address of this machine to listen at: 0.0.0.0 for all of them.',
    }),
    '127.0.0.1',
  ),
  port: c.integer(
    { label: 'Port', help: 'TCP port. A listener takes any free one for 0, and logs which.' },
    { min: 0, max: 65_535 },
  ),
  lineDelimiter: c.withDefault(
    c.text(
      { label: 'Line ends with', help: 'What stands between rows; \\n, \\r, \\t and \\0 are understood.' },
      { placeholder: '\\n' },
    ),
    '\\n',
  ),
  ...formatFields,
  onError: onErrorField(),
  eventTime: eventTimeField,
  reconnect: backoffField({
    label: 'Connect again',
    help: 'Client: how a connection that broke, or could not be made, is made again.',
  }),
});
export type SourceSocketConfig = ConfigOf<typeof config>;

export const sourceSocketSpec: OperatorSpec<SourceSocketConfig> = {
  type: 'source.socket',
  version: 1,
  label: 'Socket source',
  summary: 'Reads lines from a TCP connection, or from all that connect.',
  category: 'source',
  keywords: ['tcp', 'netcat', 'nc', 'syslog', 'listen', 'port', 'line', 'input'],
  config,
  ports: messagePorts,
  traits: messageTraits,
  infer(checked, _inputs, report) {
    if (checked.mode === 'client' && checked.port === 0) {
      report({ code: 'MR1203', message: say`A client needs the port of the server`, path: 'port' });
    }
    if (readLineDelimiter(checked.lineDelimiter) === null) {
      report({
        code: 'MR1203',
        message: say`After a backslash there must be n, r, t, 0 or a backslash`,
        path: 'lineDelimiter',
      });
    }
    return inferMessages(checked, report);
  },
  describe: ({ mode, host, port }, say) =>
    mode === 'client' ? `${host}:${port}` : say`listens at ${`${host}:${port}`}`,
};
