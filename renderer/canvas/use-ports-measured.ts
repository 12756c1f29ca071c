import { useUpdateNodeInternals } from '@xyflow/react';
import { useEffect, useRef } from 'react';

/** React Flow measures ports when a node appears; it must be told when there are others later. Each time costs a pass over all nodes. */
export function usePortsMeasured(id: string, key: string): void {
  const update = useUpdateNodeInternals();
  const measured = useRef(key);
  useEffect(() => {
    if (measured.current === key) return;
    measured.current = key;
    update(id);
  }, [update, id, key]);
}
