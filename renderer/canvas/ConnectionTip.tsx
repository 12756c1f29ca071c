import { useConnection } from '@xyflow/react';
import { useMemo, type ReactNode } from 'react';
import { Ban } from 'lucide-react';
import { refOfConnection } from './flow-model.ts';
import { refusalOf, refusalText } from './canvas-actions.ts';

/** Beside the pointer while an edge is drawn to a port that does not take it: why not. */
export function ConnectionTip(): ReactNode {
  const connection = useConnection();
  const { fromHandle, toHandle, pointer } = connection;
  const text = useMemo(() => {
    if (fromHandle === null || toHandle === null || fromHandle.type === toHandle.type) return null;
    const [source, target] = fromHandle.type === 'source' ? [fromHandle, toHandle] : [toHandle, fromHandle];
    const edge = refOfConnection({
      source: source.nodeId,
      sourceHandle: source.id ?? null,
      target: target.nodeId,
      targetHandle: target.id ?? null,
    });
    const refusal = edge === null ? null : refusalOf(edge);
    return refusal === null ? null : refusalText(refusal);
  }, [fromHandle, toHandle]);
  if (text === null || pointer === null) return null;
  return (
    <div className="canvas-connection-tip" role="status" style={{ left: pointer.x + 16, top: pointer.y + 12 }}>
      <Ban size={13} aria-hidden />
      {text}
    </div>
  );
}
