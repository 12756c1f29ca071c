/** What a page may send: the arguments of every method of the host, checked before they reach it. */
import { z } from 'zod';
import type { JobId } from '../../runtime/core/ids.ts';
import { COMPARISON_LIMITS, ENGINE_NAMES, type ComparisonProgress } from '../../runtime/protocol/comparison.ts';
import { DEBUG_METHODS, type DebugArguments, type DebugEvent, type DebugMethod } from '../../runtime/protocol/debug.ts';
import type { HostApi } from '../../runtime/protocol/host.ts';
import type { JobEvent } from '../../runtime/protocol/job.ts';
import type { DeployProgress } from '../../runtime/protocol/remote-cluster.ts';
import type { TestReport } from '../../runtime/protocol/test-report.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { debugMemory } from './debug-memory.ts';
import { mends } from './mends.ts';
import { nodeId } from './node-id.ts';

const MAX_TEXT = 32 * 1024 * 1024;

const path = z.string().min(1).max(4096);
const text = z.string().max(MAX_TEXT);
const jobId = z.custom<JobId>((value) => typeof value === 'string' && value.length <= 100);
const callback = <Args extends unknown[]>() =>
  z.custom<(...args: Args) => void>((value) => typeof value === 'function');

/** Texts of documents by path. */
const subPipelines = z.record(z.string(), text);
const watches = z.array(z.strictObject({ nodeId, port: z.string() })).max(1000);

const startRequest = z.strictObject({
  path,
  text,
  subPipelines: subPipelines.exactOptional(),
  options: z.strictObject({
    params: z.record(z.string(), z.string()).exactOptional(),
    parallelism: z.int().min(1).max(1024).exactOptional(),
    runtimeMode: z.enum(['streaming', 'batch']).exactOptional(),
    resume: z.boolean(),
    fromSavepoint: path.nullable(),
    allowNonRestoredState: z.boolean(),
    preview: z.strictObject({ writes: z.array(nodeId).max(10_000) }).exactOptional(),
    watches: watches.exactOptional(),
  }),
});

/** Of `http:` or `https:`: what else there is to read behind an address is none of a page's business. */
const httpUrl = z.url({ protocol: /^https?$/ }).max(2000);
const cluster = z.strictObject({ gatewayUrl: httpUrl, restUrl: httpUrl.nullable() });

const deployRequest = z.strictObject({
  path,
  text,
  subPipelines: subPipelines.exactOptional(),
  options: z.strictObject({
    cluster,
    start: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('submit'), fromSavepoint: path.nullable() }),
      z.strictObject({ type: z.literal('attach'), jobId: z.string().regex(/^[0-9a-f]{32}$/) }),
    ]),
    params: z.record(z.string(), z.string()),
    savepointFolder: path.nullable(),
  }),
});

const compareRequest = z.strictObject({
  path,
  text,
  subPipelines: subPipelines.exactOptional(),
  options: z.strictObject({
    engine: z.enum(ENGINE_NAMES),
    params: z.record(z.string(), z.string()),
    maxRows: z.int().min(1).max(COMPARISON_LIMITS.maxRows),
    maxSeconds: z.int().min(1).max(COMPARISON_LIMITS.maxSeconds),
    isLateAllowed: z.boolean(),
  }),
});

const debugOptions = z.strictObject({
  params: z.record(z.string(), z.string()).exactOptional(),
  parallelism: z.int().min(1).max(4).exactOptional(),
  schedule: z.enum(['downstream-first', 'seeded']).exactOptional(),
  seed: z.int().exactOptional(),
  checkpointEvery: z.int().min(1).exactOptional(),
  checkpointBytes: z.int().min(1).exactOptional(),
  inputBytes: z.int().min(1).exactOptional(),
  recordings: z.record(nodeId, path).exactOptional(),
});

/** What is in them is checked by the session: it is the engine's. */
const debugArguments = z.custom<DebugArguments<DebugMethod>>((value) => Array.isArray(value) && value.length <= 4);

const settingsChange = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).exactOptional(),
  language: z.enum(['en', 'zh-CN']).exactOptional(),
  layout: z.unknown().exactOptional(),
  sideBarWidth: z.number().min(0).max(10_000).exactOptional(),
  flink: cluster.extend({ savepointFolder: path.nullable() }).nullable().exactOptional(),
  shortcuts: z.record(z.string().max(200), z.array(z.string().max(100)).max(10)).exactOptional(),
});

const REQUESTS = {
  info: z.tuple([]),
  setTrusted: z.tuple([z.boolean()]),
  listFiles: z.tuple([]),
  openDocument: z.tuple([path]),
  saveDocument: z.tuple([path, text, z.string().nullable()]),
  moveDocument: z.tuple([path, path]),
  deleteDocument: z.tuple([path]),
  writeFiles: z.tuple([z.array(z.strictObject({ path, text })).max(1000)]),
  saveRecovery: z.tuple([path, text.nullable()]),
  recentDocuments: z.tuple([]),
  listTemplates: z.tuple([]),
  templatePicture: z.tuple([z.string().max(200)]),
  createFromTemplate: z.tuple([z.string().max(200)]),
  readSample: z.tuple([path, z.int().min(1)]),
  readTail: z.tuple([path, z.int().min(1)]),
  settings: z.tuple([]),
  saveSettings: z.tuple([settingsChange]),
  startJob: z.tuple([startRequest, callback<[readonly JobEvent[]]>()]),
  clusterInfo: z.tuple([cluster]),
  deployJob: z.tuple([deployRequest, callback<[readonly JobEvent[]]>(), callback<[DeployProgress]>()]),
  cancelDeploy: z.tuple([]),
  detachJob: z.tuple([jobId]),
  listRuns: z.tuple([]),
  runningJob: z.tuple([path]),
  adoptJob: z.tuple([path, callback<[readonly JobEvent[]]>()]),
  stopJob: z.tuple([jobId, z.boolean()]),
  takeSavepoint: z.tuple([jobId]),
  listRestorePoints: z.tuple([path]),
  cancelJob: z.tuple([jobId]),
  sampleKeys: z.tuple([jobId, z.array(nodeId).max(1000)]),
  listRevisions: z.tuple([path]),
  readRevision: z.tuple([path, z.string().regex(/^[0-9a-f]{7,64}$/)]),
  listMends: z.tuple([path]),
  saveMends: z.tuple([path, mends]),
  runTests: z.tuple([
    z.strictObject({
      path,
      text,
      subPipelines: subPipelines.exactOptional(),
      cases: z.array(z.int().min(0)).max(10_000).nullable(),
    }),
    callback<[TestReport]>(),
  ]),
  cancelTests: z.tuple([]),
  compare: z.tuple([compareRequest, callback<[ComparisonProgress]>()]),
  cancelComparison: z.tuple([]),
  watchRows: z.tuple([jobId, watches]),
  followJobs: z.tuple([path, watches, callback<[readonly JobEvent[]]>()]),
  startDebug: z.tuple([
    z.strictObject({ path, text, subPipelines: subPipelines.exactOptional(), options: debugOptions }),
    callback<[DebugEvent]>(),
  ]),
  debug: z.tuple([z.enum(DEBUG_METHODS), debugArguments]),
  debugMemory: z.tuple([path]),
  saveDebugMemory: z.tuple([path, debugMemory]),
  onFilesChanged: z.tuple([callback<[readonly string[]]>()]),
} satisfies { [Method in keyof HostApi]: z.ZodType<Parameters<HostApi[Method]>> };

/** `host` behind the checks: what is served to a page. A call that does not fit is rejected with MR2005. */
export function guarded(host: HostApi): HostApi {
  const methods = Object.entries(REQUESTS).map(([name, schema]) => {
    const method = host[name as keyof HostApi] as (...args: unknown[]) => Promise<unknown>;
    const checked = async (...args: unknown[]): Promise<unknown> => {
      const request = schema.safeParse(args);
      if (!request.success) throw codedError('MR2005', say`${name}: ${z.prettifyError(request.error)}`);
      return method.apply(host, request.data);
    };
    return [name, checked] as const;
  });
  return Object.fromEntries(methods) as unknown as HostApi;
}
