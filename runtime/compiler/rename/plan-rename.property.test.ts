/** Every field of every template under another name: the document says the same as before, with the name exchanged. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamShape } from '../../core/schema.ts';
import { parseDocument, type PipelineDocument } from '../../graph/index.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { validateDocument, type Validation } from '../validate.ts';
import { applyRename, planRename, type FieldRef, type RenameFrom, type RenamePlan } from './plan-rename.ts';

const TEMPLATES = readdirSync('templates', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readFileSync(`templates/${name}/${name}.pipeline.json`, 'utf8'))
  .map((text) => parseDocument(text).document!);

interface Case {
  readonly document: PipelineDocument;
  readonly validation: Validation;
  readonly ref: FieldRef;
}

/** By a name that a failure prints. */
const CASES = new Map<string, Case>(
  TEMPLATES.flatMap((document) => {
    const validation = validateDocument(document);
    return [...validation.nodes].flatMap(([nodeId, { outputs }]) =>
      Object.entries(outputs).flatMap(([port, { schema }]) =>
        schema.fields.map(({ name }): [string, Case] => [
          `${document.name}: ${nodeId}.${port}.${name}`,
          { document, validation, ref: { nodeId, port, field: name } },
        ]),
      ),
    );
  }),
);

/** Diagnostics and shapes of the nodes of `document`, as far as a renaming may not change them. */
function said(document: PipelineDocument, { diagnostics, nodes }: Validation): unknown {
  const ids = new Set<string>(document.nodes.map(({ id }) => id));
  return {
    diagnostics: diagnostics
      // A node that is put behind a port hands on all fields, also those that nothing reads.
      .filter(({ code }) => code !== 'MR1407')
      .map(({ code, severity, nodeId }) => ({ code, severity, nodeId })),
    shapes: [...nodes].filter(([id]) => ids.has(id)).map(([id, { outputs }]) => [id, outputs]),
  };
}

/** The shapes that the plan promises. */
function promised({ validation }: Case, { renamed }: RenamePlan): Validation {
  const nodes = [...validation.nodes].map(([id, node]) => {
    const outputs = Object.entries(node.outputs).map(([port, shape]): [string, StreamShape] => {
      const names = renamed.find((one) => one.nodeId === id && one.port === port)?.names;
      if (names === undefined) return [port, shape];
      const fields = shape.schema.fields.map((one) => ({ ...one, name: names.get(one.name) ?? one.name }));
      return [port, { ...shape, schema: { fields } }];
    });
    return [id, { ...node, outputs: Object.fromEntries(outputs) }] as const;
  });
  return { ...validation, nodes: new Map(nodes) };
}

/** Fields that an operator reads by a name of its own: no other will do. */
const FIXED = new Set(['window_start', 'window_end']);

describe('renaming a field everywhere', () => {
  it('keeps all that validation says, but for the name', () => {
    const names = fc.constantFrom('fresh', 'two words', 'select', 'Ünïcode', "it's");
    const from = fc.constantFrom<RenameFrom>('declaration', 'source', 'here');
    let renamedSomewhere = 0;
    fc.assert(
      fc.property(fc.constantFrom(...CASES.keys()), names, from, (name, to, wanted) => {
        const one = CASES.get(name)!;
        const plan = planRename(one.document, one.validation, one.ref, to, wanted);
        if (plan.refusedBy.length > 0) {
          expect(FIXED).toContain(one.ref.field);
          return;
        }
        const changed = applyRename(
          one.document,
          plan,
          plan.places.filter(({ doubt }) => doubt !== 'unlikely'),
          { inserted: 'Rename', adapter: 'Back' },
        );
        const validation = validateDocument(changed);
        expect(said(one.document, validation)).toEqual(said(one.document, promised(one, plan)));
        if (changed !== one.document) renamedSomewhere++;
      }),
      propertyRuns(40),
    );
    expect(renamedSomewhere).toBeGreaterThan(30);
  });
});
