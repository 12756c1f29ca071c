import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { backoffField } from '../shared/backoff.ts';
import { checkHeaders, headersField } from '../shared/http-headers.ts';
import { rowsFormatField } from '../shared/sinks/row-texts.ts';

const client = {
  url: c.text({ label: 'URL', help: 'Of the server, ws:// or wss://.' }, { placeholder: 'wss://host/path' }),
  headers: headersField({ label: 'Headers', help: 'Sent when connecting, such as Authorization.' }),
  reconnect: backoffField({
    label: 'Connect again',
    help: 'How a connection that broke, or could not be made, is made again.',
  }),
};

const server = {
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
  path: c.withDefault(c.text({ label: 'Path', help: 'Path of the URL that clients connect to.' }), '/'),
  slowClient: c.withDefault(
    c.choice(
      { label: 'Slow client', help: 'What happens with a client whose buffer is full.' },
      {
        skip: 'Leave messages out for it',
        disconnect: 'Disconnect it',
        wait: 'Hold the pipeline up until it has caught up',
      },
    ),
    'skip',
  ),
};

const config = configSpec({
  connection: c.variant({ label: 'Connection', help: 'Who connects with whom.' }, 'mode', {
    client: { label: 'Connect to a server', fields: client },
    server: { label: 'Broadcast to all who connect', fields: server },
  }),
  format: rowsFormatField('in a message'),
  batchRows: c.withDefault(
    c.integer(
      { label: 'Rows a message', help: 'Most rows of a message; one when a message is one row.' },
      { min: 1, max: 10_000, unit: 'rows' },
    ),
    500,
  ),
  bufferBytes: c.withDefault(
    c.integer(
      { label: 'Buffer', help: 'Bytes that may wait to be sent, for each client or for the server.' },
      { min: 1, unit: 'bytes' },
    ),
    1024 * 1024,
  ),
});
export type SinkWebSocketConfig = ConfigOf<typeof config>;

export const sinkWebSocketSpec: OperatorSpec<SinkWebSocketConfig> = {
  type: 'sink.websocket',
  version: 1,
  label: 'WebSocket sink',
  summary: 'Sends rows as messages, to a server or to all who connect.',
  category: 'sink',
  keywords: ['ws', 'wss', 'broadcast', 'live', 'push', 'dashboard', 'output'],
  config,
  ports: () => ({ inputs: [{ name: 'in', label: 'Rows' }], outputs: [] }),
  // One port to listen at is the work of one subtask.
  traits: ({ connection }) => ({ ...ROW_WISE, maxParallelism: connection.mode === 'server' ? 1 : null }),
  infer({ connection }, _inputs, report) {
    if (connection.mode === 'server') {
      if (!/^\/[^?#\s]*$/.test(connection.path)) {
        report({
          code: 'MR1203',
          message: say`The path must begin with / and hold no ?, # or blank`,
          path: 'connection.path',
        });
      }
      return {};
    }
    if (!/^wss?:\/\/[^/?#\s]+(?:[/?][^#\s]*)?$/i.test(connection.url)) {
      report({
        code: 'MR1203',
        message: say`The URL must be like ws://host:port/path or wss://host/path`,
        path: 'connection.url',
      });
    }
    checkHeaders(connection.headers, (problem) => report({ ...problem, path: `connection.${problem.path}` }));
    return {};
  },
  describe: ({ connection }, say) =>
    connection.mode === 'server'
      ? say`at ${`${connection.host}:${connection.port}${connection.path}`}`
      : connection.url.replace(/\?.*$/, ''),
};
