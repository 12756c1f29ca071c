import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { RestorePoint } from '../../runtime/protocol/host.ts';
import type { FakeHost } from '../host/fake.ts';
import { stubLayout } from '../testing/layout.ts';
import { openPipeline, renderInApp, sketch, startTest } from '../testing/app.tsx';
import { StartFromDialog } from './StartFromDialog.tsx';

const POINTS: readonly RestorePoint[] = [
  { kind: 'savepoint', id: 7, location: '/state/savepoint-7', createdAt: Date.now(), stateBytes: 2048 },
  { kind: 'checkpoint', id: 5, location: '/state/chk-5', createdAt: 0, stateBytes: 1024 },
];

async function show(restorePoints: readonly RestorePoint[]): Promise<FakeHost> {
  stubLayout();
  const host = startTest({ restorePoints });
  openPipeline(sketch({ a: { type: 'filter' } }));
  await act(async () => void renderInApp(<StartFromDialog onClose={() => undefined} />));
  return host;
}

describe('StartFromDialog', () => {
  afterEach(cleanup);

  it('starts from the newest unless another is chosen', async () => {
    const host = await show(POINTS);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /savepoint 7.*2 kB/ }).checked).toBe(true);
    fireEvent.click(screen.getByRole('radio', { name: /checkpoint 5/ }));
    fireEvent.click(screen.getByRole('switch', { name: /Drop state that no longer fits/ }));
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Start' }));
    });
    expect(host.started[0]?.options).toMatchObject({ fromSavepoint: '/state/chk-5', allowNonRestoredState: true });
  });

  it('says so when there is nothing to start from', async () => {
    await show([]);
    expect(screen.getByText('Nothing to start from yet')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Start' }).disabled).toBe(true);
  });
});
