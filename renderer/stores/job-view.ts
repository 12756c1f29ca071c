/** Whether the document on screen is the one whose job reports. */
import { isTerminal } from '../../runtime/protocol/job.ts';
import { useDocumentStore } from './document-store.ts';
import { useRunStore } from './run-store.ts';

export type JobView = 'none' | 'active' | 'ended';

/** `active`: its job runs and figures are of now; `ended`: they are those it ended with. */
export function useJobView(): JobView {
  const activePath = useDocumentStore((state) => state.activePath);
  return useRunStore((run): JobView => {
    if (run.state === null || run.path !== activePath || run.state === 'STARTING') return 'none';
    return isTerminal(run.state) ? 'ended' : 'active';
  });
}
