import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import type { OperatorSpec } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { backoffField } from '../shared/backoff.ts';
import { checkHeaders, headersField } from '../shared/http-headers.ts';
import {
  eventTimeField,
  formatFields,
  inferMessages,
  messagePorts,
  messageTraits,
} from '../shared/sources/message-config.ts';
import { onErrorField } from '../shared/sources/parsing-config.ts';

const config = configSpec({
  url: c.text({ label: 'URL', help: 'Of the server, ws:// or wss://.' }, { placeholder: 'wss://host/path' }),
  headers: headersField({
    label: 'Headers',
    help: 'Sent when connecting, such as Authorization.',
  }),
  subscribe: c.withDefault(
    c.list(
      { label: 'First messages', help: 'Sent after each connecting, in order, such as a subscription.' },
      c.text({ label: 'Message', help: 'A text, as the server wants it.' }),
      { itemLabel: 'message' },
    ),
    [],
  ),
  pingInterval: c.withDefault(
    c.duration({
      label: 'Ping every',
      help: 'A connection on which nothing came, not even the answer to a ping, for so long is made again. 0 seconds = never.',
    }),
    '30 seconds',
  ),
  ...formatFields,
  onError: onErrorField(),
  eventTime: eventTimeField,
  reconnect: backoffField({
    label: 'Connect again',
    help: 'How a connection that broke, or could not be made, is made again.',
  }),
});
export type SourceWebSocketConfig = ConfigOf<typeof config>;

export const sourceWebSocketSpec: OperatorSpec<SourceWebSocketConfig> = {
  type: 'source.websocket',
  version: 1,
  label: 'WebSocket source',
  summary: 'Reads the messages that a WebSocket server sends.',
  category: 'source',
  keywords: ['ws', 'wss', 'subscribe', 'live', 'push', 'feed', 'input'],
  config,
  ports: messagePorts,
  traits: messageTraits,
  infer(checked, _inputs, report) {
    if (!/^wss?:\/\/[^/?#\s]+(?:[/?][^#\s]*)?$/i.test(checked.url)) {
      report({
        code: 'MR1203',
        message: say`The URL must be like ws://host:port/path or wss://host/path`,
        path: 'url',
      });
    }
    checkHeaders(checked.headers, report);
    return inferMessages(checked, report);
  },
  describe: ({ url }) => url.replace(/\?.*$/, ''),
};
