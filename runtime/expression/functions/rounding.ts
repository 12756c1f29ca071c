/** ROUND and TRUNCATE. */
import { pow10, rescaleDecimal } from '../../core/decimal.ts';
import { decimal, type DataType } from '../../core/types.ts';
import type { ArgumentInfo, CallInfo, Implementation } from './declare.ts';

/** Digits after the point that a literal second argument leaves; null when it is no literal. */
function digitsOf(args: readonly ArgumentInfo[]): number | null {
  const digits = args.length === 1 ? 0 : args[1]!.literal;
  return typeof digits === 'number' ? digits : null;
}

/** As Flink: a DECIMAL loses the digits that a literal cuts off. */
export function roundedType(carry: 0 | 1): (args: readonly ArgumentInfo[]) => DataType {
  return (args) => {
    const type = args[0]!.type;
    const digits = digitsOf(args);
    if (type.kind !== 'DECIMAL' || digits === null || digits >= type.scale) return type;
    const whole = type.precision - type.scale + carry;
    return digits <= 0 ? decimal(Math.min(38, Math.max(1, whole)), 0) : decimal(Math.min(38, whole + digits), digits);
  };
}

/** `x` with `digits` digits after the point (before it, when negative); `up` rounds half away from zero, else cut off. */
function roundDouble(x: number, digits: number, up: boolean): number {
  if (!Number.isFinite(x) || digits > 300) return x;
  // By the shortest decimal text, as Java's BigDecimal.valueOf: 1.005 rounds to 1.01.
  const [mantissa = '0', exponent = '0'] = Math.abs(x).toExponential().split('e');
  const shift = Number(exponent) + digits;
  if (shift > 20) return x;
  if (shift < -1) return 0;
  const scaled = Number(`${mantissa}e${shift}`);
  const whole = up ? Math.floor(scaled + 0.5) : Math.floor(scaled);
  return Math.sign(x) * Number(`${whole}e${-digits}`);
}

function roundUnscaled(x: bigint, scale: number, digits: number, up: boolean): bigint {
  if (digits >= scale) return x;
  const unit = pow10(scale - digits);
  return up ? rescaleDecimal(x, scale - digits, 0) * unit : (x / unit) * unit;
}

export function rounding(up: boolean): (call: CallInfo) => Implementation {
  return (call) => {
    const { args, result } = call;
    const type = args[0]!.type;
    const scale = result.kind === 'DECIMAL' ? result.scale : 0;
    switch (type.kind) {
      case 'INT':
        return (x: number, digits = 0) => Number(BigInt.asIntN(32, roundUnscaled(BigInt(x), 0, digits, up)));
      case 'BIGINT':
        return (x: bigint, digits = 0) => BigInt.asIntN(64, roundUnscaled(x, 0, digits, up));
      case 'DECIMAL':
        return (x: bigint, digits = 0) =>
          roundUnscaled(x, type.scale, Math.max(-38, digits), up) / pow10(type.scale - scale);
      default:
        return (x: number, digits = 0) => roundDouble(x, digits, up);
    }
  };
}
