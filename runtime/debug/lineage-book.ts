/** Answers where rows come from and where they go: written down the first time somebody asks, by making the run again under watch. */
import type { Lineage, LineageExactness, LineageHop, Moment, RowId } from '../protocol/debug.ts';
import { say } from '../core/say.ts';
import type { DebugRun } from './debug-run.ts';
import { LineageTracker } from './lineage-tracker.ts';
import type { Replica } from './replica.ts';
import { viewRows } from './step-view.ts';

/** Most rows of an answer. */
const MAX_HOPS = 500;

interface Made {
  readonly parents: readonly RowId[];
  readonly exactness: LineageExactness;
}

export class LineageBook {
  readonly #run: DebugRun;
  readonly #made = new Map<RowId, Made>();
  #replica: Replica | null = null;
  /** Chosen rows whose relatives are wanted, with what is known of which rows they are. */
  readonly #related = new Map<
    RowId,
    { readonly ancestors: ReadonlySet<RowId>; readonly descendants: Map<RowId, boolean> }
  >();

  constructor(run: DebugRun) {
    this.#run = run;
  }

  close(): void {
    this.#replica?.close();
    this.#replica = null;
  }

  /** Rejects when there is no such row. */
  async of(row: RowId, direction: 'backward' | 'forward'): Promise<Lineage> {
    const { history } = this.#run;
    const origin = history.row(row);
    if (origin === null) throw new Error(say`There is no row ${row}.`);
    await this.#writeUpTo(direction === 'backward' ? origin.moment : history.length);
    const order = direction === 'backward' ? this.#ancestors(row) : this.#descendants(row);
    const shown = order.slice(0, MAX_HOPS);
    const inAnswer = new Set(order);
    const rows = await viewRows(this.#run, shown);
    const hops = rows.map((one): LineageHop => {
      const { parents, exactness } = this.#madeOf(one.id);
      return { row: one, parents: parents.filter((parent) => inAnswer.has(parent)), exactness };
    });
    return {
      hops,
      ends:
        direction === 'backward' ? order.filter((id) => this.#madeOf(id).parents.length === 0) : this.#written(order),
      exactness: order.every((id) => this.#madeOf(id).exactness === 'exact') ? 'exact' : 'superset',
      omitted: order.length - shown.length,
    };
  }

  /** From now on `isRelated` knows the row's relatives, as far as the run has come and while it is watched (`tracker`). */
  async choose(row: RowId): Promise<void> {
    if (this.#related.has(row)) return;
    const origin = this.#run.history.row(row);
    if (origin === null) throw new Error(say`There is no row ${row}.`);
    await this.#writeUpTo(origin.moment);
    this.#related.set(row, { ancestors: new Set(this.#ancestors(row)), descendants: new Map([[row, true]]) });
  }

  /** Whether `chosen` was made of the row, or the row of it. */
  isRelated(chosen: RowId, row: RowId): boolean {
    const known = this.#related.get(chosen);
    if (known === undefined) return false;
    return known.ancestors.has(row) || this.#isDescendant(row, chosen, known.descendants);
  }

  /** A watch that writes down what a run from the start does. */
  tracker(): LineageTracker {
    return new LineageTracker(this.#run.debug.plan, (row, parents, exactness) =>
      this.#made.set(row, { parents, exactness }),
    );
  }

  #isDescendant(row: RowId, chosen: RowId, known: Map<RowId, boolean>): boolean {
    if (row < chosen) return false;
    let answer = known.get(row);
    if (answer === undefined) {
      answer = this.#madeOf(row).parents.some((parent) => this.#isDescendant(parent, chosen, known));
      known.set(row, answer);
    }
    return answer;
  }

  async #writeUpTo(moment: Moment): Promise<void> {
    this.#replica ??= this.#run.replicaFromStart(this.tracker());
    await this.#replica.advanceTo(moment);
  }

  /** Of a row that was changed or put in by hand: what it was before, if anything. */
  #madeOf(row: RowId): Made {
    const known = this.#made.get(row);
    if (known !== undefined) return known;
    const cause = this.#run.history.cause(row);
    return { parents: cause === 0 ? [] : [cause], exactness: 'exact' };
  }

  /** Itself first, then by distance. */
  #ancestors(row: RowId): readonly RowId[] {
    const found = new Set([row]);
    for (const one of found) for (const parent of this.#madeOf(one).parents) found.add(parent);
    return [...found];
  }

  #descendants(row: RowId): readonly RowId[] {
    const found = new Set([row]);
    // Rows are made after those they are made of.
    for (let id = row + 1; id <= this.#run.history.rows; id++) {
      if (this.#madeOf(id).parents.some((parent) => found.has(parent))) found.add(id);
    }
    return [...found];
  }

  /** Those that a sink was given. */
  #written(rows: readonly RowId[]): readonly RowId[] {
    const { plan, sinks } = this.#run.debug;
    const ports = new Set(
      plan.links.filter(({ to }) => sinks.has(to)).map(({ from, fromPort }) => `${from}.${fromPort}`),
    );
    return rows.filter((id) => {
      const origin = this.#run.history.row(id);
      return origin !== null && ports.has(`${origin.nodeId}.${origin.port}`);
    });
  }
}
