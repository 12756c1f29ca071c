import { execFileSync } from 'node:child_process';

/** Id of the engine's process, a child of the host's. */
export function engineOf(hostPid: number): number {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  for (const line of processes.split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (parent === hostPid && line.includes('engine-process')) return pid!;
  }
  throw new Error(`process ${hostPid} has no engine`);
}
