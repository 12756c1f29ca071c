/** The graph under the hand: every change can be taken back, by mouse and by keyboard. */
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('what is dragged, deleted and pasted is undone and done again', async ({ app }) => {
  const designer = new Designer(app.page);
  const { keyboard } = app.page;
  await designer.openTemplate('Earthquakes by region');
  await expect(designer.nodes).toHaveCount(8);

  const canvas = (await designer.canvas.boundingBox())!;
  await designer.dragOperator('Union', { x: canvas.x + canvas.width / 2, y: canvas.y + 60 });
  await expect(designer.node('Union')).toBeVisible();
  await designer.toolbar.getByRole('button', { name: 'Undo: add Union' }).click();
  await expect(designer.nodes).toHaveCount(8);
  await designer.toolbar.getByRole('button', { name: 'Redo: add Union' }).click();
  await expect(designer.node('Union')).toBeVisible();
  await designer.node('Union').click();
  await keyboard.press('Delete');
  await expect(designer.nodes).toHaveCount(8);

  // From a port into empty space: what fits there. Where an edge cannot go it says why; an end of one that is there can.
  const output = designer.port('Earthquakes only', 'Output Rows kept');
  await designer.drag(output, { x: canvas.x + 160, y: canvas.y + canvas.height - 90 });
  await app.page.getByRole('dialog', { name: 'Add an operator' }).getByRole('combobox').fill('sample');
  await keyboard.press('Enter');
  await expect(designer.edge('earthquakes', 'sample')).toBeAttached();
  const sampled = designer.port('Sample', 'Output Rows kept');
  await designer.drag(sampled, designer.port('Alerts', 'Input Rows'), () =>
    expect(app.page.getByText('takes one edge, and has it already')).toBeVisible(),
  );
  await designer.drag(designer.edge('strength', 'alerts').locator('.react-flow__edgeupdater-source'), sampled);
  await expect(designer.edge('sample', 'alerts')).toBeAttached();
  await designer.toolbar.getByRole('button', { name: 'Undo: move an end of an edge' }).click();
  await expect(designer.edge('strength', 'alerts')).toBeAttached();

  // A warning has its fix beside it, which is one step as well.
  await designer.expectProblems('1 problem');
  await designer
    .panel('Problems')
    .getByRole('button', { name: /^Add .* behind it$/ })
    .click();
  await designer.expectProblems('No problems');
  await app.page.keyboard.press('ControlOrMeta+z');
  await designer.expectProblems('1 problem');

  await designer.select('Alerts');
  await keyboard.press('ControlOrMeta+c');
  await keyboard.press('ControlOrMeta+v');
  await expect(designer.node('Alerts')).toHaveCount(2);
  await keyboard.press('ControlOrMeta+z');
  await expect(designer.node('Alerts')).toHaveCount(1);
  await keyboard.press('ControlOrMeta+Shift+z');
  await expect(designer.node('Alerts')).toHaveCount(2);

  // A note, in Markdown, and back.
  await keyboard.press('Shift+n');
  await app.page.getByRole('textbox', { name: 'Text of the note, in Markdown' }).fill('**Read** me');
  await keyboard.press('Escape');
  await expect(designer.canvas.locator('strong', { hasText: 'Read' })).toBeVisible();
  await designer.toolbar.getByRole('button', { name: /^Undo: .* note$/ }).click();
  await expect(designer.canvas.locator('strong', { hasText: 'Read' })).toHaveCount(0);

  // The clipboard is the system's: what was copied can be pasted into another pipeline.
  await app.page.getByRole('button', { name: 'New pipeline' }).first().click();
  await app.page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Sirens');
  await keyboard.press('Enter');
  await expect(app.page.getByRole('tab', { name: 'sirens' })).toBeVisible();
  await expect(designer.nodes).toHaveCount(0);
  await designer.canvas.click({ position: { x: 40, y: 40 } });
  await keyboard.press('ControlOrMeta+v');
  await expect(designer.node('Alerts')).toBeVisible();
});

test('the palette of commands runs what is found, and goes to an operator', async ({ app }) => {
  const designer = new Designer(app.page);
  const { keyboard } = app.page;
  await designer.openTemplate('Click sessions');
  await keyboard.press('ControlOrMeta+k');
  await keyboard.insertText('last five');
  await keyboard.press('Enter');
  await expect(designer.inspector.getByRole('textbox', { name: 'Label' })).toHaveValue('Last five minutes by page');

  await designer.runCommand('Checkpoints');
  await expect(designer.panel('Checkpoints')).toBeVisible();

  await designer.runCommand('Next language');
  await expect(app.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(app.page.getByText(/^会话，间隔 \d+ 秒，按 user/)).toBeVisible();
  await designer.runCommand('切换语言');

  const page = app.page.locator('html');
  await designer.chooseTheme('Light');
  await designer.runCommand('Switch between light and dark');
  await expect(page).toHaveAttribute('data-theme', 'dark');
  await app.page.reload();
  await expect(page, 'the theme is remembered').toHaveAttribute('data-theme', 'dark');
});
