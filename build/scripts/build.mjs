/** Bundles what runs: the command line, the engine and its workers, both hosts, and the page. Each only when something it was made of changed. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFresh, writeStamp } from './build-stamp.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const DIST = path.join(ROOT, 'dist');

const RUNTIME_BUNDLES = [
  { entry: 'runtime/engine/state/rocksdb/state-thread.ts', output: 'engine/state-thread.cjs' },
  { entry: 'runtime/cli/millrace.ts', output: 'cli/millrace.cjs' },
  { entry: 'runtime/engine/worker/worker.ts', output: 'engine/worker.cjs' },
  { entry: 'runtime/dispatcher/engine-process.ts', output: 'engine/engine-process.cjs' },
];
const APP_BUNDLES = [
  { entry: 'main/desktop/main.ts', output: 'main/main.cjs' },
  { entry: 'main/desktop/preload.ts', output: 'main/preload.cjs' },
  { entry: 'main/web/web.ts', output: 'main/web.cjs' },
];

/**
 * Not bundled: Electron comes with the app; RocksDB finds its binary beside its own files, SQLite its WebAssembly; the others are optional accelerators
 * that `ws` looks for. (rocksdb-native: of the RocksDB bindings the one that has column families and snapshots, loads in Node and Electron
 * without compiling, and lets background work be suspended, which incremental checkpoints need.)
 */
const EXTERNAL = ['electron', 'node-sqlite3-wasm', 'rocksdb-native', 'bufferutil', 'utf-8-validate', /^node:/];
const QUIET = { configFile: false, logLevel: 'warn', root: ROOT };

/** Command line and engine. */
export async function buildRuntime() {
  for (const bundle of RUNTIME_BUNDLES) await buildForNode(bundle);
}

/** What `npm run simulate` runs. */
export async function buildSimulation() {
  await buildForNode({ entry: 'runtime/simulation/simulate.ts', output: 'simulation/simulate.cjs' });
}

/** What `npm run verify:engines` runs. */
export async function buildVerifyEngines() {
  const entry = 'runtime/exporters/conformance/verify-engines.ts';
  await buildForNode({ entry, output: 'conformance/verify-engines.cjs' });
}

/** The worker that fails as tests of failures plan it; never part of a release. */
export async function buildFaultyWorker() {
  await buildForNode({ entry: 'runtime/engine/failures/faulty-worker.ts', output: 'testing/faulty-worker.cjs' });
}

/** The page and the hosts that show it; the engine they start is part of `buildRuntime`. */
export async function buildApp() {
  await buildRenderer();
  for (const bundle of APP_BUNDLES) await buildForNode(bundle);
}

/** Waits for `work`; when it fails, says why in a message without our own stack, and ends the process. */
export async function orExit(work) {
  try {
    return await work;
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

async function buildForNode({ entry, output }) {
  await unlessFresh(output, [], async (staging, inputs) => {
    const { build } = await import('vite');
    await build({
      ...QUIET,
      plugins: [collect(inputs)],
      ssr: { noExternal: true },
      build: {
        ssr: true,
        target: 'node18',
        outDir: staging,
        emptyOutDir: true,
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: path.join(ROOT, entry),
          external: EXTERNAL,
          output: { format: 'cjs', entryFileNames: path.basename(output), codeSplitting: false },
        },
      },
    });
    await mkdir(path.dirname(path.join(DIST, output)), { recursive: true });
    // The map first: a bundle that is there has its map.
    for (const name of [`${path.basename(output)}.map`, path.basename(output)]) {
      await rename(path.join(staging, name), path.join(DIST, path.dirname(output), name));
    }
  });
}

async function buildRenderer() {
  const root = path.join(ROOT, 'renderer');
  // import.meta.glob takes in files that no module names.
  await unlessFresh('renderer', ['renderer', 'runtime/operators'], async (staging, inputs) => {
    const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
    // The app, and the dashboard that shows itself alone on a wall.
    const pages = ['index.html', 'dashboard.html'].map((page) => path.join(root, page));
    for (const page of pages) inputs.add(page);
    await build({
      ...QUIET,
      root,
      // Not relative: a dashboard's address is as deep as its document's path.
      base: '/',
      plugins: [react(), collect(inputs)],
      worker: { format: 'es', plugins: () => [collect(inputs)] },
      build: {
        target: 'chrome114',
        outDir: staging,
        emptyOutDir: true,
        chunkSizeWarningLimit: 9999,
        rolldownOptions: { input: pages },
      },
    });
    await replaceFolder(staging, path.join(DIST, 'renderer'));
  });
}

/** Runs `make(folder, inputs)` in a folder of its own, so that a build that fails or runs twice at once leaves the last good one in place. `make` adds the files it reads to `inputs`. */
async function unlessFresh(output, globbedFolders, make) {
  const stamp = path.join(DIST, '.stamps', `${output.replaceAll('/', '-')}.json`);
  const made = path.join(DIST, output);
  if (existsSync(made) && (await isFresh(ROOT, stamp))) return;
  const staging = path.join(DIST, `.staging-${process.pid}-${output.replaceAll('/', '-')}`);
  const startedAt = Date.now();
  try {
    const inputs = new Set();
    await make(staging, inputs);
    await writeStamp(ROOT, stamp, [...inputs], globbedFolders, startedAt);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  console.error(`build: dist/${output} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function replaceFolder(from, to) {
  const old = `${to}.old-${process.pid}`;
  if (existsSync(to)) await rename(to, old);
  await rename(from, to);
  await rm(old, { recursive: true, force: true });
}

/** Notes every file that a build reads, also one that only hands on what others export. */
function collect(inputs) {
  return {
    name: 'collect-inputs',
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const file = id.replace(/^\0/, '').replace(/\?.*$/, '');
        if (path.isAbsolute(file)) inputs.add(file);
      }
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await orExit(buildRuntime());
  await orExit(buildApp());
}
