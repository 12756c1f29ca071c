import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { Dialogs } from '../app/Dialogs.tsx';
import type { FakeHost } from '../host/fake.ts';
import { stubLayout } from '../testing/layout.ts';
import { run } from '../stores/run-store.ts';
import { loadSettings } from '../stores/settings-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { TrustBanner } from './TrustBanner.tsx';
import '../app/i18n/index.ts';

const CODE = 'export function onRow(row, ctx) { ctx.emit(row); }';

describe('a document with code of its own', () => {
  let host: FakeHost;
  beforeEach(async () => {
    stubLayout();
    host = startTest();
    await loadSettings();
  });

  async function show(type: string, config: object): Promise<void> {
    openPipeline(sketch({ in: sourceNode(['a INT']), own: { type, config: { ...config } } }, ['in -> own']));
    await act(async () => {
      renderInApp(
        <>
          <TrustBanner />
          <Dialogs />
        </>,
      );
    });
  }

  const press = (name: string): Promise<void> =>
    act(async () => {
      fireEvent.click(screen.getByRole('button', { name }));
    });

  it('says that it waits for trust, until it is given', async () => {
    await show('process.js', { code: CODE, outputSchema: [{ name: 'a', type: 'INT' }] });
    await press('Trust…');
    await press("Don't trust");
    expect((await host.info()).isTrusted).toBe(false);
    await press('Trust…');
    await press('Trust the workspace');
    expect((await host.info()).isTrusted).toBe(true);
    expect(screen.queryByRole('button', { name: 'Trust…' })).toBeNull();
  });

  it('asks when it is to run', async () => {
    await show('process.js', { code: CODE, outputSchema: [{ name: 'a', type: 'INT' }] });
    let ended: Promise<void> | null = null;
    await act(async () => {
      ended = run();
    });
    expect(host.started).toEqual([]);
    await press('Trust the workspace');
    await act(() => ended);
    expect([host.started.length, (await host.info()).isTrusted]).toEqual([1, true]);
  });

  it('is the only one that asks', async () => {
    await show('filter', { condition: 'a > 1' });
    expect(screen.queryByRole('button', { name: 'Trust…' })).toBeNull();
    await act(() => run());
    expect(host.started).toHaveLength(1);
  });
});
