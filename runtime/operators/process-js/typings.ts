/** Declarations for the editor: what rows, outputs, state and the context of this code look like, as TypeScript sees them. */
import { parseDataType, printDataType, type DataType, type Field } from '../../core/types.ts';
import type { StreamShape } from '../../core/schema.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A `.d.ts` for the code in `raw`, a config that may be half edited: what cannot be read of it is left out or `unknown`. */
export function codeTypings(raw: Raw, inputs: readonly StreamShape[]): string {
  const input = inputs[0]?.schema.fields ?? [];
  const sides = recordsOf(raw.sideOutputs).filter(({ port }) => typeof port === 'string' && port !== '');
  return [
    rowTypings(input),
    outputTypings('OutputRow', 'A row as `ctx.emit(row)` takes it.', fieldsOf(raw.outputSchema)),
    ...sides.map(({ port, schema }, i) =>
      outputTypings(`SideRow${i + 1}`, `A row as \`ctx.emit(${quote(port)}, row)\` takes it.`, fieldsOf(schema)),
    ),
    stateTypings(recordsOf(raw.state)),
    contextTypings(
      keyType(raw.keys, input),
      sides.map(({ port }) => String(port)),
    ),
    HANDLERS,
  ].join('\n');
}

function rowTypings(fields: readonly Field[]): string {
  return `/** The row at hand. It is the same object for every row: keep \`row.toObject()\`, or values of its fields. */
interface InputRow {
${fields.map((field) => `  /** ${printField(field)} */\n  readonly ${key(field.name)}: ${readType(field)};\n`).join('')}\
  /** A copy that can be kept. */
  toObject(): InputObject;
}
interface InputObject {
${fields.map((field) => `  ${key(field.name)}: ${readType(field)};\n`).join('')}}
`;
}

function outputTypings(name: string, help: string, fields: readonly Field[]): string {
  const members = fields.map(
    (field) =>
      `  /** ${printField(field)} */\n  ${key(field.name)}${field.nullable ? '?' : ''}: ${writeType(field.type)}${field.nullable ? ' | null' : ''};\n`,
  );
  return `/** ${help} */\ninterface ${name} {\n${members.join('')}}\n`;
}

function stateTypings(states: readonly Raw[]): string {
  const declared = states.filter(({ name }) => typeof name === 'string' && name !== '');
  const of = (kind: string, holder: string): string =>
    declared
      .filter((one) => one.kind === kind)
      .map(({ name, type }) => {
        const parsed = typeof type === 'string' ? parseDataType(type) : null;
        const [read, write] =
          parsed?.ok === true ? [readTypeOf(parsed.value), writeType(parsed.value)] : ['any', 'StateData'];
        return `  ${kind}(name: ${quote(name)}): ${holder}<${read}, ${write}>;\n`;
      })
      .join('');
  return `/** What a state without a type may hold. */
type StateData = null | boolean | number | bigint | string | Uint8Array | readonly StateData[]
  | ReadonlyMap<StateData, StateData> | { readonly [name: string]: StateData | undefined };
/** Of the key at hand. What is read is a copy: set it again after changing it. */
interface ValueState<Read, Write = Read> {
  /** \`undefined\`: nothing is kept. */
  get(): Read | undefined;
  set(value: Write): void;
  clear(): void;
}
interface ListState<Read, Write = Read> {
  get(): Read[];
  add(value: Write): void;
  set(values: readonly Write[]): void;
  clear(): void;
}
interface MapState<Read, Write = Read> {
  get(key: string): Read | undefined;
  has(key: string): boolean;
  set(key: string, value: Write): void;
  remove(key: string): void;
  keys(): string[];
  clear(): void;
}
/** State that the operator declares. */
interface KeyState {
${of('value', 'ValueState')}${of('list', 'ListState')}${of('map', 'MapState')}}
`;
}

function contextTypings(keyType: string, ports: readonly string[]): string {
  const emits = ports.map(
    (port, i) => `  emit(port: ${quote(port)}, row: SideRow${i + 1}, options?: EmitOptions): void;\n`,
  );
  return `interface EmitOptions {
  /** Event time of the row; one behind the watermark is moved ahead of it. */
  at?: number | Date;
}
interface Timers {
  /** Calls \`onTimer\` for this key once the watermark has reached \`at\`. */
  event(at: number | Date): void;
  /** Calls \`onTimer\` for this key once the clock has reached \`at\`. */
  processing(at: number | Date): void;
  deleteEvent(at: number | Date): void;
  deleteProcessing(at: number | Date): void;
}
interface Context {
  /** Sends a row on. Its event time is that of the row at hand, or of the timer, unless \`at\` gives another. */
  emit(row: OutputRow, options?: EmitOptions): void;
${emits.join('')}\
  /** Value of the key, or of all keys by name where there are several. */
  readonly key: ${keyType};
  readonly state: KeyState;
  readonly timers: Timers;
  /** Event time of the row or timer at hand in ms; null where it has none. */
  readonly eventTime: number | null;
  /** In ms: -Infinity before the first one, Infinity once the input has ended. */
  readonly watermark: number;
  /** Which kind of timer fires; null outside onTimer. */
  readonly timeDomain: 'event' | 'processing' | null;
  /** The clock, in ms. */
  now(): number;
  /** A line in the job's log. */
  log(...values: unknown[]): void;
}
`;
}

const HANDLERS = `/** For each row. */
type OnRow = (row: InputRow, ctx: Context) => void;
/** For each timer that is due, under the key that it was set for; \`at\` in ms. */
type OnTimer = (at: number, ctx: Context) => void;
/** Before the first row, also after a restart. */
type OnOpen = (ctx: Omit<Context, 'key' | 'state' | 'timers' | 'emit'>) => void;
/** Once the input has ended and all timers have fired. */
type OnEnd = (ctx: Omit<Context, 'key' | 'state' | 'timers'>) => void;
/** Lines in the job's log. */
declare const console: {
  debug(...values: unknown[]): void;
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
`;

function keyType(keys: unknown, input: readonly Field[]): string {
  const names = Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  const typeOf = (name: string): string => {
    const field = input.find((one) => one.name === name);
    return field === undefined ? 'unknown' : readType(field);
  };
  if (names.length === 0) return 'undefined';
  if (names.length === 1) return typeOf(names[0]!);
  return `{ ${names.map((name) => `readonly ${key(name)}: ${typeOf(name)}`).join('; ')} }`;
}

function readType({ type, nullable }: Field): string {
  return nullable ? `${readTypeOf(type)} | null` : readTypeOf(type);
}

/** What code reads of a type: as `toUser` gives it. */
function readTypeOf(type: DataType): string {
  switch (type.kind) {
    case 'BOOLEAN':
      return 'boolean';
    case 'INT':
    case 'DOUBLE':
    case 'TIMESTAMP':
      return 'number';
    case 'BIGINT':
      return 'bigint';
    case 'BYTES':
      return 'Uint8Array';
    case 'ARRAY':
      return `(${readTypeOf(type.element)} | null)[]`;
    case 'MAP':
      return `Map<${readTypeOf(type.key)}, ${readTypeOf(type.value)} | null>`;
    case 'ROW':
      return `{ ${type.fields.map((field) => `${key(field.name)}: ${readType(field)}`).join('; ')} }`;
    default:
      return 'string';
  }
}

/** What code may write for a type: as `fromUser` takes it. */
function writeType(type: DataType): string {
  switch (type.kind) {
    case 'BIGINT':
      return 'bigint | number';
    case 'DECIMAL':
      return 'string | number | bigint';
    case 'TIMESTAMP':
      return 'number | Date';
    case 'ARRAY':
      return `readonly (${writeType(type.element)} | null)[]`;
    case 'MAP':
      return `ReadonlyMap<${writeType(type.key)}, ${writeType(type.value)} | null>`;
    case 'ROW':
      return `{ ${type.fields.map((field) => `${key(field.name)}${field.nullable ? '?' : ''}: ${writeType(field.type)}${field.nullable ? ' | null' : ''}`).join('; ')} }`;
    default:
      return readTypeOf(type);
  }
}

function printField({ type, nullable }: Field): string {
  return `${printDataType(type)}${nullable ? '' : ' NOT NULL'}`.replaceAll('*/', '* /');
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

function quote(text: unknown): string {
  return JSON.stringify(String(text));
}

/** Fields of a raw list of columns that can be read. */
function fieldsOf(raw: unknown): readonly Field[] {
  const seen = new Set<string>();
  return recordsOf(raw).flatMap(({ name, type, nullable }) => {
    const parsed = typeof type === 'string' ? parseDataType(type) : null;
    if (typeof name !== 'string' || name === '' || parsed?.ok !== true || seen.has(name)) return [];
    seen.add(name);
    return [{ name, type: parsed.value, nullable: nullable !== false }];
  });
}

function recordsOf(raw: unknown): readonly Raw[] {
  if (!Array.isArray(raw)) return [];
  return raw.filter((one): one is Raw => typeof one === 'object' && one !== null && !Array.isArray(one));
}
