import { app, Menu, type MenuItemConstructorOptions } from 'electron';

type Item = MenuItemConstructorOptions;

/** The application menu. Its own items are commands of the page, sent by id; the page knows whether they can be done now. */
export function installMenu(send: (command: string) => void): void {
  const item = (label: string, command: string, accelerator?: string): Item => ({
    label,
    click: () => send(command),
    // Shown here, handled by the page: there shortcuts can be changed, and text fields keep their own.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const line: Item = { type: 'separator' };

  const file: Item[] = [
    item('New Pipeline…', 'file.new', 'CmdOrCtrl+N'),
    item('Open…', 'file.open', 'CmdOrCtrl+O'),
    line,
    item('Save', 'file.save', 'CmdOrCtrl+S'),
    item('Save All', 'file.saveAll'),
    item('Close Tab', 'file.close'),
    line,
    { role: 'quit' },
  ];
  const edit: Item[] = [
    item('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
    item('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
    line,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
  const view: Item[] = [
    item('Command Palette…', 'view.palette', 'CmdOrCtrl+K'),
    item('Graph', 'view.graph'),
    item('Code', 'view.code'),
    line,
    item('Zoom to Fit', 'canvas.fit'),
    item('Auto Layout', 'canvas.layout'),
    item('Light or Dark', 'view.theme'),
    item('Reset Panels', 'view.resetLayout'),
    line,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [line, { role: 'toggleDevTools' } satisfies Item]),
  ];
  const run: Item[] = [
    item('Validate', 'run.validate'),
    item('Run', 'run.start'),
    item('Start from Savepoint or Checkpoint…', 'run.startFrom'),
    line,
    item('Take a Savepoint', 'run.savepoint'),
    item('Stop', 'run.stop'),
    item('Stop with a Savepoint', 'run.stopWithSavepoint'),
    item('Cancel', 'run.cancel'),
  ];
  const help: Item[] = [item('Keyboard Shortcuts', 'view.shortcuts'), { role: 'about' }];

  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'File', submenu: file },
      { label: 'Edit', submenu: edit },
      { label: 'View', submenu: view },
      { label: 'Run', submenu: run },
      { label: 'Help', role: 'help', submenu: help },
    ]),
  );
}
