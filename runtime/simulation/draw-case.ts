import { Draw } from './draw.ts';
import { drawPipeline } from './draw-pipeline.ts';
import { drawSchedule } from './draw-schedule.ts';
import type { SimulationCase } from './simulation-case.ts';

/** The case that a seed stands for, always the same. */
export function drawCase(seed: number): SimulationCase {
  const draw = new Draw(seed);
  // Neighbouring seeds begin alike.
  for (let i = 0; i < 4; i++) draw.unit();
  const { document, files } = drawPipeline(draw);
  return { document, files, schedule: drawSchedule(draw, document.nodes) };
}
