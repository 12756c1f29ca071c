/** Entry of the engine's own process: a utility process of Electron, or a child process of Node. */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { engines } from '../comparison/index.ts';
import { nodeOutside } from '../debug/index.ts';
import { JobManager } from '../engine/job/job-manager.ts';
import type { EngineApi } from '../protocol/engine.ts';
import { serve } from '../protocol/remote.ts';
import { electronPort, processIpc, type ElectronPortLike } from '../protocol/transport.ts';
import { createDispatcher } from './dispatcher.ts';

const workerFile = path.join(import.meta.dirname, 'worker.cjs');
const { parentPort } = process as { parentPort?: ElectronPortLike };

function schedule(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

yieldToPage();

/** A job at full speed takes what processors there are: whoever types and pans meanwhile goes first. Threads of jobs inherit it. */
function yieldToPage(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: then all are equal.
  }
}

const engine = serve<EngineApi>(
  parentPort === undefined ? processIpc(process) : electronPort(parentPort),
  createDispatcher({
    createJob: (plan, options, onEvent) => new JobManager(plan, { ...options, workerFile }, onEvent),
    newJobId: randomUUID,
    now: () => performance.now(),
    clock: () => Date.now(),
    schedule,
    outside: nodeOutside(),
    engines,
    workerFile,
  }),
);
// Without its host nobody could stop a job: it ends as if killed, and resumes from its checkpoints.
void engine.closed.then(() => process.exit(0));
// Ctrl+C reaches every process of a terminal; the host answers it by stopping jobs with a last checkpoint.
process.on('SIGINT', () => {});
