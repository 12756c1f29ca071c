import { Draw } from './draw.ts';
import { drawPipeline } from './draw-pipeline.ts';
import { drawSchedule } from './draw-schedule.ts';
import type { CaseDocument, SimulationCase } from './simulation-case.ts';

/** Of the jobs, in batch mode. */
const BATCH_SHARE = 0.1;

/** The same job, which any job with inputs that end can be. */
export function inBatchMode(document: CaseDocument): CaseDocument {
  return { ...document, settings: { ...document.settings, runtimeMode: 'batch' } };
}

/** The case that a seed stands for, always the same. */
export function drawCase(seed: number): SimulationCase {
  const draw = new Draw(seed);
  // Neighbouring seeds begin alike.
  for (let i = 0; i < 4; i++) draw.unit();
  const { document, files } = drawPipeline(draw);
  const schedule = drawSchedule(draw, document.nodes);
  return { document: draw.chance(BATCH_SHARE) ? inBatchMode(document) : document, files, schedule };
}
