/** Typed trees to loops over columns, one `new Function` per expression (and per absence or presence of NULLs). */
import { columnBuilder } from '../core/column-builder.ts';
import { bitmapBytes, Column, readDecimal, writeDecimal } from '../core/column.ts';
import type { DataType, Value } from '../core/types.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { doubleToInt, doubleToLong } from './cast.ts';
import type { EvaluationContext } from './functions/declare.ts';
import { isTrue, not } from './kernel-code.ts';
import { KernelWriter } from './kernel-writer.ts';
import {
  compareBytes,
  compareText,
  divideInt,
  divideLong,
  elementAt,
  equalBytes,
  equalValues,
  like,
  lookUp,
  moduloInt,
  moduloLong,
  wholeInterval,
} from './operations.ts';
import { referencedFields, typedChildren, type TypedExpression } from './typed-expression.ts';

/** `columns` are those of all inputs, one after the other; the result has `count` rows. Throws `StreamError` MR2104. */
export type Kernel = (columns: readonly Column[], count: number, context: EvaluationContext) => Column;

/** Writes the ascending indices of the rows where the condition is TRUE; returns how many. `selection` has `count` places. */
export type Predicate = (
  columns: readonly Column[],
  count: number,
  context: EvaluationContext,
  selection: Int32Array,
) => number;

const longCell = new BigInt64Array(1);
const longWords = new Int32Array(longCell.buffer);

/** What generated code may call, by the name it uses. */
const RUNTIME = {
  longCell,
  longWords,
  Column,
  noBytes: new Uint8Array(0),
  textOfBytes,
  bitmapBytes,
  readDecimal,
  writeDecimal,
  columnBuilder,
  compareBytes,
  compareText,
  equalBytes,
  equalValues,
  like,
  lookUp,
  elementAt,
  cellOfList,
  divideInt,
  divideLong,
  moduloInt,
  moduloLong,
  wholeInterval,
  doubleToInt,
  doubleToLong,
};

/** A kernel for a value. A bare column gives the input's column itself. */
export function compileKernel(expression: TypedExpression): Kernel {
  if (expression.node === 'column') {
    const { index } = expression;
    return (columns) => columns[index]!;
  }
  return byNulls(expression, (hasNulls) => build<Kernel>(kernelSource(expression, hasNulls), expression.type));
}

/** A predicate for a BOOLEAN expression. */
export function compilePredicate(expression: TypedExpression): Predicate {
  return byNulls(expression, (hasNulls) => build<Predicate>(predicateSource(expression, hasNulls), expression.type));
}

/** Picks, batch by batch, the loop without null checks when no column has NULLs. Each is made when it is first needed. */
function byNulls<F extends Kernel | Predicate>(expression: TypedExpression, make: (hasNulls: boolean) => F): F {
  const used = referencedFields(expression).map((f) => f.index);
  const nested = referencesNested(expression);
  let plain: F | null = null;
  let checked: F | null = null;
  const chosen = (
    columns: readonly Column[],
    count: number,
    context: EvaluationContext,
    selection: Int32Array,
  ): Column | number => {
    let hasNulls = nested;
    for (let i = 0; i < used.length; i++) if (columns[used[i]!]!.validity !== null) hasNulls = true;
    const loop = hasNulls ? (checked ??= make(true)) : (plain ??= make(false));
    return loop(columns, count, context, selection);
  };
  return chosen as F;
}

/** Fields of rows have validity bitmaps of their own. */
function referencesNested(e: TypedExpression): boolean {
  return e.node === 'field' || typedChildren(e).some(referencesNested);
}

interface LoopSource {
  readonly text: string;
  readonly constants: readonly unknown[];
}

function build<F>({ text, constants }: LoopSource, type: DataType): F {
  const names = Object.keys(RUNTIME);
  const parameters = [...names, 'type', ...constants.map((_, i) => `k${i}`)];
  // The one place where code is made from text; see KernelWriter for what can be in it.
  const make = new Function(...parameters, `'use strict';\n${text}`) as (...values: readonly unknown[]) => F;
  return make(...Object.values(RUNTIME), type, ...constants);
}

function predicateSource(expression: TypedExpression, hasNulls: boolean): LoopSource {
  const writer = new KernelWriter(hasNulls);
  const condition = isTrue(writer.emit(expression));
  const text = `return function predicate(columns, count, context, selection) {
${writer.sources.prologue()}
let found = 0;
for (let i = 0; i < count; i++) {
${writer.sources.flags()}
${writer.body()}
selection[found] = i;
if (${condition}) found++;
}
return found;
};`;
  return { text, constants: writer.constants };
}

function kernelSource(expression: TypedExpression, hasNulls: boolean): LoopSource {
  const writer = new KernelWriter(hasNulls);
  const result = writer.emit(expression);
  const output = outputOf(expression.type);
  const store = output.store(
    result.value,
    result.bytes === null ? null : `${result.bytes.values}, ${result.bytes.start}, ${result.bytes.end}`,
  );
  const stored =
    result.isNull === 'false'
      ? store
      : result.isNull === 'true'
        ? output.storeNull
        : `if (${not(result.isNull)}) { ${store} } else { ${output.storeNull} }`;
  const text = `${output.closure}
return function kernel(columns, count, context) {
${writer.sources.prologue()}
${output.before}
for (let i = 0; i < count; i++) {
${writer.sources.flags()}
${writer.body()}
${stored}
}
${output.after}
};`;
  return { text, constants: writer.constants };
}

interface Output {
  readonly closure: string;
  readonly before: string;
  readonly store: (value: string, bytes: string | null) => string;
  readonly storeNull: string;
  readonly after: string;
}

const STORE_NULL =
  'if (validity === null) validity = new Uint8Array(bitmapBytes(count)).fill(0xff); validity[i >> 3] &= ~(1 << (i & 7));';

function outputOf(type: DataType): Output {
  switch (type.kind) {
    case 'INT':
    case 'DATE':
      return fixed('Int32Array(count)', (value) => `out[i] = ${value};`);
    case 'DOUBLE':
    case 'TIMESTAMP':
      return fixed('Float64Array(count)', (value) => `out[i] = ${value};`);
    case 'BIGINT':
      return fixed('BigInt64Array(count)', (value) => `out[i] = ${value};`);
    case 'DECIMAL':
      return fixed('BigInt64Array(2 * count)', (value) => `writeDecimal(out, i, ${value});`);
    case 'BOOLEAN':
      return fixed('Uint8Array(bitmapBytes(count))', (value) => `if (${value}) out[i >> 3] |= 1 << (i & 7);`);
    default:
      return {
        // Kept from call to call for its size; dropped when a row throws, because it is half full then.
        closure: 'let kept = null;',
        before: 'const builder = kept ?? columnBuilder(type, Math.max(1, count)); kept = null;',
        store: (value, bytes) => (bytes === null ? `builder.appendValue(${value});` : `builder.appendBytes(${bytes});`),
        storeNull: 'builder.appendNull();',
        after: 'const column = builder.finish(); kept = builder; return column;',
      };
  }
}

function fixed(array: string, store: (value: string) => string): Output {
  return {
    closure: '',
    before: `const out = new ${array}; let validity = null;`,
    store,
    storeNull: STORE_NULL,
    after: 'return new Column(type, count, validity, out);',
  };
}

/** The string of a text that is at hand as bytes. */
function textOfBytes(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes.subarray(start, end));
}

/** Element of an ARRAY cell that is not NULL, at a 1-based position; null outside. */
function cellOfList(list: Column, row: number, position: number | bigint): Value {
  const start = list.offsets![row]!;
  const at = start + Number(position) - 1;
  return at >= start && at < list.offsets![row + 1]! ? list.children[0]!.value(at) : null;
}
