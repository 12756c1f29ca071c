import { say } from '../../core/say.ts';
import { arrayOf, BOOLEAN, INT, STRING, type DataType, type Value } from '../../core/types.ts';
import { conversion } from '../cast.ts';
import { cannotCompute, type Present } from '../operations.ts';
import { declare, takes, unsupported, type ArgumentInfo, type FunctionSpec } from './declare.ts';
import { find, parseJson, printJson, type Json } from './json-path.ts';

/** What the path finds in the text; nothing when the text is no JSON. */
function found(text: string, path: string): readonly Json[] {
  const document = parseJson(text);
  if (document === undefined) return [];
  try {
    return find(document, path);
  } catch {
    throw cannotCompute(say`${JSON.stringify(path)} is no JSON path`);
  }
}

function checkPath(args: readonly ArgumentInfo[]): { argument: number; message: string } | null {
  const path = args[1]?.literal;
  if (typeof path !== 'string') return null;
  try {
    find(null, path);
    return null;
  } catch {
    return {
      argument: 1,
      message: say`${JSON.stringify(path)} is no JSON path: write it as in '$.user.name' or '$.items[0]'`,
    };
  }
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

const PATH = takes({ json: STRING, path: STRING }, STRING, 'always');

/** JSON of a value of our types. */
function jsonOf(type: DataType): (value: Value) => string {
  const present = ((): ((value: Present) => string) => {
    switch (type.kind) {
      case 'BOOLEAN':
      case 'INT':
        return String;
      case 'BIGINT':
      case 'DECIMAL':
        return (value) => String(conversion(type, STRING)(value));
      case 'DOUBLE':
        return (value) => (Number.isFinite(value) ? String(value) : 'null');
      case 'ARRAY': {
        const element = jsonOf(type.element);
        return (value) => `[${(value as readonly Value[]).map(element).join(',')}]`;
      }
      case 'MAP': {
        const key = conversion(type.key, STRING);
        const member = jsonOf(type.value);
        return (value) =>
          `{${[...(value as ReadonlyMap<Value, Value>)].map(([k, v]) => `${JSON.stringify(k === null ? 'null' : key(k))}:${member(v)}`).join(',')}}`;
      }
      case 'ROW': {
        const members = type.fields.map((f) => jsonOf(f.type));
        return (value) =>
          `{${(value as readonly Value[]).map((v, i) => `${JSON.stringify(type.fields[i]!.name)}:${members[i]!(v)}`).join(',')}}`;
      }
      default: {
        const text = conversion(type, STRING);
        return (value) => JSON.stringify(text(value));
      }
    }
  })();
  return (value) => (value === null ? 'null' : present(value));
}

export const JSON_FUNCTIONS: readonly FunctionSpec[] = [
  declare('json', {
    name: 'JSON_VALUE',
    signatures: [PATH],
    doc: 'The text, number or boolean at a path, as text; NULL when there is none, or an object or array. CAST it for a number.',
    example: [`JSON_VALUE('{"a": {"b": 7}}', '$.a.b')`, "'7'"],
    evaluate: (text: string, path: string) => {
      const [first] = found(text, path);
      if (first === undefined || first === null || !isScalar(first)) return null;
      return typeof first === 'string' ? first : printJson(first);
    },
    checkLiterals: checkPath,
    spark: 'get_json_object',
  }),
  declare('json', {
    name: 'JSON_QUERY',
    signatures: [PATH],
    doc: 'The object or array at a path, as JSON text; NULL when there is none, or another kind of value.',
    example: [`JSON_QUERY('{"a": [1, 2]}', '$.a')`, "'[1,2]'"],
    evaluate: (text: string, path: string) => {
      const [first] = found(text, path);
      return first === undefined || isScalar(first) ? null : printJson(first);
    },
    checkLiterals: checkPath,
    // get_json_object gives texts and numbers as well.
    spark: ([json, path]) => {
      const found = `get_json_object(${json}, ${path})`;
      return `CASE WHEN ${found} RLIKE '^[{\\\\[]' THEN ${found} END`;
    },
  }),
  declare('json', {
    name: 'JSON_EXISTS',
    signatures: [takes({ json: STRING, path: STRING }, BOOLEAN)],
    doc: 'Whether a path finds something. As in Flink, a null is nothing.',
    example: [`JSON_EXISTS('{"a": null}', '$.a')`, 'FALSE'],
    evaluate: (text: string, path: string) => found(text, path).some((value) => value !== null),
    checkLiterals: checkPath,
    spark: ([json, path]) => `get_json_object(${json}, ${path}) IS NOT NULL`,
  }),
  declare('json', {
    name: 'IS_JSON',
    signatures: [takes({ text: STRING }, BOOLEAN)],
    doc: 'Whether a text is well-formed JSON.',
    example: ["IS_JSON('[1, 2')", 'FALSE'],
    evaluate: (text: string) => parseJson(text) !== undefined,
    flink: ([text]) => `${text} IS JSON`,
    spark: ([text]) => `get_json_object(${text}, '$') IS NOT NULL`,
  }),
  declare('json', {
    name: 'JSON_LENGTH',
    signatures: [takes({ json: STRING, 'path?': STRING }, INT, 'always')],
    doc: 'Number of elements of an array or members of an object (1 for other values), at a path when one is given; NULL when there is none.',
    example: [`JSON_LENGTH('{"a": [1, 2, 3]}', '$.a')`, '3'],
    evaluate: (text: string, path?: string) => {
      const [first] = found(text, path ?? '$');
      if (first === undefined) return null;
      return isScalar(first) ? 1 : Object.keys(first as object).length;
    },
    checkLiterals: checkPath,
    flink: unsupported(say`Flink SQL has no JSON_LENGTH`),
    spark: ([json, path]) => {
      const value = `get_json_object(${json}, ${path ?? "'$'"})`;
      return `CASE WHEN ${value} IS NOT NULL THEN coalesce(json_array_length(${value}), size(json_object_keys(${value})), 1) END`;
    },
  }),
  declare('json', {
    name: 'JSON_STRING',
    signatures: [takes({ value: 'any' }, STRING)],
    doc: 'Any value as JSON text.',
    example: ["JSON_STRING(ARRAY['a', 'b'])", `'["a","b"]'`],
    bind: ({ args }) => jsonOf(args[0]!.type),
    spark: 'to_json',
  }),
  declare('json', {
    name: 'JSON_QUOTE',
    signatures: [takes({ text: STRING }, STRING)],
    doc: 'A text as a JSON string, in double quotes.',
    example: ["JSON_QUOTE('a\"b')", `'"a\\"b"'`],
    evaluate: (text: string) => JSON.stringify(text),
    spark: unsupported(say`Spark SQL has no JSON_QUOTE`),
  }),
  declare('json', {
    name: 'JSON_UNQUOTE',
    signatures: [takes({ json: STRING }, STRING)],
    doc: 'The text in a JSON string; other texts stay as they are.',
    example: [`JSON_UNQUOTE('"a"')`, "'a'"],
    evaluate: (text: string) => {
      const value = text.startsWith('"') ? parseJson(text) : undefined;
      return typeof value === 'string' ? value : text;
    },
    spark: unsupported(say`Spark SQL has no JSON_UNQUOTE`),
  }),
  declare('json', {
    name: 'JSON_ARRAY',
    signatures: [takes({ 'value…': 'any' }, STRING, 'never')],
    doc: 'The values as a JSON array, without those that are NULL.',
    example: ["JSON_ARRAY(1, 'a', NULL, TRUE)", `'[1,"a",true]'`],
    nulls: 'custom',
    bind: ({ args }) => {
      const texts = args.map((arg) => jsonOf(arg.type));
      return (...values: Value[]) =>
        `[${values.flatMap((value, i) => (value === null ? [] : texts[i]!(value))).join(',')}]`;
    },
    spark: unsupported(say`Spark SQL has no JSON_ARRAY: its arrays have elements of one type`),
  }),
  declare('json', {
    name: 'JSON_OBJECT_KEYS',
    signatures: [takes({ json: STRING }, arrayOf(STRING), 'always')],
    doc: 'The names of the members of a JSON object; NULL for other values.',
    example: [`JSON_OBJECT_KEYS('{"a": 1, "b": 2}')`, "ARRAY['a', 'b']"],
    evaluate: (text: string) => {
      const value = parseJson(text);
      return typeof value !== 'object' || value === null || Array.isArray(value) ? null : Object.keys(value);
    },
    flink: unsupported(say`Flink SQL has no JSON_OBJECT_KEYS`),
  }),
];
