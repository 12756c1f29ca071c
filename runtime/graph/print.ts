/** From a document to the text of its file: the same document is always the same text, and defaults are left out. */
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
import { settingsSchema, type RestartSettings, type Settings } from './settings.ts';

type Json = Record<string, unknown>;

/** Two-space indent, keys in the schema's order, positions in whole pixels, a newline at the end. */
export function printDocument(document: PipelineDocument): string {
  const { name, description, settings, nodes, edges, notes, groups } = document;
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
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function printSettings(settings: Settings): Json {
  const { checkpoint, restart, params, ...plain } = settings;
  return {
    ...differences(plain, DEFAULT_SETTINGS),
    ...nonEmpty('checkpoint', differences(checkpoint, DEFAULT_SETTINGS.checkpoint)),
    ...nonEmpty('restart', printRestart(restart)),
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

function printGroup({ id, label, nodes }: Group): Json {
  return { id, label, nodes };
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
