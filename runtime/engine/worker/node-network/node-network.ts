/** The network of the machine, for operators: core/network-io.ts over Node's modules and ws. */
import type { NetworkIo } from '../../../core/network-io.ts';
import { sendRequest } from './http-client.ts';
import { listenHttp } from './http-server.ts';
import { connectTcp, listenTcp } from './tcp.ts';
import { connectWebSocket, listenWebSocket } from './websocket.ts';

export class NodeNetwork implements NetworkIo {
  readonly connectTcp = connectTcp;
  readonly listenTcp = listenTcp;
  readonly listenHttp = listenHttp;
  readonly request = sendRequest;
  readonly connectWebSocket = connectWebSocket;
  readonly listenWebSocket = listenWebSocket;
}
