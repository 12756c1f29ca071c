/** Metrics of a Flink job's vertices as those of the nodes that run in them. */
import type { NodeId } from '../../core/ids.ts';
import type { PlanOperator } from '../../exporters/flink/cluster/plan.ts';
import type { JobMetrics, LinkMetrics, OperatorMetrics, SubtaskMetrics } from '../../protocol/job.ts';

/** Of tasks and of operators. Names and meaning: Flink's documentation, Metrics, System metrics. */
const OF_INTEREST =
  /(?:^|\.)(?:numRecords(?:In|Out)(?:PerSecond)?|(?:busy|idle|backPressured)TimeMsPerSecond|current(?:Input|Output)Watermark|numLateRecordsDropped|lateRecordsDropped)$/;

export function isOfInterest(metric: string): boolean {
  return OF_INTEREST.test(metric);
}

/** Of one vertex: by `<subtask>.<metric>`, or `<subtask>.<operator>.<metric>`. */
export type MetricValues = ReadonlyMap<string, number>;

/** A node's place in the job. */
export interface NodePlace {
  readonly nodeId: NodeId;
  /** In the order of the flow. */
  readonly operators: readonly Pick<PlanOperator, 'vertex' | 'number' | 'kind'>[];
  readonly outputs: readonly string[];
}

export type NodeLink = Pick<LinkMetrics, 'from' | 'fromPort' | 'to' | 'toPort'>;

export interface VertexState {
  readonly parallelism: number;
  readonly values: MetricValues;
}

/** Long.MIN_VALUE: no watermark yet; Long.MAX_VALUE: the last. */
const NO_WATERMARK = -9e18;
const LAST_WATERMARK = 9e18;

/** Pure. Vertices that have not been asked yet give zeros. */
export function nodeMetrics(
  at: number,
  places: readonly NodePlace[],
  vertices: ReadonlyMap<string, VertexState>,
  links: readonly NodeLink[],
): JobMetrics {
  const byNode = new Map(places.map((place) => [place.nodeId, place]));
  const vertexOf = (id: NodeId, isOut: boolean): string | undefined => {
    const { first, last } = endsOf(byNode.get(id));
    return (isOut ? last : first)?.vertex;
  };
  return {
    at,
    operators: places.map((place): OperatorMetrics => {
      const parallelism = vertices.get(endsOf(place).last?.vertex ?? '')?.parallelism ?? 1;
      return { nodeId: place.nodeId, subtasks: Array.from({ length: parallelism }, (_, i) => subtask(i, place, vertices)) }; // prettier-ignore
    }),
    links: links.map((link): LinkMetrics => {
      const isChained = vertexOf(link.from, true) === vertexOf(link.to, false);
      return { ...link, exchange: isChained ? 'chained' : 'forward', queueUsage: 0 };
    }),
    memoryBytes: 0,
    managedMemory: { usedBytes: 0, budgetBytes: 0 },
  };
}

type Ends = { readonly first: NodePlace['operators'][number] | undefined; readonly last: Ends['first'] };

/** A sink is where its rows come in: what commits them is behind. */
function endsOf(place: NodePlace | undefined): Ends {
  const first = place?.operators[0];
  return { first, last: place?.outputs.length === 0 ? first : place?.operators.at(-1) };
}

function subtask(index: number, place: NodePlace, vertices: ReadonlyMap<string, VertexState>): SubtaskMetrics {
  const { first, last } = endsOf(place);
  const taskValue = (name: string): number => {
    const value = vertices.get(last?.vertex ?? '')?.values.get(`${index}.${name}`) ?? 0;
    return Number.isFinite(value) ? value : 0;
  };
  const valueOf = (operator: Ends['first'], name: string): number => {
    if (operator === undefined) return 0;
    const values = vertices.get(operator.vertex)?.values ?? new Map<string, number>();
    const key = [...values.keys()].find((one) => isMetricOf(one, index, operator, name));
    return key === undefined ? 0 : values.get(key)!;
  };
  const byPort = (value: number): Record<string, number> =>
    Object.fromEntries(place.outputs.map((port) => [port, value]));
  const watermark = lastWatermark(vertices.get(last?.vertex ?? ''), index);
  return {
    subtask: index,
    numRecordsIn: valueOf(first, 'numRecordsIn'),
    numRecordsOut: byPort(valueOf(last, 'numRecordsOut')),
    numRecordsInPerSecond: valueOf(first, 'numRecordsInPerSecond'),
    numRecordsOutPerSecond: byPort(valueOf(last, 'numRecordsOutPerSecond')),
    numLateRecordsDropped: Math.max(valueOf(last, 'numLateRecordsDropped'), valueOf(first, 'numLateRecordsDropped')),
    busyTimeMsPerSecond: taskValue('busyTimeMsPerSecond'),
    idleTimeMsPerSecond: taskValue('idleTimeMsPerSecond'),
    backPressuredTimeMsPerSecond: taskValue('backPressuredTimeMsPerSecond'),
    waitingTimeMsPerSecond: 0,
    currentInputWatermark: watermark,
    currentOutputWatermark: watermark,
    isIdle: false,
    stateSize: 0,
    stateEntries: 0,
    latency: null,
    watermarkAlignmentDrift: null,
  };
}

/** `0.Source__clicks[1].numRecordsOut`, `1.StreamingFileWriter.numRecordsIn`. */
function isMetricOf(key: string, index: number, { number, kind }: NonNullable<Ends['first']>, name: string): boolean {
  if (!key.startsWith(`${index}.`) || !key.endsWith(`.${name}`)) return false;
  const operator = key.slice(`${index}.`.length, -`.${name}`.length);
  return number === null ? operator === kind.replaceAll(/[^\w]/g, '_') : operator.includes(`[${number}]`);
}

/** That of the task's input; a source's task has none, and operators of its chain have: the greatest is the assigner's. */
function lastWatermark(vertex: VertexState | undefined, index: number): number | 'end' | null {
  const input = watermarkOf(vertex?.values.get(`${index}.currentInputWatermark`));
  if (input !== null) return input;
  const own = [...(vertex?.values ?? [])]
    .filter(([name]) => name.startsWith(`${index}.`) && name.endsWith('.currentOutputWatermark'))
    .map(([, value]) => value);
  return own.length === 0 ? null : watermarkOf(Math.max(...own));
}

function watermarkOf(value: number | undefined): number | 'end' | null {
  if (value === undefined || Number.isNaN(value) || value < NO_WATERMARK) return null;
  return value > LAST_WATERMARK ? 'end' : value;
}
