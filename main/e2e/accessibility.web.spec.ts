/** What axe says of everything that can be on screen. The page is the same in both hosts. */
import { expectAccessible } from './accessibility.ts';
import { Designer, type DockPanel } from './designer.ts';
import { expect, test } from './fixtures.ts';

const LIVE_PANELS: readonly DockPanel[] = ['Preview', 'Log', 'Metrics', 'Checkpoints', 'Watermarks', 'Dashboard'];

for (const theme of ['Light', 'Dark'] as const) {
  test(`axe finds nothing serious in the ${theme.toLowerCase()} theme`, async ({ app }) => {
    // Of each view, everything.
    test.slow();
    const { page } = app;
    const { keyboard } = page;
    const designer = new Designer(page);
    await designer.chooseTheme(theme);
    await expect(page.getByRole('button', { name: 'Earthquakes by region' })).toBeVisible();
    await expectAccessible(page, 'welcome');
    await designer.runCommand('Take the tour');
    await expect(page.getByRole('dialog', { name: 'Welcome to Millrace' })).toBeVisible();
    // The library marks what it points to as a button that opens a dialog.
    await expectAccessible(page, 'the tour', '.driver-active-element');
    await keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pipelines' }).click();
    await expectAccessible(page, 'the pipelines of the workspace');

    await designer.openTemplate('Earthquakes by region');
    await designer.select('Six hours by region');
    await expectAccessible(page, 'a node and its form');
    await designer.select('Earthquakes only');
    await designer.fillIn('Condition', 'magnitude > 2');
    await designer.expectProblems('1 problem');
    await expectAccessible(page, 'a problem');
    await designer.fillIn('Condition', 'mag > 2');
    await designer.expectProblems('No problems');
    await designer.canvas.click({ position: { x: 8, y: 8 } });
    await expectAccessible(page, 'the settings of the document');

    await keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('option').first()).toBeVisible();
    await expectAccessible(page, 'the palette of commands');
    await keyboard.press('Escape');
    await designer.toolbar.getByRole('button', { name: 'How to run' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await expectAccessible(page, 'a menu');
    await page.getByRole('menuitem', { name: 'Run options…' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'a dialog');
    await keyboard.press('Escape');
    await keyboard.press('ControlOrMeta+F5');
    await expect(page.getByRole('dialog', { name: 'Start from a savepoint or checkpoint' })).toBeVisible();
    await expectAccessible(page, 'nothing to start from');
    await keyboard.press('Escape');
    await designer.toolbar.getByRole('button', { name: 'Code' }).click();
    await expect(page.getByText('"millrace/pipeline"')).toBeVisible();
    await expectAccessible(page, 'the code');
    await designer.toolbar.getByRole('button', { name: 'Graph' }).click();

    await designer.runWith({ speed: '50' });
    await designer.rate('earthquakes', 'region').click();
    await expect(designer.panel('Preview').getByRole('row').nth(1)).toBeVisible();
    for (const name of LIVE_PANELS) {
      await designer.openPanel(name);
      await expectAccessible(page, `${name} of a running job`);
    }
    await designer.stop();
    await expectAccessible(page, 'a job that was stopped');
  });
}
