/**
 * Every panel, dialog, menu and page in both themes and both languages, to be looked at. Not a test:
 * `MILLRACE_MEASURE=1 node build/scripts/e2e.mjs --project=measure gallery` writes a sheet of each into MILLRACE_GALLERY, or a folder of the
 * system's temporary files.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import type { App } from './app.ts';
import { Designer, type DockPanel } from './designer.ts';
import { expect, test } from './fixtures.ts';
import { Gallery } from './gallery.ts';
import { openDocument } from './open-document.ts';
import { ORDERS, SHOWCASE } from './showcase.ts';

const SIZE = { width: 1440, height: 900 };

test.beforeEach(async ({ app }) => {
  test.setTimeout(600_000);
  await app.page.setViewportSize(SIZE);
});

function start({ page }: App): { readonly designer: Designer; readonly gallery: Gallery } {
  return { designer: new Designer(page), gallery: new Gallery(page) };
}

test('gallery: the first minutes', async ({ app }) => {
  const { page } = app;
  const { designer, gallery } = start(app);
  await expect(page.getByRole('button', { name: 'Earthquakes by region' })).toBeVisible();
  await gallery.look('welcome');
  await page.setViewportSize({ width: 1024, height: 700 });
  await gallery.look('welcome-small');
  await page.setViewportSize(SIZE);
  for (const panel of PANELS) {
    await gallery.command(`view.${panel.id}`);
    await gallery.look(`nothing-open-${panel.id}`, designer.panel(panel.name));
  }
  for (const view of VIEWS) {
    await gallery.look(`nothing-open-view-${view}`, await openView(designer, view));
  }
  await gallery.command('help.tour');
  await gallery.look('tour', page.locator('.driver-popover'));
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.driver-popover')).toContainText('2 / ');
  await gallery.look('tour-2');
  await page.keyboard.press('Escape');
  await gallery.command('file.new');
  await page.getByRole('textbox', { name: 'Name' }).fill('Empty one');
  await gallery.look('new-document', page.getByRole('dialog'));
  await page.keyboard.press('Enter');
  await expect(designer.canvas).toBeVisible();
  await gallery.look('empty-document');
  for (const panel of PANELS) {
    await gallery.command(`view.${panel.id}`);
    await gallery.look(`empty-${panel.id}`, designer.panel(panel.name));
  }
});

test('gallery: designing', async ({ app }) => {
  const { page } = app;
  const { gallery } = start(app);
  const designer = await openDocument(app, 'showcase', SHOWCASE, { 'orders.csv': ORDERS });
  await expect(designer.node('Orders')).toBeVisible();
  await gallery.look('canvas');
  await page.setViewportSize({ width: 1024, height: 700 });
  await gallery.look('canvas-small');
  await page.setViewportSize(SIZE);
  for (const view of VIEWS) {
    const side = await openView(designer, view);
    if (view === 'Search') {
      await gallery.look(`view-${view}-empty`, side);
      await page.getByRole('searchbox', { name: 'Find in the pipeline' }).fill('amount');
    }
    await gallery.look(`view-${view}`, side);
  }
  await gallery.command('edit.find');
  for (const label of ['Orders', 'Hours', 'Paid', 'Turnover', 'Query', 'Own code', 'Fixed']) {
    await gallery.command('canvas.fit');
    await designer.node(label).first().click();
    await gallery.look(`inspector-${label}`, designer.inspector);
  }
  await designer.canvas.click({ position: { x: 8, y: 8 } });
  await gallery.look('inspector-document', designer.inspector);
  await designer.edge('orders', 'paid').click({ force: true });
  await gallery.look('inspector-edge', designer.inspector);
});

test('gallery: asking', async ({ app }) => {
  const { page } = app;
  const { gallery } = start(app);
  const designer = await openDocument(app, 'showcase', SHOWCASE, { 'orders.csv': ORDERS });
  await expect(designer.node('Orders')).toBeVisible();
  await designer.node('Paid').first().click();
  await designer.fillIn('Condition', 'amuont > 0 AND id IS');
  await expect(designer.node('Paid')).toContainText('error');
  await gallery.look('expression-error', designer.inspector);
  await designer.openPanel('Problems');
  await gallery.look('problems', designer.panel('Problems'));
  await gallery.look('problems-canvas');
  await designer.fillIn('Condition', 'amount > 0');

  await gallery.command('view.palette');
  await gallery.look('command-palette', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await gallery.command('view.shortcuts');
  await gallery.look('shortcuts', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await gallery.command('run.options');
  await gallery.look('run-options', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await gallery.command('run.startFrom');
  await gallery.look('start-from-nothing', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await gallery.command('canvas.picture');
  await gallery.look('picture', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await designer.node('Paid').first().click();
  await gallery.command('edit.renameField');
  const rename = page.getByRole('dialog', { name: 'Rename a field' });
  await rename.getByRole('textbox', { name: 'New name' }).fill('total');
  await gallery.look('rename', rename);
  await page.keyboard.press('Escape');
  await designer.node('Paid').first().click();
  await gallery.command('canvas.makeSubPipeline');
  await gallery.look('make-sub-pipeline', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await gallery.command('canvas.add');
  await gallery.look('add-operator', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  for (const [name, button] of [
    ['run', 'How to run'],
    ['theme', 'Theme'],
  ] as const) {
    await designer.toolbar.getByRole('button', { name: button }).click();
    await gallery.look(`menu-${name}`, page.getByRole('menu'));
    await page.keyboard.press('Escape');
  }
  await designer.node('Paid').first().click({ button: 'right' });
  await gallery.look('menu-node', page.getByRole('menu'));
  await page.keyboard.press('Escape');
  await designer.node('Paid').first().getByRole('button').first().hover();
  await designer.select('Orders');
  await designer.inspector.getByRole('button', { name: 'Infer from file' }).click();
  await gallery.look('infer', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await gallery.command('view.code');
  await expect(page.getByText('"millrace/pipeline"')).toBeVisible();
  await gallery.look('code');
  await gallery.command('view.graph');

  await designer.select('Hours');
  await designer.fillIn('Label', 'By the hour');
  await gallery.command('view.compare');
  await expect(designer.panel('Changes').getByRole('listitem').first()).toBeVisible();
  await gallery.look('diff');
  await gallery.look('diff-panel', designer.panel('Changes'));
  await designer.panel('Changes').getByRole('button', { name: 'Take back all' }).click();
  await gallery.command('view.diff');
  await gallery.look('diff-equal', designer.panel('Changes'));
  await gallery.command('file.close');
});

test('gallery: running', async ({ app }) => {
  const { page } = app;
  const { gallery } = start(app);
  const designer = await openDocument(app, 'showcase', SHOWCASE, { 'orders.csv': ORDERS });
  await gallery.command('run.start');
  const trust = page.getByRole('dialog', { name: 'Do you trust the files in this workspace?' });
  await expect(trust).toBeVisible();
  await gallery.look('trust', trust);
  await trust.getByRole('button', { name: 'Trust the workspace' }).click();
  await designer.expectState('Running');
  await designer.rate('orders', 'paid').click();
  await expect(designer.panel('Preview').getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText('checkpoint 3');
  await gallery.look('running');
  await page.setViewportSize({ width: 1024, height: 700 });
  await gallery.look('running-small');
  await page.setViewportSize(SIZE);
  for (const panel of PANELS) {
    await gallery.command(`view.${panel.id}`);
    await gallery.look(`running-${panel.id}`, designer.panel(panel.name));
  }
  await designer.openPanel('Rejected rows');
  await designer.panel('Rejected rows').getByRole('row').nth(1).click();
  await gallery.look('running-dead-letters-chosen', designer.panel('Rejected rows'));
  await designer.openPanel('Checkpoints');
  await designer.panel('Checkpoints').getByRole('row').nth(1).click();
  await gallery.look('running-checkpoint-chosen', designer.panel('Checkpoints'));
  await designer.openPanel('State');
  await designer.panel('State').getByRole('row').nth(1).click();
  await gallery.look('running-state-chosen', designer.panel('State'));
  await designer.openPanel('Watermarks');
  await designer.panel('Watermarks').getByRole('row').nth(2).click();
  await gallery.look('running-watermark-chosen', designer.panel('Watermarks'));
  await designer.node('Hours').click();
  await gallery.look('running-inspector', designer.inspector);
  await gallery.command('diagnosis.why');
  await gallery.look('silence', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await designer.toolbar.getByRole('button', { name: 'Other ways to stop' }).click();
  await gallery.look('menu-stop', page.getByRole('menu'));
  await page.keyboard.press('Escape');
  await gallery.command('run.startFrom');
  await gallery.look('start-from', page.getByRole('dialog'));
  await page.keyboard.press('Escape');

  await gallery.command('run.stop');
  await designer.expectState('Stopped');
  await gallery.look('stopped');
  await gallery.command('tests.runAll');
  const tests = designer.panel('Tests');
  await expect(tests.getByRole('option', { name: /^Failed/ })).toBeVisible();
  await gallery.look('tests-failed', tests);
  await tests.getByText('Case', { exact: true }).click();
  await gallery.look('tests-case', tests);

  await gallery.command('debug.start');
  await expect(page.getByRole('toolbar', { name: 'Debug' })).toBeVisible();
  for (let i = 0; i < 8; i++) await gallery.command('debug.stepInto');
  await gallery.command('view.debug');
  await gallery.look('debug');
  await gallery.command('debug.stop');

  await writeFile(path.join(app.workspace, 'showcase.pipeline.json'), 'changed by someone else');
});

test('gallery: dashboards', async ({ app }) => {
  const { page } = app;
  const { designer, gallery } = start(app);
  await designer.openTemplate('Shopping day on the big screen');
  await designer.runWith({ speed: '300' });
  await designer.openPanel('Dashboard');
  await expect(designer.panel('Dashboard').getByRole('listitem').first()).toBeVisible();
  await gallery.look('dashboard-panel', designer.panel('Dashboard'));
  const opened = page.context().waitForEvent('page');
  await gallery.command('view.openDashboard');
  const wall = await opened;
  await wall.emulateMedia({ reducedMotion: 'reduce' });
  await wall.setViewportSize({ width: 1600, height: 900 });
  await expect(wall.getByRole('listitem').first()).toBeVisible();
  const file = path.join(gallery.folder, 'wall');
  await wall.screenshot({ path: `${file}-dark.png` });
  await wall.getByRole('button', { name: 'Theme of the dashboard' }).click();
  await wall.getByRole('menuitemcheckbox', { name: 'Light' }).click();
  await wall.screenshot({ path: `${file}-light.png` });
  await wall.getByRole('button', { name: 'Theme of the dashboard' }).click();
  await wall.getByRole('menuitemcheckbox', { name: 'High contrast' }).click();
  await wall.screenshot({ path: `${file}-contrast.png` });
  await gallery.command('view.language');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await wall.reload();
  await expect(wall.getByRole('listitem').first()).toBeVisible();
  await wall.locator('.wall-tools').hover({ force: true });
  await wall.screenshot({ path: `${file}-zh.png` });
});

async function openView({ page }: Designer, name: string): Promise<Locator> {
  const view = page.getByRole('complementary', { name, exact: true });
  if (!(await view.isVisible()))
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name, exact: true }).click();
  return view;
}

const PANELS: readonly { readonly id: string; readonly name: DockPanel }[] = [
  { id: 'inspector', name: 'Inspector' },
  { id: 'problems', name: 'Problems' },
  { id: 'preview', name: 'Preview' },
  { id: 'dashboard', name: 'Dashboard' },
  { id: 'tests', name: 'Tests' },
  { id: 'log', name: 'Log' },
  { id: 'metrics', name: 'Metrics' },
  { id: 'checkpoints', name: 'Checkpoints' },
  { id: 'watermarks', name: 'Watermarks' },
  { id: 'state', name: 'State' },
  { id: 'dead-letters', name: 'Rejected rows' },
  { id: 'debug', name: 'Debug' },
  { id: 'diff', name: 'Changes' },
];
const VIEWS = ['Pipelines', 'Operators', 'Outline', 'Search', 'Runs', 'Settings'];
