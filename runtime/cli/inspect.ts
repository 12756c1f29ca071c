/** `millrace inspect CHECKPOINT-DIR` */
import type { Command } from 'commander';
import { StreamError } from '../core/errors.ts';
import { nodeId } from '../core/ids.ts';
import type { ChannelSnapshot } from '../engine/network/channel-state.ts';
import { stateBytesOf, type Manifest } from '../engine/checkpoint/manifest.ts';
import { resolveLocation } from '../engine/checkpoint/location.ts';
import { CheckpointStorage, readCheckpoint, readManifest } from '../engine/checkpoint/storage.ts';
import { summariseState, type StateSummary, type TableSummary } from '../engine/state/index.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { stateLocation } from './options.ts';
import { printError } from './print-diagnostic.ts';
import { count, printBytes } from './text.ts';

export function addInspect(program: Command, io: CliIo, done: (code: number) => void): void {
  program
    .command('inspect')
    .description('list what a checkpoint holds, or the checkpoints of a state folder')
    .argument(
      '<checkpoint-dir>',
      'folder or webhdfs:// URL of one checkpoint (chk-…), or of a state folder',
      stateLocation,
    )
    .action(async (location: string) => done(await inspect(io, location)));
}

async function inspect(io: CliIo, given: string): Promise<number> {
  try {
    const location = resolveLocation(io.cwd, given);
    const storage = new CheckpointStorage(location);
    const ids = await storage.list();
    io.stdout.write(ids.length === 0 ? await describeCheckpoint(location) : await describeFolder(storage, ids));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    io.stderr.write(printError(io, error));
    return EXIT.failed;
  }
}

async function describeFolder(storage: CheckpointStorage, ids: readonly number[]): Promise<string> {
  const lines = ids.map(async (id) => {
    const manifest = await readManifest(storage.locationOf(id));
    return `chk-${id}: ${headline(manifest)}\n`;
  });
  return (await Promise.all(lines)).join('');
}

/** Reads every file, so that what is listed is known to be whole. */
async function describeCheckpoint(location: string): Promise<string> {
  const { manifest, state, channels } = await readCheckpoint(location);
  const operators = Object.entries(manifest.operators).flatMap(([id, { type, parallelism }]) => [
    `${id}: ${type} × ${parallelism}`,
    ...describeState(summariseState(state.get(nodeId(id)) ?? [])).map((line) => `  ${line}`),
  ]);
  const lines = [`${manifest.kind} ${manifest.id}: ${headline(manifest)}`, ...operators, ...describeInFlight(channels)];
  return `${lines.join('\n')}\n`;
}

/** `"Clicks", 2026-…, 2.1 MiB of state, 3.0 KiB in 2 files`; with what was written for it only where it shares files with others. */
function headline(manifest: Manifest): string {
  const { name, createdAt, tasks } = manifest;
  const bytes = tasks.reduce((sum, task) => sum + task.bytes, 0);
  const inFlight = tasks.reduce((sum, task) => sum + task.inFlightBytes, 0);
  const state = stateBytesOf(manifest);
  return [
    `"${name}"`,
    new Date(createdAt).toISOString(),
    ...(state === bytes ? [] : [`${printBytes(state)} of state`]),
    `${printBytes(bytes)} in ${count(tasks.length, 'file')}`,
    ...(inFlight === 0 ? [] : [`${printBytes(inFlight)} of rows under way`]),
  ].join(', ');
}

/** A line per edge with rows under way. */
function describeInFlight(channels: readonly ChannelSnapshot[]): string[] {
  const edges = new Map<string, { batches: number; bytes: number }>();
  for (const { from, fromPort, to, toPort, elements } of channels) {
    const edge = `${from}.${fromPort} > ${to}.${toPort}`;
    const sum = edges.get(edge) ?? { batches: 0, bytes: 0 };
    for (const element of elements) {
      if (element.type !== 'batch') continue;
      sum.batches++;
      sum.bytes += element.buffer.byteLength;
    }
    edges.set(edge, sum);
  }
  return [...edges]
    .filter(([, { batches }]) => batches > 0)
    .map(
      ([edge, { batches, bytes }]) => `under way ${edge}: ${count(batches, 'batch', 'batches')}, ${printBytes(bytes)}`,
    );
}

function describeState({ lists, tables }: StateSummary): string[] {
  if (lists.length + tables.length === 0) return ['no state'];
  return [
    ...lists.map(({ name, entries, redistribution }) => `list ${name}: ${count(entries, 'value')}, ${redistribution}`),
    ...tables.map(describeTable),
  ];
}

function describeTable({ name, entries, bytes, keyGroups, layout }: TableSummary): string {
  const keys = layout.keys.map((key) => `${key.name} ${key.type}`).join(', ');
  const columns = layout.columns.map((column) => `${column.name} ${column.type}`).join(', ');
  const key = `${keys === '' ? 'no key' : `key ${keys}`}${layout.namespaced ? ' and namespace' : ''}`;
  const size = `${count(entries, 'entry', 'entries')}, ${printBytes(bytes)}, ${count(keyGroups, 'key group')}`;
  return `table ${name}: ${size}; ${key}; columns ${columns === '' ? 'none' : columns}`;
}
