import { assert } from '../../core/errors.ts';
import type {
  OperatorContext,
  OperatorFactory,
  OperatorPlan,
  Output,
  SourceOperator,
  SourceStatus,
} from '../../core/operator.ts';
import type { ListState } from '../../core/state.ts';
import { Pacer } from '../shared/pacer.ts';
import { RowNumbers, SPLITS, type SplitProgress } from '../shared/row-numbers.ts';
import { AuctionModel, type EventKind } from './auction-model.ts';
import { AuctionRows } from './auctions.ts';
import { BidRows } from './bids.ts';
import { EventRandom } from './event-random.ts';
import type { EventRows, EventSources } from './event-rows.ts';
import { PersonRows } from './persons.ts';
import type { SourceNexmarkConfig } from './spec.ts';
import { RandomTexts } from './texts.ts';

export const createSourceNexmark: OperatorFactory<SourceNexmarkConfig> = (plan, context) =>
  new SourceNexmarkOperator(plan, context);

/** Rows of a kind that nothing reads are not made: an event follows from its number alone. */
interface Port {
  readonly output: Output;
  readonly rows: EventRows | null;
}

class SourceNexmarkOperator implements SourceOperator {
  readonly #plan: OperatorPlan<SourceNexmarkConfig>;
  readonly #context: OperatorContext;
  readonly #state: ListState<SplitProgress>;
  readonly #model: AuctionModel;
  readonly #ports: Readonly<Record<EventKind, Port>>;
  readonly #pacer: Pacer;
  #numbers!: RowNumbers;

  constructor(plan: OperatorPlan<SourceNexmarkConfig>, context: OperatorContext) {
    const { config, parallelism } = plan;
    this.#plan = plan;
    this.#context = context;
    this.#state = context.state.list<SplitProgress>('splits', 'union');
    this.#model = new AuctionModel(config);
    this.#pacer = new Pacer(config.eventsPerSecond, 1 / parallelism, context);
    const random = new EventRandom(config.seed);
    const texts = new RandomTexts(longestText(config), random);
    const sources: EventSources = { config, model: this.#model, random, texts };
    const port = (name: EventKind, Rows: new (sources: EventSources) => EventRows): Port => {
      const output = context.output(name);
      return { output, rows: output.isConnected ? new Rows(sources) : null };
    };
    this.#ports = {
      person: port('person', PersonRows),
      auction: port('auction', AuctionRows),
      bid: port('bid', BidRows),
    };
  }

  open(): void {
    const { subtask, parallelism, config } = this.#plan;
    const restored = this.#state.get();
    this.#numbers = new RowNumbers(subtask, parallelism, config.events ?? Infinity, restored);
    const owned = restored.filter(({ split }) => split % parallelism === subtask);
    // Splits of several old subtasks may meet here: the one furthest behind counts.
    const made = Math.min(...owned.map(({ next }) => next - SPLITS));
    if (made >= 0 && made < Infinity) this.#emitWatermark(made);
  }

  poll(): SourceStatus {
    if (this.#numbers.isAtEnd) return 'ended';
    const limit = this.#pacer.allow(this.#plan.batchRows);
    if (limit === 0) return 'waiting';
    const numbers = this.#numbers.take(limit);
    this.#pacer.took(numbers.length);
    this.#emit(placesOf(numbers));
    return this.#numbers.isAtEnd ? 'ended' : 'ready';
  }

  processBatch(): void {
    assert(false, 'a source has no input');
  }

  snapshot(): void {
    this.#state.set([...this.#numbers.progress]);
  }

  /** The events at these places of the stream, and the watermark behind them. */
  #emit(places: Float64Array): void {
    const model = this.#model;
    const { length } = places;
    const persons = new Float64Array(length);
    const auctions = new Float64Array(length);
    const bids = new Float64Array(length);
    let personCount = 0;
    let auctionCount = 0;
    let bidCount = 0;
    for (let i = 0; i < length; i++) {
      const event = model.eventAt(places[i]!);
      const kind = model.kindOf(event);
      if (kind === 'bid') bids[bidCount++] = event;
      else if (kind === 'auction') auctions[auctionCount++] = event;
      else persons[personCount++] = event;
    }
    emitRows(this.#ports.person, persons.subarray(0, personCount));
    emitRows(this.#ports.auction, auctions.subarray(0, auctionCount));
    emitRows(this.#ports.bid, bids.subarray(0, bidCount));
    if (length > 0) this.#emitWatermark(places[length - 1]!);
  }

  /** Events at later places are in later groups, or in this one. */
  #emitWatermark(place: number): void {
    if (!this.#context.hasProgress) return;
    this.#context.emitWatermark(this.#model.timeOf(place) - this.#plan.config.maxOutOfOrdernessMs);
  }
}

function emitRows({ output, rows }: Port, events: Float64Array): void {
  if (rows !== null && events.length > 0) output.emit(rows.batchOf(events));
}

function placesOf(numbers: BigInt64Array): Float64Array {
  const words = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  const places = new Float64Array(numbers.length);
  for (let i = 0; i < places.length; i++) places[i] = words[2 * i + 1]! * 0x1_0000_0000 + (words[2 * i]! >>> 0);
  return places;
}

function longestText({ avgPersonByteSize, avgAuctionByteSize, avgBidByteSize }: SourceNexmarkConfig): number {
  const descriptions = 100;
  return Math.ceil(1.2 * Math.max(avgPersonByteSize, avgAuctionByteSize, avgBidByteSize)) + descriptions;
}
