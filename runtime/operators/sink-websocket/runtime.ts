/** Rows as WebSocket messages. Each batch is sent as it comes: nothing waits for more rows. */
import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Pending } from '../../core/operator.ts';
import { decodeUtf8 } from '../../core/utf8.ts';
import { RowTexts } from '../shared/sinks/row-texts.ts';
import { Broadcast } from './broadcast.ts';
import type { Outlet } from './outlet.ts';
import type { SinkWebSocketConfig } from './spec.ts';
import { ToServer } from './to-server.ts';

export const createSinkWebSocket: OperatorFactory<SinkWebSocketConfig> = (plan, context) =>
  new SinkWebSocketOperator(plan, context);

class SinkWebSocketOperator implements Operator {
  readonly #outlet: Outlet;
  readonly #texts: RowTexts;
  readonly #rowsAMessage: number;

  constructor({ config, inputs }: OperatorPlan<SinkWebSocketConfig>, context: OperatorContext) {
    const { connection, bufferBytes, format, batchRows } = config;
    this.#outlet =
      connection.mode === 'server'
        ? new Broadcast(connection, bufferBytes, context)
        : new ToServer(connection, bufferBytes, context);
    this.#texts = new RowTexts(format, inputs[0]!.shape);
    this.#rowsAMessage = format === 'object' ? 1 : batchRows;
  }

  open(): void | Promise<void> {
    return this.#outlet.open();
  }

  processBatch(batch: Batch): void {
    for (let start = 0; start < batch.length; start += this.#rowsAMessage) {
      const end = Math.min(batch.length, start + this.#rowsAMessage);
      this.#outlet.send(decodeUtf8(this.#texts.encode([{ batch, start, end }])));
    }
  }

  pending(): Pending {
    return this.#outlet.pending();
  }

  onWake(): void {
    this.#outlet.work();
  }

  onTimer(): void {
    this.#outlet.work();
  }

  close(): void {
    this.#outlet.close();
  }
}
