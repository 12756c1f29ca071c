/**
 * The fields' expressions over the row number as kernels. Calls that draw random numbers are taken out first: each becomes a column of
 * its own, computed ahead with the rows' own random numbers, and the expression reads that column.
 */
import { Column } from '../../core/column.ts';
import { columnBuilder } from '../../core/column-builder.ts';
import { BIGINT } from '../../core/types.ts';
import { compileKernel, type Kernel, type TypedExpression } from '../../expression/index.ts';
import { RowRandom } from './row-random.ts';

type Call = Extract<TypedExpression, { node: 'call' }>;

/** Functions that ask the context for random numbers, and whether they draw exactly one a row. */
const RANDOM_FUNCTIONS: Readonly<Record<string, boolean>> = { RAND: true, RAND_INTEGER: true, UUID: false };

export class FieldKernels {
  readonly #sites: readonly RandomSite[];
  readonly #kernels: readonly Kernel[];
  readonly #now: () => number;

  constructor(expressions: readonly TypedExpression[], seed: number, now: () => number) {
    const sites: RandomSite[] = [];
    const takeOut = (call: Call): TypedExpression => {
      sites.push(new RandomSite(call, new RowRandom(seed, sites.length)));
      // Column 0 is the row number.
      return {
        node: 'column',
        index: sites.length,
        name: `random ${sites.length}`,
        input: null,
        type: call.type,
        nullable: call.nullable,
      };
    };
    this.#kernels = expressions.map((expression) => compileKernel(withoutRandom(expression, takeOut)));
    this.#sites = sites;
    this.#now = now;
  }

  /** A column per field for the rows with these numbers. */
  compute(numbers: BigInt64Array<ArrayBuffer>): Column[] {
    const count = numbers.length;
    const columns = [new Column(BIGINT, count, null, numbers)];
    const words = new Int32Array(numbers.buffer, numbers.byteOffset, 2 * count);
    for (const site of this.#sites) columns.push(site.compute(columns, words, this.#now));
    const context = { now: this.#now, random: noRandom };
    return this.#kernels.map((kernel) => kernel(columns, count, context));
  }
}

class RandomSite {
  readonly #kernel: Kernel;
  readonly #random: RowRandom;
  readonly #drawsOnce: boolean;
  readonly #call: Call;

  constructor(call: Call, random: RowRandom) {
    this.#call = call;
    this.#kernel = compileKernel(call);
    this.#random = random;
    // A function that may see NULL is not called for such rows.
    this.#drawsOnce = RANDOM_FUNCTIONS[call.function] === true && !call.nullable;
  }

  compute(columns: readonly Column[], words: Int32Array, now: () => number): Column {
    const count = words.length / 2;
    if (this.#drawsOnce) {
      this.#random.startRows(words);
      return this.#kernel(columns, count, { now, random: this.#random.drawNextRow });
    }
    const result = columnBuilder(this.#call.type, count);
    const context = { now, random: this.#random.drawSameRow };
    for (let row = 0; row < count; row++) {
      this.#random.startRow(words, row);
      const single = columns.map((column) => rowOf(column, row));
      result.appendRange(this.#kernel(single, 1, context), 0, 1);
    }
    return result.finish();
  }
}

function rowOf(column: Column, row: number): Column {
  const builder = columnBuilder(column.type, 1);
  builder.appendRange(column, row, row + 1);
  return builder.finish();
}

function noRandom(): number {
  throw new Error('Millrace bug: a random number that belongs to no row');
}

/** The tree with its random calls replaced, innermost first. Trees are plain data, so any node is rebuilt part by part. */
function withoutRandom(expression: TypedExpression, takeOut: (call: Call) => TypedExpression): TypedExpression {
  const rebuild = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(rebuild);
    if (!isNode(part) || part.node === 'literal')
      return isBranch(part) ? { when: rebuild(part.when), then: rebuild(part.then) } : part;
    const rebuilt = Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, rebuild(value)]),
    ) as unknown as TypedExpression;
    return rebuilt.node === 'call' && Object.hasOwn(RANDOM_FUNCTIONS, rebuilt.function) ? takeOut(rebuilt) : rebuilt;
  };
  return rebuild(expression) as TypedExpression;
}

function isNode(part: unknown): part is TypedExpression {
  return typeof part === 'object' && part !== null && 'node' in part;
}

function isBranch(part: unknown): part is { readonly when: unknown; readonly then: unknown } {
  return typeof part === 'object' && part !== null && 'when' in part && 'then' in part;
}
