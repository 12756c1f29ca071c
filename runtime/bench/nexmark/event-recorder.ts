/** The events that queries run over, as the references take them: made by the same source, in a job of its own. */
import { assert } from '../../core/errors.ts';
import { readDocument, type PipelineDocument, type PipelineNode } from '../../graph/index.ts';
import { secondsOf } from '../run-job.ts';
import { linesOf } from './changelog-rows.ts';
import type { Auction, Bid, Events, Person } from './reference/events.ts';

/** The parameters that all queries' documents have. */
export interface EventStream {
  readonly events: number;
  readonly seed: number;
  /** Events per second of event time. */
  readonly eventRate: number;
  readonly outOfOrder: number;
}

export class EventRecorder {
  readonly #workerFile: string;
  readonly #recorded = new Map<string, Promise<Events>>();

  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  record(stream: EventStream): Promise<Events> {
    const key = JSON.stringify(stream);
    const known = this.#recorded.get(key) ?? this.#run(stream);
    this.#recorded.set(key, known);
    return known;
  }

  async #run(stream: EventStream): Promise<Events> {
    const texts: Record<string, string[]> = { person: [], auction: [], bid: [] };
    await secondsOf(
      recordingDocument(stream, () => ({ type: 'sink.print', config: {} })),
      this.#workerFile,
      {
        onPrint: (nodeId, text) => texts[nodeId]!.push(text),
      },
    );
    const rows = <T>(kind: string): T[] => linesOf(texts[kind]!).map((line) => JSON.parse(line, instants) as T);
    return { persons: rows<Person>('person'), auctions: rows<Auction>('auction'), bids: rows<Bid>('bid') };
  }
}

function instants(key: string, value: unknown): unknown {
  return key === 'dateTime' || key === 'expires' ? Date.parse(value as string) : value;
}

export const EVENT_KINDS = ['person', 'auction', 'bid'] as const;

/** The events of each kind into a sink of its own. */
export function recordingDocument(
  { events, seed, eventRate, outOfOrder }: EventStream,
  sinkOf: (kind: string) => Pick<PipelineNode, 'type' | 'config'>,
): PipelineDocument {
  const kinds = EVENT_KINDS;
  const config = { events, seed, firstEventRate: eventRate, outOfOrderGroupSize: outOfOrder };
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'events',
    settings: {},
    nodes: [
      { id: 'house', type: 'source.nexmark', position: { x: 0, y: 0 }, config },
      ...kinds.map((id) => ({ id, position: { x: 0, y: 0 }, ...sinkOf(id) })),
    ],
    edges: kinds.map((kind) => ({ from: 'house', fromPort: kind, to: kind })),
    notes: [],
    groups: [],
  });
  assert(document !== null, `the recording's document is not valid: ${diagnostics[0]?.message}`);
  return document;
}
