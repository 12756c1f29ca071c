/** The simulation finds faults: each of these, planted alone, breaks some seed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedFaults, type PlantedFault } from './planted-faults.ts';

const RUNTIME = path.resolve(import.meta.dirname, '..');
/** Each is found in far fewer. */
const MAX_SEEDS = 400;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes the simulation and all that it runs, with the fault in it, to a folder; its path. */
async function simulationWith(fault: PlantedFault, name: string): Promise<string> {
  let isPlanted = false;
  const plant: Plugin = {
    name: 'plant',
    enforce: 'pre',
    transform(code, id) {
      if (path.relative(RUNTIME, id) !== fault.file) return null;
      expect(code.split(fault.text), `"${fault.text}" in ${fault.file}`).toHaveLength(2);
      isPlanted = true;
      return code.replace(fault.text, () => fault.fault);
    },
  };
  await build({
    configFile: false,
    logLevel: 'error',
    root: RUNTIME,
    plugins: [plant],
    ssr: { noExternal: true },
    build: {
      ssr: path.join(RUNTIME, 'simulation/index.ts'),
      outDir: path.join(folder, name),
      minify: false,
      rolldownOptions: { external: [/^node:/], output: { entryFileNames: 'simulation.mjs', codeSplitting: false } },
    },
  });
  expect(isPlanted, `${fault.file} is part of the simulation`).toBe(true);
  return path.join(folder, name);
}

/** In a thread of its own: what is imported into this one would stay, a whole engine for each fault. */
const SEARCH = `
import { parentPort, workerData } from 'node:worker_threads';
import { drawCase, runCase } from './simulation.mjs';
let found = null;
for (let seed = workerData.from; seed < workerData.to && found === null; seed++) {
  const { failure } = await runCase(drawCase(seed));
  if (failure !== null) found = { seed, message: String(failure.message ?? failure) };
}
parentPort.postMessage(found);
`;

/** Null: no seed fails. */
async function firstFailure(simulation: string, firstSeed: number): Promise<unknown> {
  const search = path.join(simulation, 'search.mjs');
  await writeFile(search, SEARCH);
  const worker = new Worker(search, { workerData: { from: firstSeed, to: firstSeed + MAX_SEEDS } });
  try {
    return await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  } finally {
    await worker.terminate();
  }
}

describe('the simulation', () => {
  it.each(plantedFaults.map((fault, i) => [fault.name, fault, i] as const))(
    'finds that %s',
    async (_name, fault, i) => {
      const failure = await firstFailure(await simulationWith(fault, String(i)), fault.firstSeed ?? 0);
      expect(failure).not.toBeNull();
    },
    120_000,
  );
});
