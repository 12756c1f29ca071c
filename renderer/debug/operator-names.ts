import { useCallback } from 'react';
import { useNodeNames } from '../run/node-name.ts';
import { useDebugStore } from './debug-store.ts';

/** What operators of the plan are called: parts of a composite by its name and theirs. */
export function useOperatorNames(): (id: string) => string {
  const nameOf = useNodeNames();
  const plan = useDebugStore((state) => state.plan);
  return useCallback(
    (id: string) => {
      const operator = plan?.operators.find(({ nodeId }) => nodeId === id);
      if (operator === undefined || operator.documentNode === operator.nodeId) return nameOf(id);
      return `${nameOf(operator.documentNode)} › ${operator.label}`;
    },
    [nameOf, plan],
  );
}
