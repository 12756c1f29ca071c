/**
 * Writes the body of a kernel's loop. Every sub-expression becomes a value text and a null text (`Code`); what may throw, what is
 * dear, and what must run only sometimes (CASE, AND, OR, COALESCE) becomes statements with locals instead. Users' text never
 * enters the code: literals that are not numbers or booleans, and functions, are constants of the closure.
 */
import { assert } from '../core/errors.ts';
import { sameType, type DataType, type Value } from '../core/types.ts';
import { encodeUtf8 } from '../core/utf8.ts';
import { argumentInfos } from './check-call.ts';
import { castOrFail, conversion } from './cast.ts';
import { folded } from './fold.ts';
import { functionNamed } from './functions/index.ts';
import { and, blank, code, inlineCast, isAtom, isTrue, not, or, wrap, type Code } from './kernel-code.ts';
import { equalText, orderedText } from './kernel-compare.ts';
import { KernelSources, sourcePath } from './kernel-sources.ts';
import { decimalOperation, likeMatcher } from './operations.ts';
import type { DecimalType } from './type-rules.ts';
import type { TypedExpression } from './typed-expression.ts';

type Node<N extends TypedExpression['node']> = Extract<TypedExpression, { node: N }>;

/** More items than this are looked up in a set. */
const MAX_CHAIN = 8;

/** What the branches of a CASE assign to. */
interface ChosenLocal {
  readonly code: Code;
  readonly assign: (c: Code) => string;
}

/** Stands for a branch's assignment until all branches are known; no generated line looks like it. */
function branchMark(branch: number): string {
  return `#${branch}`;
}

function branchOfMark(line: string): number | null {
  return line.startsWith('#') ? Number(line.slice(1)) : null;
}

export class KernelWriter {
  readonly constants: unknown[] = [];
  readonly sources: KernelSources;
  #lines: string[] = [];
  #locals = 0;

  /** Without `hasNulls` the code takes every column to be free of NULLs. */
  constructor(hasNulls: boolean) {
    this.sources = new KernelSources(hasNulls);
  }

  body(): string {
    return this.#lines.join('\n');
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  constant(value: unknown): string {
    this.constants.push(value);
    return `k${this.constants.length - 1}`;
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#locals++}`;
  }

  /** The statements that `write` adds, kept apart. */
  #captured<T>(write: () => T): { result: T; lines: readonly string[] } {
    const outer = this.#lines;
    this.#lines = [];
    const result = write();
    const lines = this.#lines;
    this.#lines = outer;
    return { result, lines };
  }

  /** In a local unless it is a name or a number already. */
  #hold(text: string): string {
    if (isAtom(text)) return text;
    const name = this.#fresh('v');
    this.line(`const ${name} = ${text};`);
    return name;
  }

  #held(c: Code): Code {
    return { value: this.#hold(c.value), isNull: this.#hold(c.isNull), bytes: c.bytes };
  }

  emit(e: TypedExpression): Code {
    const simplest = folded(e);
    return simplest.node === 'literal' ? this.#literal(simplest.type, simplest.value) : this.#emit(simplest);
  }

  #emit(e: TypedExpression): Code {
    switch (e.node) {
      case 'literal':
      case 'unit':
        return this.#literal(e.type, e.node === 'unit' ? e.unit : e.value);
      case 'column':
        return this.#cell(e.type, [e.index], e.nullable);
      case 'field':
        return this.#field(e);
      case 'element':
        return this.#element(e);
      case 'negate':
        return this.#pure(e.type, [e.operand], ([a]) => wrap(e.type, `-${a}`));
      case 'arithmetic':
        return this.#arithmetic(e);
      case 'concat':
        return this.#pure(e.type, [e.left, e.right], ([a, b]) => `(${a} + ${b})`);
      case 'comparison':
        return this.#comparison(e);
      case 'distinct': {
        const [left, right] = [this.emit(e.left), this.emit(e.right)];
        const equal = equalText(left, e.left.type, right, e.right.type);
        const eitherNull = or(left.isNull, right.isNull);
        const same = eitherNull === 'false' ? equal : `(${eitherNull} ? ${and(left.isNull, right.isNull)} : ${equal})`;
        return code(e.negated ? same : not(same));
      }
      case 'logical':
        return this.#logical(e);
      case 'not':
        return this.#pure(e.type, [e.operand], ([a]) => not(a));
      case 'is': {
        const operand = this.emit(e.operand);
        const holds =
          e.test === 'TRUE'
            ? isTrue(operand)
            : e.test === 'FALSE'
              ? and(not(operand.isNull), not(operand.value))
              : operand.isNull;
        return code(e.negated ? not(holds) : holds);
      }
      case 'between':
        return this.#between(e);
      case 'in':
        return this.#in(e);
      case 'like':
        return this.#like(e);
      case 'case':
        return this.#case(e);
      case 'cast':
        return this.#cast(e);
      case 'call':
        return this.#call(e);
      case 'array':
      case 'row':
        return code(this.#hold(`[${this.#orNulls(e.items).join(', ')}]`));
      case 'map': {
        const items = this.#orNulls(e.items);
        const pairs = items.flatMap((key, i) => (i % 2 === 0 ? [`[${key}, ${items[i + 1]}]`] : []));
        return code(this.#hold(`new Map([${pairs.join(', ')}])`));
      }
    }
  }

  #literal(type: DataType, value: Value): Code {
    if (value === null) return code(blank(type), 'true');
    if (typeof value === 'boolean') return code(String(value));
    if (typeof value === 'number')
      return code(value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : String(value));
    if (typeof value === 'bigint') return code(value < 0n ? `(${value}n)` : `${value}n`);
    if (typeof value === 'string') {
      const bytes = encodeUtf8(value);
      return code(this.constant(value), 'false', {
        values: this.constant(bytes),
        start: '0',
        end: String(bytes.length),
      });
    }
    return code(this.constant(value));
  }

  #cell(type: DataType, path: readonly number[], nullable: boolean): Code {
    const cell = this.sources.cell(type, path, nullable);
    // Putting two words together is dear: once a row.
    return type.kind === 'DECIMAL' ? { ...cell, value: this.#hold(cell.value) } : cell;
  }

  #field(e: Node<'field'>): Code {
    const path = sourcePath(e);
    if (path === null) {
      return this.#guarded(e.type, [this.emit(e.operand)], ([row]) => `${row}[${e.index}]`, true);
    }
    const parents: string[] = [];
    for (let parent = e.operand; ; parent = parent.operand) {
      const parentPath = sourcePath(parent)!;
      this.sources.idOf(parentPath, parent.node === 'column' ? parent.nullable : true);
      parents.push(this.sources.isNull(parentPath));
      if (parent.node !== 'field') break;
    }
    // A child of a nullable row may have NULLs of its own even if its field says otherwise.
    const child = this.#cell(e.type, path, true);
    return { ...child, isNull: or(child.isNull, ...parents) };
  }

  #element(e: Node<'element'>): Code {
    const path = e.operand.type.kind === 'ARRAY' ? sourcePath(e.operand) : null;
    if (path !== null && path.length === 1) {
      // Reads one cell instead of building the array.
      const list = this.emit(e.operand);
      const key = this.emit(e.key);
      const id = this.sources.idOf(path, e.operand.nullable);
      return this.#guarded(e.type, [key], ([position]) => `cellOfList(s${id}, i, ${position})`, true, list.isNull);
    }
    const read = e.operand.type.kind === 'MAP' ? 'lookUp' : 'elementAt';
    return this.#guarded(e.type, [this.emit(e.operand), this.emit(e.key)], ([a, b]) => `${read}(${a}, ${b})`, true);
  }

  /** An operation that neither throws nor gives NULL, and bears any value in the place of a NULL. */
  #pure(
    type: DataType,
    operands: readonly TypedExpression[],
    write: (values: readonly string[] & { 0: string; 1: string }) => string,
  ): Code {
    const codes = operands.map((operand) => this.emit(operand));
    // Long chains nest deep otherwise, and texts would be built twice.
    const values = codes.map((c) => c.value) as unknown as readonly string[] & { 0: string; 1: string };
    const text = write(values);
    const value = type.kind === 'STRING' || type.kind === 'DECIMAL' || text.length > 400 ? this.#hold(text) : text;
    return code(value, this.#hold(or(...codes.map((c) => c.isNull))));
  }

  /** An operation that may throw or give NULL: it runs only where no operand is NULL. */
  #guarded(
    type: DataType,
    operands: readonly Code[],
    write: (values: readonly string[]) => string,
    mayBeNull: boolean,
    otherNull = 'false',
  ): Code {
    const isNull = or(otherNull, ...operands.map((c) => c.isNull));
    const text = write(operands.map((c) => c.value));
    if (isNull === 'true') return code(blank(type), 'true');
    if (isNull === 'false' && !mayBeNull) return code(this.#hold(text));
    const value = this.#fresh('v');
    const flag = this.#fresh('n');
    this.line(`let ${value} = ${blank(type)}, ${flag} = ${isNull};`);
    const result = this.#fresh('r');
    const assignment = mayBeNull
      ? `const ${result} = ${text}; if (${result} === null) ${flag} = true; else ${value} = ${result};`
      : `${value} = ${text};`;
    this.line(isNull === 'false' ? `{ ${assignment} }` : `if (!${flag}) { ${assignment} }`);
    return code(value, flag);
  }

  #arithmetic(e: Node<'arithmetic'>): Code {
    const { left, right, type, operator } = e;
    if (type.kind === 'DECIMAL') {
      const apply = this.constant(
        decimalOperation(operator, left.type as DecimalType, right.type as DecimalType, type),
      );
      return this.#guarded(type, [this.emit(left), this.emit(right)], ([a, b]) => `${apply}(${a}, ${b})`, true);
    }
    if (type.kind === 'INTERVAL') {
      return this.#guarded(
        type,
        [this.emit(left), this.emit(right)],
        ([a, b]) => `wholeInterval(${a} ${operator} ${b})`,
        false,
      );
    }
    if (type.kind === 'DATE') {
      const days = (t: DataType, text: string): string => (t.kind === 'INTERVAL' ? `${text} / 86400000` : text);
      return this.#pure(
        type,
        [left, right],
        ([a, b]) => `((${days(left.type, a)} ${operator} ${days(right.type, b)}) | 0)`,
      );
    }
    if (type.kind === 'BIGINT' && left.type.kind === 'TIMESTAMP') {
      return this.#pure(type, [left, right], ([a, b]) => `doubleToLong(${a} - ${b})`);
    }
    if ((operator === '/' || operator === '%') && type.kind !== 'DOUBLE') return this.#division(e);
    if (type.kind === 'INT' && operator === '*')
      return this.#pure(type, [left, right], ([a, b]) => `Math.imul(${a}, ${b})`);
    return this.#pure(type, [left, right], ([a, b]) => wrap(type, `${a} ${operator} ${b}`));
  }

  #division(e: Node<'arithmetic'>): Code {
    const { left, right, type, operator } = e;
    const divisor = folded(right);
    // A divisor that is not zero cannot throw.
    if (divisor.node === 'literal' && divisor.value !== null && Number(divisor.value) !== 0) {
      return this.#pure(type, [left, divisor], ([a, b]) => wrap(type, `${a} ${operator} ${b}`));
    }
    const size = type.kind === 'INT' ? 'Int' : 'Long';
    const apply = `${operator === '/' ? 'divide' : 'modulo'}${size}`;
    return this.#guarded(type, [this.emit(left), this.emit(right)], ([a, b]) => `${apply}(${a}, ${b})`, false);
  }

  #comparison(e: Node<'comparison'>): Code {
    const [left, right] = [this.emit(e.left), this.emit(e.right)];
    const isNull = or(left.isNull, right.isNull);
    switch (e.operator) {
      case '=':
        return code(equalText(left, e.left.type, right, e.right.type), isNull);
      case '<>':
        return code(not(equalText(left, e.left.type, right, e.right.type)), isNull);
      default:
        return code(orderedText(e.operator, left, e.left.type, right, e.right.type), isNull);
    }
  }

  #logical(e: Node<'logical'>): Code {
    const isAnd = e.operator === 'AND';
    const left = this.#held(this.emit(e.left));
    const { result: right, lines } = this.#captured(() => this.emit(e.right));
    // The side that decides: FALSE for AND, TRUE for OR.
    const decides = (c: Code): string => and(not(c.isNull), isAnd ? not(c.value) : c.value);
    if (lines.length === 0) {
      if (left.isNull === 'false' && right.isNull === 'false') {
        return code((isAnd ? and : or)(left.value, right.value));
      }
      const decided = this.#hold(or(decides(left), decides(right)));
      return code(isAnd ? not(decided) : decided, and(not(decided), or(left.isNull, right.isNull)));
    }
    const decided = this.#fresh('d');
    const flag = this.#fresh('n');
    this.line(`let ${decided} = ${decides(left)}, ${flag} = false;`);
    this.line(`if (!${decided}) {`);
    lines.forEach((text) => this.line(text));
    this.line(`${decided} = ${decides(right)};`);
    this.line(`${flag} = ${and(not(decided), or(left.isNull, right.isNull))};`);
    this.line('}');
    return code(isAnd ? not(decided) : decided, left.isNull === 'false' && right.isNull === 'false' ? 'false' : flag);
  }

  #between(e: Node<'between'>): Code {
    const x = this.#held(this.emit(e.operand));
    const [low, high] = [this.#held(this.emit(e.low)), this.#held(this.emit(e.high))];
    const nullBelow = or(x.isNull, low.isNull);
    const nullAbove = or(x.isNull, high.isNull);
    const tooLow = and(not(nullBelow), not(orderedText('>=', x, e.operand.type, low, e.low.type)));
    const tooHigh = and(not(nullAbove), not(orderedText('<=', x, e.operand.type, high, e.high.type)));
    const outside = this.#hold(or(tooLow, tooHigh));
    return code(e.negated ? outside : not(outside), and(not(outside), or(nullBelow, nullAbove)));
  }

  #in(e: Node<'in'>): Code {
    const x = this.#held(this.emit(e.operand));
    const many = e.items.length > MAX_CHAIN ? this.#setOf(e) : null;
    if (many !== null) return code(`${e.negated ? '!' : ''}${many}.has(${x.value})`, x.isNull);
    const items = e.items.map((item) => this.emit(item));
    const tests = items.map((item, i) => and(not(item.isNull), equalText(x, e.operand.type, item, e.items[i]!.type)));
    const found = this.#hold(or(...tests));
    const isNull = or(x.isNull, and(not(found), or(...items.map((item) => item.isNull))));
    return code(e.negated ? not(found) : found, isNull);
  }

  /** A set of the items, when all are literals that a set compares as SQL does. */
  #setOf(e: Node<'in'>): string | null {
    if (!['INT', 'BIGINT', 'DOUBLE', 'STRING', 'DATE', 'TIMESTAMP'].includes(e.operand.type.kind)) return null;
    const values = e.items.map((item) => folded(item)).map((item) => (item.node === 'literal' ? item.value : null));
    return values.includes(null) ? null : this.constant(new Set(values));
  }

  #like(e: Node<'like'>): Code {
    const escape = e.escape === null ? null : folded(e.escape);
    const pattern = folded(e.pattern);
    const text = this.emit(e.operand);
    const sign = e.negated ? '!' : '';
    if (
      pattern.node === 'literal' &&
      pattern.value !== null &&
      (escape === null || (escape.node === 'literal' && escape.value !== null))
    ) {
      const matcher = this.#matcher(pattern.value as string, (escape?.value as string | undefined) ?? null);
      if (matcher !== null)
        return code(this.#hold(and(not(text.isNull), `${sign}${matcher}(${text.value})`)), text.isNull);
    }
    const operands = [text, this.emit(pattern), ...(escape === null ? [] : [this.emit(escape)])];
    return this.#guarded(e.type, operands, ([a, b, c]) => `${sign}like(${a}, ${b}, ${c ?? 'null'})`, false);
  }

  /** Null when the pattern is malformed: that must throw at the row, not here. */
  #matcher(pattern: string, escape: string | null): string | null {
    try {
      return this.constant(likeMatcher(pattern, escape));
    } catch {
      return null;
    }
  }

  #case(e: Node<'case'>): Code {
    const operand = e.operand === null ? null : this.#held(this.emit(e.operand));
    return this.#chosen(e.type, (assign) => {
      let open = 0;
      for (const { when, then } of e.branches) {
        const test = this.emit(when);
        const holds =
          operand === null
            ? isTrue(test)
            : and(not(operand.isNull), not(test.isNull), equalText(operand, e.operand!.type, test, when.type));
        this.line(`if (${holds}) {`);
        assign(this.emit(then));
        this.line('} else {');
        open++;
      }
      assign(e.otherwise === null ? code(blank(e.type), 'true') : this.emit(e.otherwise));
      this.line('}'.repeat(open));
    });
  }

  /** A local that branches assign. Texts whose bytes are at hand in every branch stay bytes: no string is made of them. */
  #chosen(type: DataType, write: (assign: (c: Code) => void) => void): Code {
    const branches: Code[] = [];
    const { lines } = this.#captured(() => {
      write((c) => {
        this.line(branchMark(branches.length));
        branches.push(c);
      });
    });
    const present = branches.filter((c) => c.isNull !== 'true');
    const inBytes = type.kind === 'STRING' && present.length > 0 && present.every((c) => c.bytes !== null);
    const chosen = inBytes ? this.#bytesLocal() : this.#valueLocal(type);
    const flag = this.#fresh('n');
    this.line(`let ${flag} = false;`);
    const assignments = branches.map((c) => {
      const value = c.isNull === 'true' ? '' : chosen.assign(c);
      return c.isNull === 'false' ? value : `${value} ${flag} = ${c.isNull};`;
    });
    for (const line of lines) {
      const branch = branchOfMark(line);
      this.line(branch === null ? line : assignments[branch]!);
    }
    const isNull = branches.every((c) => c.isNull === 'false') ? 'false' : flag;
    return { ...chosen.code, isNull };
  }

  #valueLocal(type: DataType): ChosenLocal {
    const value = this.#fresh('v');
    this.line(`let ${value} = ${blank(type)};`);
    return { code: code(value), assign: (c) => `${value} = ${c.value};` };
  }

  #bytesLocal(): ChosenLocal {
    const values = this.#fresh('b');
    const [start, end] = [`${values}s`, `${values}e`];
    this.line(`let ${values} = noBytes, ${start} = 0, ${end} = 0;`);
    return {
      code: code(`textOfBytes(${values}, ${start}, ${end})`, 'false', { values, start, end }),
      assign: ({ bytes }) => `${values} = ${bytes!.values}; ${start} = ${bytes!.start}; ${end} = ${bytes!.end};`,
    };
  }

  #cast(e: Node<'cast'>): Code {
    const [from, to] = [e.operand.type, e.type];
    if (from.kind === 'NULL') return code(blank(to), 'true');
    if (sameType(from, to)) return this.emit(e.operand);
    const inline = inlineCast(from, to);
    if (inline !== null) return this.#pure(to, [e.operand], ([a]) => inline(a));
    const convert = this.constant(e.safe ? conversion(from, to) : castOrFail(from, to));
    return this.#guarded(to, [this.emit(e.operand)], ([a]) => `${convert}(${a})`, e.safe);
  }

  #call(e: Node<'call'>): Code {
    const spec = functionNamed(e.function);
    if (spec.lazy === 'coalesce') return this.#coalesce(e);
    if (spec.lazy === 'if') return this.#if(e);
    const info = { args: argumentInfos(e.args), result: e.type };
    const signature = spec.signatures[e.signature];
    assert(signature !== undefined, `${e.function} has no signature ${e.signature}`);
    if (spec.nulls === 'strict') {
      const codes = e.args.map((arg) => this.emit(arg));
      const values = codes.map((c) => this.#hold(c.value));
      const inline = spec.inline(values, info);
      const isNull = this.#hold(or(...codes.map((c) => c.isNull)));
      if (inline !== null) return code(spec.isDeterministic ? inline : this.#hold(inline), isNull);
      const apply = this.constant(spec.bind(info));
      const given = spec.needsContext ? ['context', ...values] : values;
      return this.#guarded(e.type, codes, () => `${apply}(${given.join(', ')})`, signature.nullable === 'always');
    }
    const apply = this.constant(spec.bind(info));
    const given = [...(spec.needsContext ? ['context'] : []), ...this.#orNulls(e.args)];
    return this.#guarded(e.type, [], () => `${apply}(${given.join(', ')})`, e.nullable);
  }

  /** Values with null in place of NULL. */
  #orNulls(items: readonly TypedExpression[]): readonly string[] {
    return items.map((item) => {
      const c = this.emit(item);
      return c.isNull === 'false' ? c.value : c.isNull === 'true' ? 'null' : `(${c.isNull} ? null : ${c.value})`;
    });
  }

  #coalesce(e: Node<'call'>): Code {
    return this.#chosen(e.type, (assign) => {
      let open = 0;
      let last: Code = code(blank(e.type), 'true');
      for (const arg of e.args) {
        last = this.emit(arg);
        if (last.isNull === 'false') break;
        this.line(`if (${not(last.isNull)}) {`);
        assign({ ...last, isNull: 'false' });
        this.line('} else {');
        open++;
      }
      assign(last.isNull === 'false' ? last : code(blank(e.type), 'true'));
      this.line('}'.repeat(open));
    });
  }

  #if(e: Node<'call'>): Code {
    const [condition, then, otherwise] = e.args;
    const test = this.emit(condition!);
    return this.#chosen(e.type, (assign) => {
      this.line(`if (${isTrue(test)}) {`);
      assign(this.emit(then!));
      this.line('} else {');
      assign(this.emit(otherwise!));
      this.line('}');
    });
  }
}
