/** The pipeline document as the program holds it: every default filled in, nothing inferred. */
import { z } from 'zod';
import type { EdgeRef } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { dashboardSchema, DEFAULT_DASHBOARD, type Dashboard } from './dashboard.ts';
import { DEFAULT_INPUT, DEFAULT_OUTPUT, idSchema as id, nodeIdSchema, portSchema as port } from './document-parts.ts';
import { settingsSchema, type Settings } from './settings.ts';
import { testCaseSchema, type TestCase } from './test-case.ts';

export { DEFAULT_INPUT, DEFAULT_OUTPUT, ID_PATTERN } from './document-parts.ts';

export const FORMAT = 'millrace/pipeline';
/** Version of the document format that this program writes. */
export const VERSION = 1;

/** In pixels of the canvas; x grows to the right, y downwards. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Config as the document writes it: unchecked, parameters not filled in. */
export type RawConfig = Readonly<Record<string, unknown>>;

export interface PipelineNode {
  readonly id: NodeId;
  readonly type: string;
  /** Version of the operator's config. */
  readonly version: number;
  /** Shown in place of the operator's own label. */
  readonly label?: string;
  readonly position: Position;
  /** Subtasks of this operator; the job's parallelism where it is left out. */
  readonly parallelism?: number;
  readonly config: RawConfig;
}

/** Ports are always named here; a document leaves out `out` and `in`. */
export type PipelineEdge = Readonly<Omit<EdgeRef, 'from' | 'to'>> & { readonly from: NodeId; readonly to: NodeId };

/** Markdown on the canvas. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly position: Position;
  readonly width: number;
  readonly height: number;
}

/** A frame around nodes. */
export interface Group {
  readonly id: string;
  readonly label: string;
  /** The group around this one. */
  readonly parent?: string;
  /** Shown as one box. */
  readonly collapsed?: boolean;
  /** Without those of groups within. */
  readonly nodes: readonly NodeId[];
}

export interface PipelineDocument {
  readonly name: string;
  readonly description: string;
  readonly settings: Settings;
  readonly nodes: readonly PipelineNode[];
  readonly edges: readonly PipelineEdge[];
  readonly notes: readonly Note[];
  readonly groups: readonly Group[];
  /** In the order they are run. */
  readonly tests: readonly TestCase[];
  readonly dashboard: Dashboard;
}

const position = z.strictObject({ x: z.number(), y: z.number() });
const text = z.string();

const nodeSchema = z.strictObject({
  id: nodeIdSchema,
  type: z.string().min(1),
  version: z.int().min(1).default(1),
  label: text.exactOptional(),
  position: position.prefault({ x: 0, y: 0 }),
  parallelism: z.int().min(1).max(128).exactOptional(),
  config: z.record(z.string(), z.unknown()).prefault({}),
});

const edgeSchema = z.strictObject({
  from: nodeIdSchema,
  fromPort: port.default(DEFAULT_OUTPUT),
  to: nodeIdSchema,
  toPort: port.default(DEFAULT_INPUT),
});

const noteSchema = z.strictObject({
  id,
  text,
  position: position.prefault({ x: 0, y: 0 }),
  width: z.number().positive().default(240),
  height: z.number().positive().default(120),
});

const groupSchema = z.strictObject({
  id,
  label: text.default(''),
  parent: id.exactOptional(),
  collapsed: z.boolean().exactOptional(),
  nodes: z.array(nodeIdSchema),
});

/** The file's schema: reads what a document may write, gives it with every default. */
export const documentSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  name: text,
  description: text.default(''),
  settings: settingsSchema.prefault({}),
  nodes: z.array(nodeSchema).default([]),
  edges: z.array(edgeSchema).default([]),
  notes: z.array(noteSchema).default([]),
  groups: z.array(groupSchema).default([]),
  tests: z.array(testCaseSchema).default([]),
  dashboard: dashboardSchema(nodeIdSchema).prefault({}),
});

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/** A document with nothing in it. */
export function emptyDocument(name: string): PipelineDocument {
  return {
    name,
    description: '',
    settings: DEFAULT_SETTINGS,
    nodes: [],
    edges: [],
    notes: [],
    groups: [],
    tests: [],
    dashboard: DEFAULT_DASHBOARD,
  };
}

export function findNode(document: PipelineDocument, wanted: NodeId): PipelineNode | null {
  return document.nodes.find((node) => node.id === wanted) ?? null;
}

export function sameEdge(a: EdgeRef, b: EdgeRef): boolean {
  return a.from === b.from && a.fromPort === b.fromPort && a.to === b.to && a.toPort === b.toPort;
}
