import { expect, it } from 'vitest';
import { MemoryFiles } from '../testing/memory-files.ts';
import { MemoryNetwork } from '../testing/memory-network.ts';
import { createDebugSessions } from './debug-sessions.ts';

const text = JSON.stringify({
  format: 'millrace/pipeline',
  version: 1,
  name: 'debugged',
  nodes: [
    { id: 'in', type: 'source.generator', config: { rows: 2, fields: [{ name: 'n', type: 'BIGINT', expr: 'n' }] } },
    { id: 'out', type: 'sink.print', config: {} },
  ],
  edges: [{ from: 'in', to: 'out' }],
});

const outside = { files: new MemoryFiles(), network: new MemoryNetwork(), now: () => 0, later: () => () => {} };
const engine = createDebugSessions(outside);
const request = { sessionId: 's', text, folder: '/job', options: { allowsUserCode: false } };

it('serves a session until it is closed', async () => {
  const { plan, stop } = await engine.startDebug(request, () => {});
  expect([plan.operators.map(({ nodeId }) => nodeId), stop.moment]).toEqual([['in', 'out'], 0]);
  expect((await engine.debug('s', 'resume', [])).isFinished).toBe(true);
  await engine.debug('s', 'close', []);
  await expect(engine.debug('s', 'resume', [])).rejects.toMatchObject({ code: 'MR2005' });
});

it('refuses a text that is no document', async () => {
  await expect(engine.startDebug({ ...request, text: '{' }, () => {})).rejects.toMatchObject({ code: 'MR1001' });
});
