/** Puts a probe between an operator and its task: in debug runs only, so that others pay nothing. */
import type { Batch } from '../core/batch.ts';
import {
  isSource,
  type AnyOperatorFactory,
  type Operator,
  type OperatorContext,
  type OperatorPlan,
  type Output,
  type SourceOperator,
  type SourceStatus,
} from '../core/operator.ts';
import type { StepKind } from '../protocol/debug.ts';
import { ObservedState } from './observed-state.ts';
import { oneRow } from './one-row.ts';
import type { StepProbe } from './step-probe.ts';

export function observed(create: AnyOperatorFactory, probe: StepProbe): AnyOperatorFactory {
  return (plan: OperatorPlan<unknown>, context) => {
    const operator = create(plan, observedContext(plan, context, probe));
    return observe(operator, plan, probe);
  };
}

function observedContext(
  { nodeId, subtask }: OperatorPlan<unknown>,
  context: OperatorContext,
  probe: StepProbe,
): OperatorContext {
  const outputs = new Map<string, Output>();
  const own: Partial<OperatorContext> = {
    state: new ObservedState(context.state, nodeId, subtask, probe),
    output(port) {
      let output = outputs.get(port);
      if (output === undefined) {
        const inner = context.output(port);
        output = {
          get isConnected() {
            return inner.isConnected;
          },
          emit(batch) {
            for (let row = 0; row < batch.length; row++) {
              const one = oneRow(batch, row);
              probe.emit(nodeId, subtask, port, one);
              inner.emit(one);
            }
          },
        };
        outputs.set(port, output);
      }
      return output;
    },
    countLate(rows) {
      probe.countLate(rows);
      context.countLate(rows);
    },
  };
  // Whatever else there is comes from the context itself, getters as they are.
  return Object.assign(Object.create(context) as OperatorContext, own);
}

function observe(
  operator: Operator | SourceOperator,
  { nodeId, subtask }: OperatorPlan<unknown>,
  probe: StepProbe,
): Operator | SourceOperator {
  const hand = probe.handOf(nodeId, subtask);
  const during = <T>(kind: StepKind, time: number | null, call: () => T): T => {
    probe.begin({ kind, nodeId, subtask, row: 0, batch: null, input: 0, time });
    const result = call();
    // Not after an error: it belongs to this call.
    probe.end();
    return result;
  };
  const wrapped: Operator & { poll?: () => SourceStatus } = {
    processBatch(batch: Batch, input: number): void {
      probe.begin({ kind: 'row', nodeId, subtask, row: hand.row, batch, input, time: null });
      operator.processBatch(batch, input);
      probe.end();
    },
    onWatermark: (watermark) => during('watermark', watermark, () => operator.onWatermark?.(watermark)),
    onEnd: () => during('end', null, () => operator.onEnd?.()),
    snapshot: (checkpointId) => during('barrier', null, () => operator.snapshot?.(checkpointId)),
    checkpointComplete: (checkpointId) => during('checkpoint', null, () => operator.checkpointComplete?.(checkpointId)),
    close: () => operator.close?.(),
  };
  if (operator.open !== undefined) wrapped.open = () => operator.open!();
  if (operator.onTimer !== undefined) wrapped.onTimer = (at) => during('timer', at, () => operator.onTimer!(at));
  if (operator.onWake !== undefined) wrapped.onWake = () => during('answer', null, () => operator.onWake!());
  if (operator.flush !== undefined) wrapped.flush = () => operator.flush!();
  if (operator.pending !== undefined) wrapped.pending = () => operator.pending!();
  if (isSource(operator)) wrapped.poll = () => during('source', null, () => operator.poll());
  return wrapped;
}
