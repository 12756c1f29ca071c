/** Expressions of a config as a query writes them. */
import type { ExportedInput, SqlDialect, Unsupported } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import {
  checkExpression,
  parseExpression,
  printFlinkInterval,
  printFlinkSql,
  printSparkSql,
  scopeOf,
  syntaxChildren,
  untranslatable,
  type Scope,
  type Syntax,
} from '../../../expression/index.ts';
import { resolvePath, scopeFields, type ScopeField } from '../../../expression/scope.ts';
import { wholeUnits } from '../../../expression/print.ts';
import { sqlName } from './names.ts';

/** The other system has nothing for a function in an expression. */
export class UntranslatableExpression extends Error {}

/** What `write` gives, or why an expression in it has no place in the other system. */
export function orUnsupported<T>(write: () => T): T | Unsupported {
  try {
    return write();
  } catch (error) {
    if (error instanceof UntranslatableExpression) return { unsupported: error.message };
    throw error;
  }
}

/**
 * For our own operator as it is written, but for names: each as `columnOf` has it, or in quotes where SQL needs them. For other systems from its tree,
 * with their spelling of every function; to be called within `orUnsupported`.
 */
export function sqlExpression(
  text: string,
  scope: Scope,
  dialect: SqlDialect,
  columnOf: (field: ScopeField) => string = ({ field }) => sqlName(field.name),
): string {
  if (dialect === 'millrace') return ownExpression(text, scope, columnOf);
  const { expression } = checkExpression(text, scope);
  if (expression === null) throw new UntranslatableExpression(say`has an expression with errors: ${text}`);
  const [reason] = untranslatable(expression, dialect);
  if (reason !== undefined)
    throw new UntranslatableExpression(
      say`computes ${text.trim()}, and ${reason}. Say it by other functions, or leave it to who reads the rows`,
    );
  const fields = scopeFields(scope);
  const print = dialect === 'flink' ? printFlinkSql : printSparkSql;
  return print(expression, ({ index }) => columnOf(fields[index]!));
}

function ownExpression(text: string, scope: Scope, columnOf: (field: ScopeField) => string): string {
  const replaced: { start: number; end: number; text: string }[] = [];
  const visit = (syntax: Syntax): void => {
    if (syntax.node === 'name') {
      const resolved = resolvePath(syntax.path, scope);
      const used = resolved !== 'unknown' && 'found' in resolved ? resolved.used : 0;
      if (resolved !== 'unknown' && 'found' in resolved) {
        const { start } = syntax.path[0]!.range;
        replaced.push({ start, end: syntax.path[used - 1]!.range.end, text: columnOf(resolved.found) });
      }
      for (const part of syntax.path.slice(used)) replaced.push({ ...part.range, text: sqlName(part.text) });
    }
    syntaxChildren(syntax).forEach(visit);
  };
  visit(parseExpression(text).syntax);
  const changed = replaced
    .sort((a, b) => b.start - a.start)
    .reduce((whole, one) => whole.slice(0, one.start) + one.text + whole.slice(one.end), text)
    .trim();
  return closed(changed);
}

/** Over the fields of one table. */
export function sqlOver(text: string, input: ExportedInput): string {
  return sqlExpression(text, scopeOf(input.schema), input.dialect, ({ field }) => columnIn(input, field.name));
}

/** A field of the table where it is part of an expression: Flink's windows have bounds without a zone, and all else is an instant. */
export function columnIn({ isWindowed, dialect }: ExportedInput, name: string, column = sqlName(name)): string {
  const isBound = dialect === 'flink' && isWindowed && (name === 'window_start' || name === 'window_end');
  return isBound ? `CAST(${column} AS TIMESTAMP_LTZ(3))` : column;
}

/** A comment to the end of the line ends there, and not with the query's line. */
export function closed(text: string): string {
  return text.includes('--') ? `${text}\n` : text;
}

/** The fields that are named in it. */
export function fieldsIn(text: string, scope: Scope): readonly ScopeField[] {
  const found: ScopeField[] = [];
  ownExpression(text, scope, (field) => {
    found.push(field);
    return '';
  });
  return found;
}

/** In seconds where it is no whole number of them: Flink has no smaller unit. `ms` is not negative. */
export function sqlInterval(ms: number, dialect: SqlDialect): string {
  if (dialect === 'flink') return printFlinkInterval(ms);
  const { count, unit } = wholeUnits(ms);
  return unit === 'MILLISECOND' ? `INTERVAL '${ms / 1000}' SECOND` : `INTERVAL '${count}' ${unit}`;
}

/** The field that an expression is, and no more; null for any other. */
export function asField(text: string): string | null {
  const { syntax } = parseExpression(text);
  return syntax.node === 'name' && syntax.path.length === 1 ? syntax.path[0]!.text : null;
}
