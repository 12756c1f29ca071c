/** The named actions of the frame: files, editing, running, views. */
import {
  Bookmark,
  BookmarkCheck,
  ChevronLeft,
  ChevronRight,
  CircleCheckBig,
  Code,
  Copy,
  Eye,
  FilePlus,
  FolderOpen,
  History,
  Keyboard,
  Languages,
  ListTree,
  PanelLeft,
  PencilLine,
  Play,
  Redo2,
  RotateCcw,
  Save,
  Search,
  Settings2,
  SlidersHorizontal,
  Square,
  SunMoon,
  Trash2,
  Undo2,
  Workflow,
  X,
} from 'lucide-react';
import { redoLabel, undoLabel } from '../../runtime/graph/index.ts';
import { closeDocument, deleteDocument, saveAll, saveDocument, showDocument } from '../files/document-files.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument, redo, undo, useDocumentStore } from '../stores/document-store.ts';
import { notify } from '../stores/notice-store.ts';
import { cancel, run, selectCanTakeSavepoint, selectIsActive, stop, useRunStore } from '../stores/run-store.ts';
import { savepoint, stopWithSavepoint } from '../stores/savepoints.ts';
import { changeSettings } from '../stores/settings-store.ts';
import { activeValidation, validateNow } from '../stores/validation-store.ts';
import { openPanel, setCentreMode, setCommandPaletteOpen, setRailView, useViewStore } from '../stores/view-store.ts';
import type { Command } from './commands.ts';
import { DOCK_CLOSE_EVENT, DOCK_RESET_EVENT } from './dock-layout.ts';
import { currentLanguage, LANGUAGES } from './i18n/index.ts';
import { panels } from './panels.ts';
import { currentTheme } from './theme/theme.ts';

function hasDocument(): boolean {
  return activeDocument() !== null;
}

function hasSeveralDocuments(): boolean {
  return useDocumentStore.getState().documents.length > 1;
}

/** Round the tabs. */
function showNeighbour(step: 1 | -1): void {
  const { documents, activePath } = useDocumentStore.getState();
  const at = documents.findIndex(({ path }) => path === activePath);
  const next = documents[(at + step + documents.length) % documents.length];
  if (next !== undefined) showDocument(next.path);
}

function isRunning(): boolean {
  return selectIsActive(useRunStore.getState());
}

function canTakeSavepoint(): boolean {
  return selectCanTakeSavepoint(useRunStore.getState());
}

function validate(): void {
  validateNow();
  const count = activeValidation()?.diagnostics.length ?? 0;
  if (count === 0) notify('app:notices.valid', { tone: 'success' });
  else openPanel('problems');
}

function nextLanguage(): void {
  const at = LANGUAGES.findIndex((one) => one.id === currentLanguage());
  const next = LANGUAGES[(at + 1) % LANGUAGES.length];
  if (next !== undefined) changeSettings({ language: next.id });
}

function toggleSideBar(): void {
  setRailView(useViewStore.getState().railView === null ? 'operators' : null);
}

const file = { groupKey: 'app:groups.file' } as const;
const editing = { groupKey: 'app:groups.edit' } as const;
const running = { groupKey: 'app:groups.run' } as const;
const view = { groupKey: 'app:groups.view' } as const;

export const appCommands: readonly Command[] = [
  {
    id: 'file.new',
    titleKey: 'app:commands.new',
    icon: FilePlus,
    shortcuts: ['Mod+Alt+N'],
    run: () => openDialog({ type: 'new-document' }),
    ...file,
  },
  {
    id: 'file.open',
    titleKey: 'app:commands.open',
    icon: FolderOpen,
    shortcuts: ['Mod+O'],
    run: () => setRailView('pipelines'),
    ...file,
  },
  {
    id: 'file.save',
    titleKey: 'app:commands.save',
    icon: Save,
    shortcuts: ['Mod+S'],
    isEnabled: hasDocument,
    run: async () => void (await saveDocument()),
    ...file,
  },
  {
    id: 'file.saveAll',
    titleKey: 'app:commands.saveAll',
    icon: Save,
    shortcuts: ['Mod+Shift+S'],
    isEnabled: hasDocument,
    run: saveAll,
    ...file,
  },
  {
    id: 'file.saveCopy',
    titleKey: 'app:commands.saveCopy',
    icon: Copy,
    isEnabled: hasDocument,
    run: () => {
      const from = activeDocument();
      if (from !== null) openDialog({ type: 'new-document', from });
    },
    ...file,
  },
  {
    id: 'file.rename',
    titleKey: 'app:commands.rename',
    icon: PencilLine,
    isEnabled: hasDocument,
    run: () => {
      const open = activeDocument();
      if (open !== null) openDialog({ type: 'rename-document', path: open.path });
    },
    ...file,
  },
  {
    id: 'file.delete',
    titleKey: 'app:commands.delete',
    icon: Trash2,
    isEnabled: hasDocument,
    run: async () => {
      const open = activeDocument();
      if (open !== null) await deleteDocument(open.path);
    },
    ...file,
  },
  {
    id: 'file.close',
    titleKey: 'app:commands.close',
    icon: X,
    shortcuts: ['Alt+W'],
    isEnabled: hasDocument,
    run: () => closeDocument(),
    ...file,
  },
  {
    id: 'file.next',
    titleKey: 'app:commands.nextTab',
    icon: ChevronRight,
    shortcuts: ['Alt+PageDown'],
    isEnabled: hasSeveralDocuments,
    run: () => showNeighbour(1),
    ...file,
  },
  {
    id: 'file.previous',
    titleKey: 'app:commands.previousTab',
    icon: ChevronLeft,
    shortcuts: ['Alt+PageUp'],
    isEnabled: hasSeveralDocuments,
    run: () => showNeighbour(-1),
    ...file,
  },

  {
    id: 'edit.undo',
    titleKey: 'app:commands.undo',
    icon: Undo2,
    shortcuts: ['Mod+Z'],
    scope: 'outside-text',
    isEnabled: () => {
      const open = activeDocument();
      return open !== null && undoLabel(open.history) !== null;
    },
    run: undo,
    ...editing,
  },
  {
    id: 'edit.redo',
    titleKey: 'app:commands.redo',
    icon: Redo2,
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    scope: 'outside-text',
    isEnabled: () => {
      const open = activeDocument();
      return open !== null && redoLabel(open.history) !== null;
    },
    run: redo,
    ...editing,
  },

  {
    id: 'run.validate',
    titleKey: 'app:commands.validate',
    icon: CircleCheckBig,
    shortcuts: ['F7'],
    isEnabled: hasDocument,
    run: validate,
    ...running,
  },
  {
    id: 'run.start',
    titleKey: 'app:commands.run',
    icon: Play,
    shortcuts: ['F5', 'Mod+Enter'],
    isEnabled: () => hasDocument() && !isRunning(),
    run: () => run(),
    ...running,
  },
  {
    id: 'run.preview',
    titleKey: 'app:commands.previewRun',
    icon: Eye,
    shortcuts: ['Mod+Shift+Enter'],
    isEnabled: () => hasDocument() && !isRunning(),
    run: () => openDialog({ type: 'preview-run' }),
    ...running,
  },
  {
    id: 'run.stop',
    titleKey: 'app:commands.stop',
    icon: Square,
    shortcuts: ['Shift+F5'],
    isEnabled: isRunning,
    run: async () => void (await stop()),
    ...running,
  },
  {
    id: 'run.stopWithSavepoint',
    titleKey: 'app:commands.stopWithSavepoint',
    icon: BookmarkCheck,
    shortcuts: ['Alt+Shift+F5'],
    isEnabled: canTakeSavepoint,
    run: stopWithSavepoint,
    ...running,
  },
  {
    id: 'run.cancel',
    titleKey: 'app:commands.cancel',
    icon: Square,
    isEnabled: isRunning,
    run: async () => void (await cancel()),
    ...running,
  },
  {
    id: 'run.savepoint',
    titleKey: 'app:commands.savepoint',
    icon: Bookmark,
    shortcuts: ['Mod+Alt+S'],
    isEnabled: canTakeSavepoint,
    run: savepoint,
    ...running,
  },
  {
    id: 'run.startFrom',
    titleKey: 'app:commands.startFrom',
    icon: History,
    shortcuts: ['Mod+F5'],
    isEnabled: hasDocument,
    run: () => openDialog({ type: 'start-from' }),
    ...running,
  },
  {
    id: 'run.options',
    titleKey: 'app:commands.runOptions',
    icon: SlidersHorizontal,
    isEnabled: hasDocument,
    run: () => openDialog({ type: 'run-options' }),
    ...running,
  },

  {
    id: 'view.palette',
    titleKey: 'app:commands.palette',
    icon: Search,
    shortcuts: ['Mod+K', 'Mod+Shift+P'],
    run: () => setCommandPaletteOpen(true),
    ...view,
  },
  {
    id: 'view.sideBar',
    titleKey: 'app:commands.sideBar',
    icon: PanelLeft,
    shortcuts: ['Mod+B'],
    run: toggleSideBar,
    ...view,
  },
  {
    id: 'view.outline',
    titleKey: 'app:commands.outline',
    icon: ListTree,
    shortcuts: ['Mod+Shift+O'],
    run: () => setRailView('outline'),
    ...view,
  },
  {
    id: 'view.runs',
    titleKey: 'runs:commands.show',
    icon: History,
    shortcuts: ['Mod+Alt+R'],
    run: () => setRailView('runs'),
    ...view,
  },
  {
    id: 'view.graph',
    titleKey: 'app:commands.graph',
    icon: Workflow,
    shortcuts: ['Mod+Alt+G'],
    isEnabled: hasDocument,
    run: () => setCentreMode('graph'),
    ...view,
  },
  {
    id: 'view.code',
    titleKey: 'app:commands.code',
    icon: Code,
    shortcuts: ['Mod+Alt+J'],
    isEnabled: hasDocument,
    run: () => setCentreMode('code'),
    ...view,
  },
  ...panels
    .filter((panel) => panel.place !== 'centre')
    .map((panel): Command => ({
      id: `view.${panel.id}`,
      titleKey: panel.titleKey,
      icon: panel.icon,
      run: () => openPanel(panel.id),
      groupKey: 'app:groups.panels',
    })),
  {
    id: 'view.closePanel',
    titleKey: 'app:commands.closePanel',
    icon: X,
    run: () => void window.dispatchEvent(new Event(DOCK_CLOSE_EVENT)),
    groupKey: 'app:groups.panels',
  },
  {
    id: 'view.theme',
    titleKey: 'app:commands.theme',
    icon: SunMoon,
    run: () => changeSettings({ theme: currentTheme() === 'dark' ? 'light' : 'dark' }),
    ...view,
  },
  {
    id: 'view.systemTheme',
    titleKey: 'app:commands.systemTheme',
    icon: SunMoon,
    run: () => changeSettings({ theme: 'system' }),
    ...view,
  },
  { id: 'view.language', titleKey: 'app:commands.language', icon: Languages, run: nextLanguage, ...view },
  {
    id: 'view.resetLayout',
    titleKey: 'app:commands.resetLayout',
    icon: RotateCcw,
    run: () => void window.dispatchEvent(new Event(DOCK_RESET_EVENT)),
    ...view,
  },
  {
    id: 'view.settings',
    titleKey: 'app:rail.settings',
    icon: Settings2,
    shortcuts: ['Mod+,'],
    run: () => setRailView('settings'),
    ...view,
  },
  {
    id: 'view.shortcuts',
    titleKey: 'app:commands.shortcuts',
    icon: Keyboard,
    run: () => openDialog({ type: 'shortcuts' }),
    ...view,
  },
];
