import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuTexts } from './menu-texts.ts';

type Item = MenuItemConstructorOptions;

/** The application menu. Its own items are commands of the page, sent by id; the page knows whether they can be done now. */
export function installMenu(texts: MenuTexts, send: (command: string) => void): void {
  const item = (text: keyof MenuTexts, command: string, accelerator?: string): Item => ({
    id: command,
    label: texts[text],
    click: () => send(command),
    // Shown here, handled by the page: there shortcuts can be changed, and text fields keep their own.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const role = (text: keyof MenuTexts, name: NonNullable<Item['role']>): Item => ({ label: texts[text], role: name });
  const line: Item = { type: 'separator' };

  const file: Item[] = [
    item('new', 'file.new', 'CmdOrCtrl+Alt+N'),
    item('open', 'file.open', 'CmdOrCtrl+O'),
    line,
    item('save', 'file.save', 'CmdOrCtrl+S'),
    item('saveAll', 'file.saveAll', 'CmdOrCtrl+Shift+S'),
    item('close', 'file.close', 'Alt+W'),
    line,
    role('quit', 'quit'),
  ];
  const edit: Item[] = [
    item('undo', 'edit.undo', 'CmdOrCtrl+Z'),
    item('redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
    line,
    role('cut', 'cut'),
    role('copy', 'copy'),
    role('paste', 'paste'),
    role('selectAll', 'selectAll'),
    line,
    item('find', 'edit.find', 'CmdOrCtrl+F'),
  ];
  const view: Item[] = [
    item('palette', 'view.palette', 'CmdOrCtrl+K'),
    item('graph', 'view.graph'),
    item('code', 'view.code'),
    item('dashboard', 'view.openDashboard', 'CmdOrCtrl+Alt+D'),
    line,
    item('fit', 'canvas.fit'),
    item('layout', 'canvas.layout', 'CmdOrCtrl+Shift+L'),
    item('theme', 'view.theme'),
    item('resetLayout', 'view.resetLayout'),
    line,
    role('resetZoom', 'resetZoom'),
    role('zoomIn', 'zoomIn'),
    role('zoomOut', 'zoomOut'),
    role('fullScreen', 'togglefullscreen'),
    ...(app.isPackaged ? [] : [line, role('developerTools', 'toggleDevTools')]),
  ];
  const run: Item[] = [
    item('validate', 'run.validate', 'F7'),
    item('start', 'run.start', 'F5'),
    item('startFrom', 'run.startFrom', 'CmdOrCtrl+F5'),
    item('debug', 'debug.start', 'CmdOrCtrl+Shift+D'),
    item('tests', 'tests.runAll', 'Alt+R'),
    line,
    item('savepoint', 'run.savepoint', 'CmdOrCtrl+Alt+S'),
    item('stop', 'run.stop', 'Shift+F5'),
    item('stopWithSavepoint', 'run.stopWithSavepoint', 'Alt+Shift+F5'),
    item('cancel', 'run.cancel'),
  ];
  const help: Item[] = [item('tour', 'help.tour'), item('shortcuts', 'view.shortcuts'), role('about', 'about')];

  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: texts.file, submenu: file },
      { label: texts.edit, submenu: edit },
      { label: texts.view, submenu: view },
      { label: texts.run, submenu: run },
      { label: texts.help, role: 'help', submenu: help },
    ]),
  );
}
