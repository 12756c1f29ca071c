/** The saved document: its types, its file, edits, history and walks. */
export {
  DEFAULT_INPUT,
  DEFAULT_OUTPUT,
  DEFAULT_SETTINGS,
  FORMAT,
  VERSION,
  emptyDocument,
  findNode,
  sameEdge,
  type Group,
  type Note,
  type PipelineDocument,
  type PipelineEdge,
  type PipelineNode,
  type Position,
  type RawConfig,
} from './document.ts';
export {
  DASHBOARD_COLUMNS,
  DASHBOARD_THEMES,
  type Dashboard,
  type DashboardTheme,
  type TilePlace,
} from './dashboard.ts';
export {
  settingsSchema,
  type CheckpointSettings,
  type RestartSettings,
  type Settings,
  type SettingsInput,
} from './settings.ts';
export {
  CHANGE_KEY,
  TIME_KEY,
  emptyTestCase,
  stepNode,
  type CaseRow,
  type Expectation,
  type RowsStep,
  type TestCase,
  type TestStep,
} from './test-case.ts';
export { parseDocument, readDocument, type ParsedDocument } from './parse.ts';
export { mergeDocuments, type Merged } from './merge.ts';
export { printDocument } from './print.ts';
export { documentJsonSchema } from './pipeline-schema.ts';
export { downstreamOf, topologicalOrder, upstreamOf, type Order } from './traversal.ts';
export { record, redo, redoLabel, seal, startHistory, undo, undoLabel, type History } from './history.ts';
export {
  addNode,
  changeId,
  moveNodes,
  removeAndReconnect,
  removeNodes,
  setConfig,
  setInNode,
  setLabel,
  setParallelism,
  type NewNode,
} from './edits/nodes.ts';
export { connect, disconnect, insertBehind, insertOnEdge, moveEdge, type NewEdge } from './edits/edges.ts';
export { copyNodes, paste } from './edits/clipboard.ts';
export { escapeParameters, explode, type Spacing } from './edits/explode.ts';
export { replaceNodes, type Replacement } from './edits/replace.ts';
export { addNote, changeNote, removeNotes, setDetails, setSettings } from './edits/canvas.ts';
export { groupNodes, joinGroup, leaveGroup, setCollapsed, setGroupLabel, ungroup } from './edits/groups.ts';
export { diffDocuments, revertChange, revertField, type Change, type FieldChange } from './diff.ts';
export { enclosingGroup, groupPath, nodesInGroup } from './groups.ts';
export {
  addTestCase,
  changeTestCase,
  duplicateTestCase,
  removeTestCase,
  renameInTestCases,
  type RenamedFields,
} from './edits/test-cases.ts';
export { setAt, type ConfigPath } from './edits/set-at.ts';
export { arrangeTiles, placesOf, setDashboardTheme } from './edits/dashboard.ts';
