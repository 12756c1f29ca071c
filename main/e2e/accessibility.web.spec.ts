/** What axe says of everything that can be on screen. The page is the same in both hosts. */
import { expectAccessible } from './accessibility.ts';
import { Designer, type DockPanel } from './designer.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';
import { ORDERS, SHOWCASE } from './showcase.ts';

const LIVE_PANELS: readonly DockPanel[] = [
  'Preview',
  'Log',
  'Metrics',
  'Checkpoints',
  'Watermarks',
  'State',
  'Rejected rows',
  'Dashboard',
  'Debug',
];

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
  });

  test(`axe finds nothing serious while a pipeline runs, is tested and debugged, in the ${theme.toLowerCase()} theme`, async ({
    app,
  }) => {
    test.slow();
    const { page } = app;
    const { keyboard } = page;
    // Groups, a note, code of its own, tiles, and rows that are rejected.
    const designer = await openDocument(app, 'showcase', SHOWCASE, { 'orders.csv': ORDERS });
    await designer.chooseTheme(theme);
    for (const view of ['Operators', 'Outline', 'Search', 'Runs', 'Settings']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
      await expectAccessible(page, `the view ${view}`);
    }
    await designer.toolbar.getByRole('button', { name: 'Run', exact: true }).click();
    await expectAccessible(page, 'the question of trust');
    await page.getByRole('dialog').getByRole('button', { name: 'Trust the workspace' }).click();
    await designer.rate('orders', 'paid').click();
    await expect(designer.panel('Preview').getByRole('row').nth(1)).toBeVisible();
    for (const name of LIVE_PANELS) {
      await designer.openPanel(name);
      if (name === 'State' || name === 'Rejected rows') await designer.panel(name).getByRole('row').nth(1).click();
      await expectAccessible(page, `${name} of a running job`);
    }
    const opened = page.context().waitForEvent('page');
    await designer.toolbar.getByRole('button', { name: 'Open dashboard' }).click();
    const wall = await opened;
    await wall.emulateMedia({ reducedMotion: 'reduce' });
    for (const look of ['Light', 'High contrast', 'Dark']) {
      await wall.getByRole('heading', { name: 'Showcase' }).hover();
      await wall.getByRole('button', { name: 'Theme of the dashboard' }).click();
      await wall.getByRole('menuitemcheckbox', { name: look }).click();
      await expect(wall.getByRole('menu')).toBeHidden();
      await expectAccessible(wall, `the wall, ${look}`);
    }
    await wall.close();
    await designer.stop();
    await expectAccessible(page, 'a job that was stopped');

    await keyboard.press('Alt+r');
    await expect(designer.panel('Tests').getByRole('option', { name: /^Failed/ })).toBeVisible();
    await designer
      .panel('Tests')
      .getByRole('option', { name: /^Failed/ })
      .click();
    await expectAccessible(page, 'a failed test');
    await designer.panel('Tests').getByRole('button', { name: 'Case', exact: true }).click();
    await expectAccessible(page, 'a test case');
    await designer.node('Turnover').click();
    await designer.runCommand('Make a sub-pipeline…');
    await expectAccessible(page, 'a sub-pipeline that is made');
    await page.getByRole('dialog').getByLabel('Name').fill('Counting');
    await page.getByRole('dialog').getByRole('button', { name: 'Make' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    await designer.runCommand('Compare with the saved file or a revision');
    await expect(designer.panel('Changes').getByRole('listitem').first()).toBeVisible();
    await expectAccessible(page, 'changes');
    await designer.node('Counting').dblclick();
    await expect(page.getByRole('navigation', { name: 'Way to this pipeline' })).toBeVisible();
    await expectAccessible(page, 'inside a sub-pipeline');
    await page.getByRole('navigation', { name: 'Way to this pipeline' }).getByRole('button').click();
    await designer.toolbar.getByRole('button', { name: 'Debug' }).click();
    await expect(page.getByRole('toolbar', { name: 'Debug' })).toBeVisible();
    for (let i = 0; i < 3; i++) await keyboard.press('F11');
    await expectAccessible(page, 'the debugger');
  });
}
