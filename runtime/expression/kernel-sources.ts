/** The columns that a kernel's loop reads: their declarations before the loop, and their cells in it. */
import type { DataType } from '../core/types.ts';
import { code, type Code } from './kernel-code.ts';
import type { TypedExpression } from './typed-expression.ts';

/** A column, or a field inside a ROW column, that the loop reads. */
interface Source {
  /** Column index, then child indices. */
  readonly path: readonly number[];
  readonly nullable: boolean;
}

export class KernelSources {
  readonly #sources = new Map<string, { readonly id: number } & Source>();
  readonly #hasNulls: boolean;

  constructor(hasNulls: boolean) {
    this.#hasNulls = hasNulls;
  }

  /** Declarations before the loop. */
  prologue(): string {
    return [...this.#sources.values()]
      .map(({ id, path, nullable }) => {
        const [column, ...fields] = path;
        const read = `columns[${column}]${fields.map((f) => `.children[${f}]`).join('')}`;
        const validity = nullable && this.#hasNulls ? `, m${id} = s${id}.validity` : '';
        return `const s${id} = ${read}, a${id} = s${id}.values, o${id} = s${id}.offsets${validity};`;
      })
      .join('\n');
  }

  /** Null flags at the head of each round. */
  flags(): string {
    if (!this.#hasNulls) return '';
    return [...this.#sources.values()]
      .filter(({ nullable }) => nullable)
      .map(({ id }) => `const z${id} = m${id} !== null && ((m${id}[i >> 3] >> (i & 7)) & 1) === 0;`)
      .join('\n');
  }

  idOf(path: readonly number[], nullable: boolean): number {
    const key = path.join('.');
    const known = this.#sources.get(key);
    if (known !== undefined) return known.id;
    const id = this.#sources.size;
    this.#sources.set(key, { id, path, nullable });
    return id;
  }

  /** The null flag of a column or field that has been asked for; `'false'` when it cannot be NULL. */
  isNull(path: readonly number[]): string {
    const source = this.#sources.get(path.join('.'));
    return source !== undefined && source.nullable && this.#hasNulls ? `z${source.id}` : 'false';
  }

  cell(type: DataType, path: readonly number[], nullable: boolean): Code {
    const id = this.idOf(path, nullable);
    const isNull = this.isNull(path);
    switch (type.kind) {
      case 'BOOLEAN':
        return code(`(((a${id}[i >> 3] >> (i & 7)) & 1) === 1)`, isNull);
      case 'STRING':
        return code(`s${id}.text(i)`, isNull, { values: `a${id}`, start: `o${id}[i]`, end: `o${id}[i + 1]` });
      case 'DECIMAL':
        return code(`readDecimal(a${id}, i)`, isNull);
      case 'BYTES':
      case 'ARRAY':
      case 'MAP':
      case 'ROW':
        return code(`s${id}.value(i)`, isNull);
      default:
        return code(`a${id}[i]`, isNull);
    }
  }
}

/** Column index and child indices of a column or of a field in one; null for a computed row. */
export function sourcePath(e: TypedExpression): readonly number[] | null {
  if (e.node === 'column') return [e.index];
  const parent = e.node === 'field' ? sourcePath(e.operand) : null;
  return parent === null ? null : [...parent, (e as Extract<TypedExpression, { node: 'field' }>).index];
}
