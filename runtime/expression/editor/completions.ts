/** What can be typed at a cursor. */
import { tokenMatcher, type IToken } from 'chevrotain';
import type { TextRange } from '../../core/diagnostics.ts';
import { printDataType, type DataType, type Field } from '../../core/types.ts';
import { signatureText } from '../check-call.ts';
import type { FunctionSpec } from '../functions/declare.ts';
import { findFunction, functionCatalog } from '../functions/index.ts';
import { INTERVAL_UNITS } from '../literals.ts';
import { printName } from '../print.ts';
import { resolvePath, scopeFields, type Scope } from '../scope.ts';
import {
  Comma,
  DecimalLiteral,
  Dot,
  DoubleLiteral,
  IntegerLiteral,
  K,
  Name,
  QuotedName,
  RightBracket,
  RightParen,
  StringLiteral,
} from '../tokens.ts';
import { TIME_UNITS } from '../typed-expression.ts';
import { cursorAt, pathBefore, type Cursor } from './cursor.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'function' | 'keyword';
  /** A type or a signature. */
  readonly detail: string;
  /** Markdown; may be empty. */
  readonly documentation: string;
  readonly insertText: string;
  /** What `insertText` replaces. */
  readonly range: TextRange;
}

type Candidate = Omit<Completion, 'range'>;

const BEFORE_OPERAND = [
  'CASE',
  'CAST',
  'TRY_CAST',
  'NOT',
  'NULL',
  'TRUE',
  'FALSE',
  'INTERVAL',
  'TIMESTAMP',
  'DATE',
  'ARRAY',
  'MAP',
];
const AFTER_OPERAND = [
  'AND',
  'OR',
  'IS NULL',
  'IS NOT NULL',
  'IN',
  'NOT IN',
  'BETWEEN',
  'NOT BETWEEN',
  'LIKE',
  'NOT LIKE',
  'IS DISTINCT FROM',
];
const AFTER_IS = ['NULL', 'NOT NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'DISTINCT FROM', 'NOT DISTINCT FROM'];
const TYPES = [
  'BOOLEAN',
  'INT',
  'BIGINT',
  'DOUBLE',
  'DECIMAL',
  'STRING',
  'BYTES',
  'DATE',
  'TIMESTAMP',
  'ARRAY',
  'MAP',
  'ROW',
];

/** Those that contain what is typed so far, the ones that begin with it first; none inside a string or a comment. */
export function completions(text: string, offset: number, scope: Scope): readonly Completion[] {
  const cursor = cursorAt(text, offset);
  if (cursor === null) return [];
  const typed = cursor.prefix.replace(/^["`]/, '').toLowerCase();
  const starts = (c: Candidate): number => (c.label.toLowerCase().startsWith(typed) ? 0 : 1);
  return candidates(cursor, scope)
    .filter((c) => c.label.toLowerCase().includes(typed))
    .sort((a, b) => starts(a) - starts(b))
    .map((c) => ({ ...c, range: cursor.range }));
}

function candidates(cursor: Cursor, scope: Scope): readonly Candidate[] {
  const { before, call } = cursor;
  const last = before.at(-1);
  if (last?.tokenType === Dot) return members(cursor, scope);
  if (last?.tokenType === K.AS) return TYPES.map((word) => keyword(word, 'type'));
  if (last?.tokenType === K.IS) return AFTER_IS.map((word) => keyword(word));
  if (last !== undefined && tokenMatcher(last, StringLiteral) && before.at(-2)?.tokenType === K.INTERVAL) {
    return INTERVAL_UNITS.map((word) => keyword(word, 'unit'));
  }
  if (call !== null && wantsUnit(call.name, call.argument)) {
    const units = TIME_UNITS.map((word) => keyword(word, 'unit'));
    // CEIL and FLOOR take a unit only after TO.
    return last?.tokenType === Comma && call.argument > 0 ? [...units, ...operands(scope)] : units;
  }
  if (last !== undefined && isOperand(last))
    return [...AFTER_OPERAND, ...caseWords(before)].map((word) => keyword(word));
  return operands(scope);
}

function operands(scope: Scope): readonly Candidate[] {
  return [
    ...fields(scope),
    ...functionCatalog.flatMap(functionCandidates),
    ...BEFORE_OPERAND.map((word) => keyword(word)),
  ];
}

function wantsUnit(name: string, argument: number): boolean {
  return findFunction(name)?.signatures.some((s) => s.parameters[argument]?.accepts === 'unit') ?? false;
}

/** Whether an expression may end with this token. */
function isOperand(token: IToken): boolean {
  const ends = [
    RightParen,
    RightBracket,
    IntegerLiteral,
    DecimalLiteral,
    DoubleLiteral,
    K.END,
    K.NULL,
    K.TRUE,
    K.FALSE,
  ];
  const isSeparator = [K.FROM, K.FOR, K.TO, K.ESCAPE, K.DISTINCT].includes(token.tokenType);
  return (
    ends.includes(token.tokenType) ||
    [StringLiteral, QuotedName].some((t) => tokenMatcher(token, t)) ||
    (tokenMatcher(token, Name) && !isSeparator)
  );
}

/** The words that continue an open CASE. */
function caseWords(before: readonly IToken[]): readonly string[] {
  const open = before.filter((t) => t.tokenType === K.CASE).length > before.filter((t) => t.tokenType === K.END).length;
  return open ? ['WHEN', 'THEN', 'ELSE', 'END'] : [];
}

function fields(scope: Scope): readonly Candidate[] {
  const all = scopeFields(scope);
  const inputs = scope.inputs.flatMap((input) => input.name ?? []);
  return [
    ...all.map(({ field, input }) => {
      const isAmbiguous = all.filter((other) => other.field.name === field.name).length > 1;
      const qualifier = isAmbiguous && input !== null ? `${printName(input)}.` : '';
      return fieldCandidate(field, qualifier, input);
    }),
    ...inputs.map((name) => ({
      label: name,
      kind: 'field' as const,
      detail: 'input',
      documentation: '',
      insertText: `${printName(name)}.`,
    })),
  ];
}

function fieldCandidate(field: Field, qualifier: string, input: string | null): Candidate {
  return {
    label: `${qualifier}${field.name}`,
    kind: 'field',
    detail: fieldType(field),
    documentation: input === null ? '' : `Field of \`${input}\``,
    insertText: `${qualifier}${printName(field.name)}`,
  };
}

export function fieldType(field: Pick<Field, 'type' | 'nullable'>): string {
  return `${printDataType(field.type)}${field.nullable ? '' : ' NOT NULL'}`;
}

/** After a dot: the fields of an input or of a ROW. */
function members(cursor: Cursor, scope: Scope): readonly Candidate[] {
  const path = pathBefore(cursor)?.map((token) => {
    const quote = token.image[0]!;
    const text =
      quote === '"' || quote === '`' ? token.image.slice(1, -1).replaceAll(quote + quote, quote) : token.image;
    return { text, range: { start: 0, end: 0 } };
  });
  if (path === undefined) return [];
  const input = path.length === 1 ? scope.inputs.find((i) => i.name === path[0]!.text) : undefined;
  if (input !== undefined) return input.schema.fields.map((f) => fieldCandidate(f, '', input.name));
  const resolved = resolvePath(path, scope);
  if (resolved === 'unknown' || 'ambiguous' in resolved) return [];
  const type = path
    .slice(resolved.used)
    .reduce<DataType | undefined>(
      (row, part) => (row?.kind === 'ROW' ? row.fields.find((f) => f.name === part.text)?.type : undefined),
      resolved.found.field.type,
    );
  return type?.kind === 'ROW' ? type.fields.map((f) => fieldCandidate(f, '', null)) : [];
}

function functionCandidates(spec: FunctionSpec): readonly Candidate[] {
  return [spec.name, ...spec.aliases].map((name) => ({
    label: name,
    kind: 'function',
    detail: spec.isBare ? name : signatureText(name, spec.signatures[0]!),
    documentation: functionDoc(spec),
    insertText: spec.isBare ? name : `${name}(`,
  }));
}

/** Markdown: what the function gives, and its example. */
export function functionDoc(spec: FunctionSpec): string {
  return `${spec.doc}\n\n\`${spec.example.expression}\` → \`${spec.example.result}\``;
}

function keyword(word: string, detail = ''): Candidate {
  return { label: word, kind: 'keyword', detail, documentation: '', insertText: word };
}
