/** What happens to a job: how often it dies and when, and how its tasks, clock and files behave meanwhile. */
import type { Draw } from './draw.ts';
import type { Attempt, AttemptEnd, CaseNode, Schedule } from './simulation-case.ts';

export function drawSchedule(draw: Draw, nodes: readonly CaseNode[]): Schedule {
  const deaths = draw.weighted([
    [2, 0],
    [3, 1],
    [3, 2],
    [1, 3],
    [1, 5],
  ]);
  const attempts = Array.from({ length: deaths + 1 }, (_, i) => drawAttempt(draw, nodes, i === deaths));
  return { seed: draw.integer(0, 1_000_000), attempts };
}

function drawAttempt(draw: Draw, nodes: readonly CaseNode[], isLast: boolean): Attempt {
  return {
    parallelism: drawParallelism(draw, nodes),
    downMs: draw.pick([0, 1000, 60_000, -200]),
    checkpointsBack: draw.chance(0.15) ? draw.integer(1, 3) : 0,
    end: isLast ? { at: 'finish' } : drawEnd(draw),
    checkpointEvery: draw.pick([0, 15, 50, 50, 200]),
    savepointShare: draw.pick([0, 0, 0.3]),
    abandonEvery: draw.chance(0.2) ? draw.pick([10, 40]) : 0,
    stallEvery: draw.chance(0.5) ? draw.pick([5, 50]) : 0,
    stallSteps: draw.pick([10, 100]),
    tickMs: draw.weighted([
      [2, 1],
      [2, 10],
      [0.5, 200],
    ]),
    readBytes: draw.pick([0, 0, 7, 100]),
    fileMs: draw.pick([0, 0, 0, 30]),
  };
}

/** One that the document gives a single subtask keeps it: its order may be relied on. */
function drawParallelism(draw: Draw, nodes: readonly CaseNode[]): Readonly<Record<string, number>> {
  if (draw.chance(0.3)) return {};
  const free = nodes.filter((node) => node.parallelism !== 1 && draw.chance(0.6));
  return Object.fromEntries(free.map(({ id }) => [id, draw.integer(1, 4)]));
}

function drawEnd(draw: Draw): AttemptEnd {
  const steps = draw.pick([3, 30, 200, 800]);
  return draw.weighted<() => AttemptEnd>([
    [3, () => ({ at: 'step', steps: draw.integer(0, steps) })],
    [2, () => ({ at: 'triggered', checkpoint: draw.integer(1, 4), steps: draw.integer(0, 20) })],
    [3, () => ({ at: 'completed', checkpoint: draw.integer(1, 4), steps: draw.integer(0, 10) })],
    [3, () => ({ at: 'file', operations: draw.integer(1, 150) })],
    [2, () => ({ at: 'error', operations: draw.integer(1, 150) })],
    [1, () => ({ at: 'stop', steps: draw.integer(0, steps) })],
  ])();
}
