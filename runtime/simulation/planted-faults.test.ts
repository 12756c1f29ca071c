/** The simulation finds faults: each of these, planted alone, breaks some seed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedFaults, type PlantedFault } from './planted-faults.ts';
import type { Failure, RunReport, SimulationCase } from './index.ts';

interface Simulation {
  drawCase(seed: number): SimulationCase;
  runCase(one: SimulationCase): Promise<RunReport>;
}

const RUNTIME = path.resolve(import.meta.dirname, '..');
/** Each is found in far fewer. */
const MAX_SEEDS = 400;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-faults-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The simulation and all that it runs, with the fault in it. */
async function simulationWith(fault: PlantedFault, name: string): Promise<Simulation> {
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
  return (await import(pathToFileURL(path.join(folder, name, 'simulation.mjs')).href)) as Simulation;
}

async function firstFailure(
  { drawCase, runCase }: Simulation,
  firstSeed: number,
): Promise<(Failure & { seed: number }) | null> {
  for (let seed = firstSeed; seed < firstSeed + MAX_SEEDS; seed++) {
    const { failure } = await runCase(drawCase(seed));
    if (failure !== null) return { ...failure, seed };
  }
  return null;
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
