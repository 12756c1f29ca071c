/** From a document to the text of its file: the same document is always the same text, and defaults are left out. */
import { DEFAULT_DASHBOARD, type Dashboard, type TilePlace } from './dashboard.ts';
import {
  DEFAULT_INPUT,
  DEFAULT_OUTPUT,
  DEFAULT_SETTINGS,
  FORMAT,
  VERSION,
  type Group,
  type Note,
  type PipelineDocument,
  type PipelineEdge,
  type PipelineNode,
  type Position,
} from './document.ts';
import { emptyTestCase, type Expectation, type TestCase, type TestStep } from './test-case.ts';
import { settingsSchema, type RestartSettings, type Settings } from './settings.ts';

type Json = Record<string, unknown>;

/** Two-space indent, keys in the schema's order, positions in whole pixels, a newline at the end. */
export function printDocument(document: PipelineDocument): string {
  const { name, description, settings, nodes, edges, notes, groups, tests, dashboard } = document;
  const json: Json = {
    format: FORMAT,
    version: VERSION,
    name,
    ...unless('description', description, description === ''),
    ...nonEmpty('settings', printSettings(settings)),
    nodes: nodes.map(printNode),
    edges: edges.map(printEdge),
    ...unless('notes', notes.map(printNote), notes.length === 0),
    ...unless('groups', groups.map(printGroup), groups.length === 0),
    ...unless('tests', tests.map(printTestCase), tests.length === 0),
    ...nonEmpty('dashboard', printDashboard(dashboard)),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function printSettings(settings: Settings): Json {
  const { checkpoint, restart, targets, params, ...plain } = settings;
  return {
    ...differences(plain, DEFAULT_SETTINGS),
    ...nonEmpty('checkpoint', differences(checkpoint, DEFAULT_SETTINGS.checkpoint)),
    ...nonEmpty('restart', printRestart(restart)),
    ...unless('targets', targets, targets.length === 0),
    ...nonEmpty('params', params),
  };
}

function printRestart(restart: RestartSettings): Json {
  const { strategy } = restart;
  const changed = differences(restart, settingsSchema.parse({ restart: { strategy } }).restart);
  const isDefault = strategy === DEFAULT_SETTINGS.restart.strategy && Object.keys(changed).length === 0;
  return isDefault ? {} : { strategy, ...changed };
}

function printNode(node: PipelineNode): Json {
  const { id, type, version, label, position, parallelism, config } = node;
  return {
    id,
    type,
    ...unless('version', version, version === 1),
    ...unless('label', label, label === undefined),
    position: printPosition(position),
    ...unless('parallelism', parallelism, parallelism === undefined),
    config,
  };
}

function printEdge({ from, fromPort, to, toPort }: PipelineEdge): Json {
  return {
    from,
    ...unless('fromPort', fromPort, fromPort === DEFAULT_OUTPUT),
    to,
    ...unless('toPort', toPort, toPort === DEFAULT_INPUT),
  };
}

function printNote({ id, text, position, width, height }: Note): Json {
  return { id, text, position: printPosition(position), width: Math.round(width), height: Math.round(height) };
}

function printGroup({ id, label, parent, collapsed, nodes }: Group): Json {
  return {
    id,
    label,
    ...unless('parent', parent, parent === undefined),
    ...unless('collapsed', collapsed, collapsed !== true),
    nodes,
  };
}

/** `testCaseSchema` fills in the same again. */
function printTestCase({ name, params, parallelism, startAt, steps, endOfInput, expect }: TestCase): Json {
  const defaults = emptyTestCase(name);
  return {
    name,
    ...nonEmpty('params', params),
    ...unless('parallelism', parallelism, parallelism.length === 1 && parallelism[0] === 1),
    ...unless('startAt', startAt, startAt === defaults.startAt),
    steps: steps.map(printStep),
    ...unless('endOfInput', endOfInput, endOfInput),
    expect: expect.map(printExpectation),
  };
}

function printStep(step: TestStep): Json {
  if (!('rows' in step)) return { ...step };
  const { node, port, rows } = step;
  return { node, ...unless('port', port, port === DEFAULT_OUTPUT), rows };
}

function printExpectation({ node, port, rows, order, updates, ignore, tolerance }: Expectation): Json {
  return {
    node,
    ...unless('port', port, port === undefined),
    ...unless('order', order, order === 'any'),
    ...unless('updates', updates, updates === 'changelog'),
    ...unless('ignore', ignore, ignore.length === 0),
    ...unless('tolerance', tolerance, tolerance === 0),
    rows,
  };
}

function printDashboard({ theme, tiles }: Dashboard): Json {
  return {
    ...unless('theme', theme, theme === DEFAULT_DASHBOARD.theme),
    ...unless('tiles', tiles.map(printPlace), tiles.length === 0),
  };
}

function printPlace({ node, x, y, w, h }: TilePlace): Json {
  return { node, x, y, w, h };
}

function printPosition({ x, y }: Position): Json {
  // `+ 0` makes -0 a 0, which JSON would otherwise read back as another number.
  return { x: Math.round(x) + 0, y: Math.round(y) + 0 };
}

/** Entries of `value` that are not the same in `defaults`, in the order of `defaults`. */
function differences(value: Json, defaults: Json): Json {
  const keys = Object.keys(defaults).filter((key) => key in value && value[key] !== defaults[key]);
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}

function nonEmpty(key: string, value: Json): Json {
  return unless(key, value, Object.keys(value).length === 0);
}

function unless(key: string, value: unknown, isLeftOut: boolean): Json {
  return isLeftOut ? {} : { [key]: value };
}
