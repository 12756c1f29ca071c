/** The window as a user sees it: what there is, by role and name, and what is done with it. */
import { expect, type Locator, type Page } from '@playwright/test';

export type DockPanel =
  | 'Inspector'
  | 'Problems'
  | 'Preview'
  | 'Tests'
  | 'Dashboard'
  | 'Log'
  | 'Metrics'
  | 'Checkpoints'
  | 'Watermarks'
  | 'State'
  | 'Rejected rows'
  | 'Debug'
  | 'Changes';

/** In the window. */
interface Place {
  readonly x: number;
  readonly y: number;
}

async function middleOf(element: Locator): Promise<Place> {
  const box = (await element.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export class Designer {
  readonly page: Page;
  readonly canvas: Locator;
  readonly toolbar: Locator;
  readonly status: Locator;

  constructor(page: Page) {
    this.page = page;
    this.canvas = page.getByRole('application', { name: 'Graph' });
    this.toolbar = page.getByRole('toolbar', { name: 'Pipeline' });
    this.status = page.getByRole('contentinfo', { name: 'Status' });
  }

  /** Opens a template's copy from the welcome page, which is what an empty workspace begins with. */
  async openTemplate(title: string): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: title }).click();
    await expect(this.canvas).toBeVisible();
    await this.expectProblems('No problems');
  }

  /** Opens a document that was open in an earlier session. */
  async openRecent(file: string): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: file }).click();
  }

  /** An operator by its label. */
  node(label: string): Locator {
    return this.canvas.getByRole('group', { name: label, exact: true });
  }

  get nodes(): Locator {
    return this.canvas.getByRole('group');
  }

  /** An edge by the ids of its ends. */
  edge(from: string, to: string): Locator {
    return this.canvas.getByRole('img', { name: `Edge from ${from} to ${to}`, exact: true });
  }

  /** A port of a node, where edges begin and end. */
  port(node: string, name: string): Locator {
    return this.node(node).getByRole('img', { name, exact: true });
  }

  /** The figures on an edge of a running job. */
  rate(from: string, to: string): Locator {
    return this.canvas.getByRole('button', { name: `${from} to ${to}: ` });
  }

  /** Where in the window an edge is half way. */
  async middleOf(from: string, to: string): Promise<Place> {
    return this.edge(from, to)
      .locator('.react-flow__edge-path')
      .evaluate((path: SVGPathElement) => {
        const { x, y } = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM()!);
        return { x, y };
      });
  }

  async select(label: string): Promise<void> {
    await this.node(label).click();
    await expect(this.inspector.getByRole('textbox', { name: 'Label' })).toHaveValue(label);
  }

  get inspector(): Locator {
    return this.panel('Inspector');
  }

  panel(name: DockPanel): Locator {
    return this.page.getByRole('tabpanel', { name });
  }

  async openPanel(name: DockPanel): Promise<Locator> {
    await this.page.getByRole('tab', { name }).click();
    const panel = this.panel(name);
    await expect(panel).toBeVisible();
    return panel;
  }

  /** A field of the inspector. Expressions are edited in Monaco, whose text area holds only a part of the text: look for the text elsewhere. */
  async fillIn(field: string, text: string): Promise<void> {
    await this.inspector.getByRole('textbox', { name: field, exact: true }).focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  /** Drags an operator from the palette to a place in the window. */
  async dragOperator(label: string, to: Place): Promise<void> {
    const { mouse } = this.page;
    await this.page
      .getByRole('button', { name: `Add ${label}`, exact: true })
      .first()
      .hover();
    await mouse.down();
    // A drag begins with the first move and is told where it is by the next.
    await mouse.move(to.x - 40, to.y - 40, { steps: 4 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
  }

  /** Drags from the middle of `from` to that of `to`, or to a place in the window; `during`: before it is let go. */
  async drag(from: Locator, to: Locator | Place, during?: () => Promise<void>): Promise<void> {
    const { mouse } = this.page;
    const start = await middleOf(from);
    const end = 'x' in to ? to : await middleOf(to);
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(end.x - 20, end.y - 20, { steps: 4 });
    await mouse.move(end.x, end.y, { steps: 4 });
    await during?.();
    await mouse.up();
  }

  /** `problems` as the status bar says it: `1 problem`. */
  async expectProblems(problems: string): Promise<void> {
    await expect(this.status.getByRole('button', { name: problems, exact: true })).toBeVisible();
  }

  async runCommand(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+k');
    const palette = this.page.getByRole('dialog');
    await palette.getByRole('combobox').fill(name);
    await palette.getByRole('option', { name }).first().click();
    // What the command opens may be a dialog too.
    await expect(palette.getByRole('combobox')).toBeHidden();
  }

  /** Starts the pipeline with other values of its parameters. */
  async runWith(params: Readonly<Record<string, string>>): Promise<void> {
    await this.#runOptions(params, 'Run');
    await this.expectState('Running');
  }

  /** Other values of parameters, for the next run. */
  async setRunOptions(params: Readonly<Record<string, string>>): Promise<void> {
    await this.#runOptions(params, 'Save');
  }

  async #runOptions(params: Readonly<Record<string, string>>, button: 'Run' | 'Save'): Promise<void> {
    await this.toolbar.getByRole('button', { name: 'How to run' }).click();
    await this.page.getByRole('menuitem', { name: 'Run options…' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Run with options' });
    for (const [name, value] of Object.entries(params)) await dialog.getByLabel(name, { exact: true }).fill(value);
    await dialog.getByRole('button', { name: button, exact: true }).click();
  }

  async expectState(state: string): Promise<void> {
    await expect(this.status.getByRole('status')).toHaveText(state);
  }

  async stop(): Promise<void> {
    await this.toolbar.getByRole('button', { name: 'Stop', exact: true }).click();
    await this.expectState('Stopped');
  }

  async chooseTheme(theme: 'Light' | 'Dark'): Promise<void> {
    await this.toolbar.getByRole('button', { name: 'Theme' }).click();
    await this.page.getByRole('menuitemcheckbox', { name: theme }).click();
    await expect(this.page.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
  }
}
