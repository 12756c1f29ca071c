/** The document's JSON Schema, published for other editors: `documentJsonSchema` with the config of every operator type. */
import { z } from 'zod';
import type { AnyOperatorSpec } from '../core/operator.ts';
import { documentJsonSchema } from '../graph/index.ts';
import { catalog } from '../operators/catalog.ts';

type JsonSchema = Record<string, unknown>;

export function pipelineJsonSchema(specs: readonly AnyOperatorSpec[] = Object.values(catalog)): JsonSchema {
  const root = documentJsonSchema();
  const node = (root.properties as Record<string, { items: JsonSchema }>).nodes!.items;
  const properties = node.properties as Record<string, JsonSchema>;
  properties.type = { enum: specs.map((spec) => spec.type), description: 'What the operator does.' };
  node.allOf = specs.map((spec) => ({
    if: { properties: { type: { const: spec.type } } },
    then: { properties: { config: { description: spec.summary, ...configSchema(spec) } } },
  }));
  return { title: 'Millrace pipeline', ...root };
}

function configSchema(spec: AnyOperatorSpec): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(spec.config.schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
  });
  return allowParameters(schema) as JsonSchema;
}

const PARAMETER: JsonSchema = { type: 'string', pattern: '^\\$\\{[^}]+\\}$', description: 'A parameter.' };

/** Numbers, flags and choices may also be a parameter: `"${rows}"`. */
function allowParameters(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowParameters);
  if (typeof schema !== 'object' || schema === null) return schema;
  // zod prints a bound of ±Infinity as null, which is no JSON Schema.
  const entries = Object.entries(schema).filter(([key, value]) => value !== null || !/^(minimum|maximum)$/.test(key));
  const inner = Object.fromEntries(entries.map(([key, value]) => [key, allowParameters(value)]));
  const isScalar = ['number', 'integer', 'boolean'].includes(String(inner.type)) || Array.isArray(inner.enum);
  return isScalar ? { anyOf: [inner, PARAMETER] } : inner;
}
