import { median } from '../median.ts';
import { runInProcess } from '../run-process.ts';
import { timed, type Contender, type ContenderSetup } from './contender.ts';

export const millrace: ContenderSetup = {
  id: 'millrace',
  label: 'Millrace',
  about:
    'each run is a process of its own (`millrace run`), which begins cold; state in memory. Processing: from RUNNING to FINISHED. Start: from the start of the process to RUNNING, the median of all runs.',
  target: null,
  triesBatch: false,
  start({ workerFile }): Promise<Contender> {
    const starts: number[] = [];
    return Promise.resolve({
      startSeconds: () => median(starts),
      async measure({ document }) {
        const [run, endToEnd] = await timed(() => runInProcess(document, { workerFile }));
        starts.push(run.startSeconds);
        return { processing: run.seconds, endToEnd };
      },
      stop: () => Promise.resolve(),
    });
  },
};
