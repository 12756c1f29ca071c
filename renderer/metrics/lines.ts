/** The lines of a chart: one per operator, of latency one per sink and percentile, of memory those of the job. */
import type { Line } from './Chart.tsx';
import { latencyLine, MEMORY_LINES, PERCENTILES, threadLine, type MetricId, type Percentile } from './series.ts';

const COLORS = [
  'cat-source',
  'cat-transform',
  'cat-aggregate',
  'busy',
  'cat-join',
  'ok',
  'cat-pattern',
  'cat-sink',
  'warn',
  'cat-code',
];

/** The higher the percentile, the more broken its line. */
const DASHES: Readonly<Record<Percentile, readonly number[]>> = { p50: [], p95: [6, 4], p99: [2, 3] };

const MEMORY: Readonly<Record<(typeof MEMORY_LINES)[number], Pick<Line, 'color' | 'dash'>>> = {
  process: { color: 'cat-source', dash: [] },
  managed: { color: 'accent', dash: [] },
  budget: { color: 'error', dash: [6, 4] },
};

export function operatorLines(ids: readonly string[], nameOf: (id: string) => string): readonly Line[] {
  return ids.map((id, i) => ({
    id,
    name: nameOf(id),
    color: COLORS[i % COLORS.length]!,
    // Where colours come again, lines are broken.
    dash: i < COLORS.length ? [] : [8, 3],
  }));
}

/** `operators` in the job's order, so that a node has the same colour in every chart; `sinks`: those that are measured. */
export function latencyLines(operators: readonly Line[], sinks: ReadonlySet<string>): readonly Line[] {
  return operators
    .filter((line) => sinks.has(line.id))
    .flatMap((line) =>
      PERCENTILES.map((percentile) => ({
        ...line,
        id: latencyLine(line.id, percentile),
        name: `${line.name} ${percentile}`,
        dash: DASHES[percentile],
      })),
    );
}

export function threadLines(count: number, nameOf: (number: number) => string): readonly Line[] {
  return Array.from({ length: count }, (_, i) => ({
    id: threadLine(i),
    name: nameOf(i + 1),
    color: COLORS[i % COLORS.length]!,
    dash: [],
  }));
}

export function memoryLines(nameOf: (id: (typeof MEMORY_LINES)[number]) => string): readonly Line[] {
  return MEMORY_LINES.map((id) => ({ id, name: nameOf(id), ...MEMORY[id] }));
}

/** What the legend of operators does not tell of a chart: which percentile is drawn how, which line of the job is which. */
export function keyOf(metric: MetricId, lines: readonly Line[]): readonly Line[] {
  if (metric === 'memory' || metric === 'threads') return lines;
  if (metric !== 'latency' || lines.length === 0) return [];
  return PERCENTILES.map((name) => ({ id: name, name, color: 'muted', dash: DASHES[name] }));
}

/** What hides all lines of a node at once, and each of them. */
export function isHidden(hidden: ReadonlySet<string>, lineId: string, metric: MetricId): boolean {
  return hidden.has(lineId) || (metric === 'latency' && hidden.has(lineId.slice(0, lineId.lastIndexOf(' '))));
}
