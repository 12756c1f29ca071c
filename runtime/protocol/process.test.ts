import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { connect, engineLost } from './remote.ts';
import { processIpc } from './transport.ts';

it('rejects a call in flight when the process that serves it is killed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-'));
  const silent = path.join(folder, 'silent.cjs');
  await writeFile(silent, `process.on('message', () => process.kill(process.pid, 'SIGKILL'));`);
  const child = fork(silent, { serialization: 'advanced' });
  const client = connect<{ work(): Promise<void> }>(processIpc(child), engineLost);
  await expect(client.api.work()).rejects.toMatchObject({ code: 'MR2003' });
  await client.closed;
  await rm(folder, { recursive: true });
});
