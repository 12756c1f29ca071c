/**
 * How the columns of a file become the fields that a schema declares. A value's definition level says how much of its path is there,
 * its repetition level at which list it goes on: https://github.com/apache/parquet-format#nested-encoding.
 */
import { parquetSchema, type FileMetaData, type SchemaTree } from 'hyparquet';
import { fail, ok, type Result } from '../../core/result.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { arrayOf, mapOf, printDataType, rowOf, type DataType, type Field } from '../../core/types.ts';
import { leafConversion, type LeafConversion } from './leaf-column.ts';
import { leafKind, typeOfLeaf } from './leaf-kind.ts';

/** A primitive column of the file. */
export interface Leaf {
  readonly path: readonly SchemaTree[];
  readonly type: DataType;
  readonly convert: LeafConversion;
  /** Definition level of a value that is not NULL. */
  readonly level: number;
  readonly isRepeated: boolean;
}

/** `level`: the definition level from which on the value is not NULL. */
export type ReadPlan =
  | { readonly node: 'leaf'; readonly leaf: Leaf }
  | {
      readonly node: 'list';
      readonly level: number;
      readonly repetition: number;
      readonly element: ReadPlan;
    }
  | {
      readonly node: 'map';
      readonly level: number;
      readonly repetition: number;
      readonly key: ReadPlan;
      readonly value: ReadPlan;
    }
  | { readonly node: 'row'; readonly level: number; readonly fields: readonly ReadPlan[] };

/** A place in the file's schema, with the levels that its path adds up to. */
interface Place {
  readonly path: readonly SchemaTree[];
  readonly level: number;
  readonly repetition: number;
}

/** One plan for each field of the schema; the problem names the column. */
export function readPlans(metadata: FileMetaData, schema: Schema): Result<readonly ReadPlan[]> {
  const root: Place = { path: [parquetSchema(metadata)], level: 0, repetition: 0 };
  return plansOfFields(root, schema.fields, '');
}

function plansOfFields(place: Place, fields: readonly Field[], prefix: string): Result<readonly ReadPlan[]> {
  const plans: ReadPlan[] = [];
  for (const field of fields) {
    const name = `${prefix}${field.name}`;
    const child = last(place).children.find(({ element }) => element.name === field.name);
    if (child === undefined) {
      const there = last(place).children.map(({ element }) => element.name);
      return fail(say`there is no column "${name}"; there are ${there.join(', ')}`);
    }
    const plan = planOf(step(place, child), field.type, name);
    if (!plan.ok) return plan;
    plans.push(plan.value);
  }
  return ok(plans);
}

function planOf(place: Place, type: DataType, name: string): Result<ReadPlan> {
  const tree = last(place);
  if (tree.element.repetition_type === 'REPEATED') {
    // A repeated field outside of a LIST: a list that is always there.
    if (type.kind !== 'ARRAY') return mismatch(place, type, name);
    return listOf(place, type.element, name, place.level - 1);
  }
  return planOfSingle(place, type, name);
}

/** As `planOf`, for a value whose repetition its list has counted. */
function planOfSingle(place: Place, type: DataType, name: string): Result<ReadPlan> {
  const tree = last(place);
  const isGroup = tree.children.length > 0;
  switch (type.kind) {
    case 'ARRAY': {
      const repeated = listChild(tree);
      if (repeated === null) return mismatch(place, type, name);
      return listOf(step(place, repeated), type.element, name, place.level);
    }
    case 'MAP': {
      const entries = mapEntries(tree);
      if (entries === null) return mismatch(place, type, name);
      const inside = step(place, entries);
      const key = planOf(step(inside, entries.children[0]!), type.key, `${name}.key`);
      if (!key.ok) return key;
      const value = planOf(step(inside, entries.children[1]!), type.value, `${name}.value`);
      if (!value.ok) return value;
      const { repetition } = inside;
      return ok({ node: 'map', level: place.level, repetition, key: key.value, value: value.value });
    }
    case 'ROW': {
      if (!isGroup || listChild(tree) !== null || mapEntries(tree) !== null) return mismatch(place, type, name);
      const fields = plansOfFields(place, type.fields, `${name}.`);
      return fields.ok ? ok({ node: 'row', level: place.level, fields: fields.value }) : fields;
    }
    default: {
      const convert = isGroup ? null : leafConversion(leafKind(tree.element), type);
      if (convert === null) return mismatch(place, type, name);
      const { path, level, repetition } = place;
      return ok({ node: 'leaf', leaf: { path, type, convert, level, isRepeated: repetition > 0 } });
    }
  }
}

/** `repeated` is the place of what repeats: the element itself, or a group around it. */
function listOf(repeated: Place, element: DataType, name: string, level: number): Result<ReadPlan> {
  const inner = wrappedElement(repeated);
  const plan =
    inner === null
      ? planOfSingle(repeated, element, `${name}.element`)
      : planOf(step(repeated, inner), element, `${name}.element`);
  return plan.ok ? ok({ node: 'list', level, repetition: repeated.repetition, element: plan.value }) : plan;
}

/** What repeats in a group that is a LIST; null for any other column. */
function listChild(tree: SchemaTree): SchemaTree | null {
  const [child] = tree.children;
  const isList = tree.element.converted_type === 'LIST' || tree.element.logical_type?.type === 'LIST';
  return isList && tree.children.length === 1 && child!.element.repetition_type === 'REPEATED' ? child! : null;
}

/** The element in a list of three levels; null in the older ones of two. "Backward-compatibility rules" of LogicalTypes.md. */
function wrappedElement(repeated: Place): SchemaTree | null {
  const { children, element } = last(repeated);
  const list = repeated.path.at(-2)!.element;
  const isElement =
    listChild(repeated.path.at(-2)!) === null ||
    children.length !== 1 ||
    element.name === 'array' ||
    element.name === `${list.name}_tuple`;
  return isElement ? null : children[0]!;
}

/** The group of key and value in a MAP; null for any other column. */
function mapEntries(tree: SchemaTree): SchemaTree | null {
  const { converted_type: converted, logical_type: logical } = tree.element;
  const isMap = converted === 'MAP' || converted === 'MAP_KEY_VALUE' || logical?.type === 'MAP';
  const [entries] = tree.children;
  if (!isMap || tree.children.length !== 1 || entries!.element.repetition_type !== 'REPEATED') return null;
  return entries!.children.length === 2 ? entries! : null;
}

function last(place: Place): SchemaTree {
  return place.path.at(-1)!;
}

function step({ path, level, repetition }: Place, child: SchemaTree): Place {
  const { repetition_type: repeats } = child.element;
  return {
    path: [...path, child],
    level: repeats === 'REQUIRED' ? level : level + 1,
    repetition: repeats === 'REPEATED' ? repetition + 1 : repetition,
  };
}

function mismatch(place: Place, type: DataType, name: string): Result<never> {
  return fail(
    say`the column "${name}" is ${describe(last(place))} and cannot be read as the declared ${printDataType(type)}`,
  );
}

function describe(tree: SchemaTree): string {
  const type = typeOfTree(tree);
  const { type: physical, logical_type: logical, converted_type: converted } = tree.element;
  const written = [physical, logical?.type ?? converted].filter((text) => text !== undefined).join(' ');
  return `${printDataType(type)}${written === '' ? '' : ` (${written})`}`;
}

/** Fields that hold all that is in the file, by its own schema. */
export function fieldsOfFile(metadata: FileMetaData): readonly Field[] {
  return parquetSchema(metadata).children.map(fieldOf);
}

function fieldOf(tree: SchemaTree): Field {
  return { name: tree.element.name, type: typeOfTree(tree), nullable: tree.element.repetition_type !== 'REQUIRED' };
}

function typeOfTree(tree: SchemaTree): DataType {
  return tree.element.repetition_type === 'REPEATED' ? arrayOf(typeOfSingle(tree)) : typeOfSingle(tree);
}

function typeOfSingle(tree: SchemaTree): DataType {
  const entries = mapEntries(tree);
  if (entries !== null) return mapOf(typeOfTree(entries.children[0]!), typeOfTree(entries.children[1]!));
  const repeated = listChild(tree);
  if (repeated !== null) {
    const inner = wrappedElement({ path: [tree, repeated], level: 0, repetition: 0 });
    return arrayOf(inner === null ? typeOfSingle(repeated) : typeOfTree(inner));
  }
  return tree.children.length > 0 ? rowOf(tree.children.map(fieldOf)) : typeOfLeaf(leafKind(tree.element));
}
