/** Comparing two values of one type, as generated JavaScript. Texts that lie in columns are compared by their bytes. */
import { pow10 } from '../core/decimal.ts';
import { assert } from '../core/errors.ts';
import type { DataType } from '../core/types.ts';
import { and, not, or, type Code } from './kernel-code.ts';
import type { ComparisonOperator } from './syntax.ts';

/** JavaScript for "equal"; false or true, never thrown, where an operand is NULL. */
export function equalText(left: Code, leftType: DataType, right: Code, rightType: DataType): string {
  switch (leftType.kind) {
    case 'STRING':
      return left.bytes !== null && right.bytes !== null
        ? `equalBytes(${bytesOf(left)}, ${bytesOf(right)})`
        : `(${left.value} === ${right.value})`;
    case 'DECIMAL': {
      const [a, b] = commonScale(left.value, leftType, right.value, rightType);
      return `(${a} === ${b})`;
    }
    case 'BYTES':
    case 'ARRAY':
    case 'MAP':
    case 'ROW':
      return `equalValues(${left.value}, ${right.value})`;
    default:
      return `(${left.value} === ${right.value})`;
  }
}

/** JavaScript for an order; operands must not be NULL where they are no numbers or texts. */
export function orderedText(
  operator: ComparisonOperator,
  left: Code,
  leftType: DataType,
  right: Code,
  rightType: DataType,
): string {
  switch (leftType.kind) {
    case 'STRING':
      return left.bytes !== null && right.bytes !== null
        ? `(compareBytes(${bytesOf(left)}, ${bytesOf(right)}) ${operator} 0)`
        : `(compareText(${left.value}, ${right.value}) ${operator} 0)`;
    case 'DECIMAL': {
      const [a, b] = commonScale(left.value, leftType, right.value, rightType);
      return `(${a} ${operator} ${b})`;
    }
    case 'BYTES':
      return and(
        not(or(left.isNull, right.isNull)),
        `(compareBytes(${left.value}, 0, ${left.value}.length, ${right.value}, 0, ${right.value}.length) ${operator} 0)`,
      );
    default:
      return `(${left.value} ${operator} ${right.value})`;
  }
}

function bytesOf({ bytes }: Code): string {
  assert(bytes !== null, 'no bytes');
  return `${bytes.values}, ${bytes.start}, ${bytes.end}`;
}

/** Two unscaled DECIMALs, multiplied up to the wider scale. */
function commonScale(left: string, leftType: DataType, right: string, rightType: DataType): readonly [string, string] {
  assert(leftType.kind === 'DECIMAL' && rightType.kind === 'DECIMAL', 'no DECIMALs');
  const wide = Math.max(leftType.scale, rightType.scale);
  const scaled = (text: string, scale: number): string =>
    scale === wide ? text : `(${text} * ${pow10(wide - scale)}n)`;
  return [scaled(left, leftType.scale), scaled(right, rightType.scale)];
}
