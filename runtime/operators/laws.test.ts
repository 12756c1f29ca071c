/**
 * Laws 1, 2 and 8 of ARCHITECTURE.md: what an operator says of itself. They run over the whole catalog; an operator cannot opt
 * out. The laws about rows are in laws.property.test.ts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseOf, checkConfig, defaultConfig, type FormField } from '../core/config.ts';
import { DIAGNOSTIC_HELP } from '../core/diagnostic-codes.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { Expansion } from '../core/expansion.ts';
import { operatorFolder } from '../core/operator-folder.ts';
import {
  isComposite,
  type AnyCompositeSpec,
  type AnyOperatorSpec,
  type AnyPrimitiveSpec,
  type InputStream,
  type Ports,
  type Report,
} from '../core/operator.ts';
import type { StreamShape } from '../core/schema.ts';
import { say } from '../core/say.ts';
import { anySchema } from '../testing/arbitraries.ts';
import { catalogComposites, catalogSubjects } from '../testing/catalog-subjects.ts';
import { exampleRun, runComposite } from '../testing/composite-runs.ts';
import { exampleInputs, runExample } from '../testing/docs-example.ts';
import { propertyRuns } from '../testing/property-runs.ts';

const subjects = catalogSubjects();
const composites = catalogComposites();
const all = [...subjects, ...composites];
type RawConfig = Readonly<Record<string, unknown>>;

describe('law 1: the folder is complete', () => {
  it('every folder is in the lists', () => {
    const folders = readdirSync(fileURLToPath(new URL('.', import.meta.url)), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory() && entry.name !== 'shared').map((entry) => entry.name);
    expect(names.sort()).toEqual(all.map(({ type }) => operatorFolder(type)).sort());
  });

  it.each(subjects)('$type: its example gives what it says', async ({ spec, create, example }) => {
    const { output, outputFiles, outputNetwork, printed } = example;
    expect(await runExample(spec, create, example)).toEqual({ output, outputFiles, outputNetwork, printed });
  });

  it.each(composites)('$type: its example gives what it says', async ({ spec, example }) => {
    const lines = await runComposite(exampleRun(spec, example));
    const rows = Object.entries(lines).map(([port, texts]) => [port, texts.map((text) => JSON.parse(text) as unknown)]);
    expect(Object.fromEntries(rows)).toEqual(example.output);
  });

  describe.each(all)('$type', ({ type, spec, folder, docs, example }) => {
    it('has its type, its files and a test', () => {
      expect(spec.type).toBe(type);
      const primitive = isComposite(spec) ? [] : ['runtime.ts', 'export.ts'];
      const missing = ['spec.ts', ...primitive, 'docs.md', 'icon.svg'].filter(
        (name) => !existsSync(`${folder}/${name}`),
      );
      expect(missing).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.endsWith('.test.ts'))).not.toEqual([]);
    });

    it('has an icon that takes the colour of its place', () => {
      const icon = readFileSync(`${folder}/icon.svg`, 'utf8');
      expect(icon).toMatch(/^<svg [^>]*viewBox="0 0 24 24"/);
      expect(icon).toContain('stroke="currentColor"');
    });

    it('has docs with its label and every config field', () => {
      expect(docs.startsWith(`# ${spec.label}\n`)).toBe(true);
      expect(Object.keys(spec.config.fields).filter((key) => !docs.includes(`- \`${key}\`:`))).toEqual([]);
    });

    it('has defaults that pass their own check', () => {
      const checked = checkConfig(spec.config, example.config);
      expect(checked.problems).toEqual([]);
      for (const { path, defaultValue } of optionalFields(spec.config.fields, example.config)) {
        const left = checkConfig(spec.config, without(example.config, path));
        expect(left.problems, `without ${path.join('.')}`).toEqual([]);
        const written = checkConfig(spec.config, withValue(example.config, path, defaultValue));
        expect(written, `default of ${path.join('.')}`).toEqual(left);
      }
    });

    it('has a config to start with that is raw JSON', () => {
      const start = defaultConfig(spec.config.fields);
      expect(JSON.parse(JSON.stringify(start))).toEqual(start);
      checkConfig(spec.config, start);
    });
  });
});

describe('law 2: inference is pure and total', () => {
  describe.each(subjects)('$type', ({ spec, example }) => {
    const inputs = exampleInputs(spec, example);

    it('infers the same twice and changes nothing', () => {
      const config = deepFreeze(checkConfig(spec.config, deepFreeze(example.config)).value);
      const first = infer(spec, config, deepFreeze(inputs));
      expect(first.problems).toEqual([]);
      expect(infer(spec, config, inputs)).toEqual(first);
    });

    it('gives every output port of the example a shape', () => {
      const config = checkConfig(spec.config, example.config).value;
      const { outputs } = infer(spec, config, inputs);
      expect(Object.keys(outputs).sort()).toEqual(
        spec
          .ports(example.config)
          .outputs.map((port) => port.name)
          .sort(),
      );
    });

    it('answers any config and any inputs with diagnostics', () => {
      const trial = fc.record({ config: anyMutation(example.config), inputs: anyInputs(spec, inputs) });
      fc.assert(
        fc.property(trial, ({ config: raw, inputs }) => {
          const ports = spec.ports(raw);
          const names = ports.outputs.map((port) => port.name);
          expect(new Set(names).size, `ports ${names.join()}`).toBe(names.length);
          const { value } = checkConfig(spec.config, raw);
          if (value === null) return;
          const { outputs, problems } = infer(spec, value, inputs);
          for (const problem of problems) {
            expect(Object.keys(DIAGNOSTIC_HELP)).toContain(problem.code);
            expect(problem.message).not.toBe('');
          }
          expect(names).toEqual(expect.arrayContaining(Object.keys(outputs)));
          for (const shape of Object.values(outputs)) expectUniqueNames(shape);
          expect(typeof spec.describe(value, say)).toBe('string');
          spec.traits(value);
          for (const port of ports.inputs) spec.distribution?.(value, port.name);
        }),
        propertyRuns(300),
      );
    });
  });
});

describe('law 2: expansion is pure and total', () => {
  describe.each(composites)('$type', ({ spec, example }) => {
    const inputs = exampleInputs(spec, example);

    it('expands to the same twice and changes nothing', () => {
      const config = deepFreeze(checkConfig(spec.config, deepFreeze(example.config)).value);
      const first = expand(spec, config, deepFreeze(inputs));
      expect(first.problems).toEqual([]);
      expect(expand(spec, config, inputs)).toEqual(first);
    });

    it('answers any config and any inputs with diagnostics, or with operators that hang together', () => {
      const trial = fc.record({ config: anyMutation(example.config), inputs: anyInputs(spec, inputs) });
      fc.assert(
        fc.property(trial, ({ config: raw, inputs }) => {
          const ports = spec.ports(raw);
          const { value } = checkConfig(spec.config, raw);
          if (value === null) return;
          const { expansion, problems } = expand(spec, value, inputs);
          for (const problem of problems) {
            expect(Object.keys(DIAGNOSTIC_HELP)).toContain(problem.code);
            expect(problem.message).not.toBe('');
          }
          expect(typeof spec.describe(value, say)).toBe('string');
          if (expansion !== null) expectSound(expansion, ports);
        }),
        propertyRuns(300),
      );
    });
  });
});

describe('law 8: every config version migrates to the newest', () => {
  it.each(all)('$type', ({ spec }) => {
    const older = Array.from({ length: spec.version - 1 }, (_, i) => String(i + 1));
    expect(spec.version).toBeGreaterThanOrEqual(1);
    expect(Object.keys(spec.migrations ?? {})).toEqual(older);
    for (const migrate of Object.values(spec.migrations ?? {})) expect(migrate(deepFreeze({}))).toBeTypeOf('object');
  });
});

function infer(spec: AnyPrimitiveSpec, config: unknown, inputs: readonly InputStream[]) {
  const problems: Omit<Diagnostic, 'severity'>[] = [];
  const report: Report = (problem) => problems.push(problem);
  return { outputs: spec.infer(config, inputs, report), problems };
}

function expand(spec: AnyCompositeSpec, config: unknown, inputs: readonly InputStream[]) {
  const problems: Omit<Diagnostic, 'severity'>[] = [];
  return { expansion: spec.expand(config, inputs, (problem) => problems.push(problem)), problems };
}

/** Every node is there once, before those that read from it, and every port of the composite leads somewhere. */
function expectSound({ nodes, edges, inputs, outputs }: Expansion, ports: Ports): void {
  const ids = nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
  for (const { from, to } of edges) {
    expect(ids).toContain(from);
    expect(ids.indexOf(to)).toBeGreaterThan(ids.indexOf(from));
  }
  expect(Object.keys(inputs).sort()).toEqual(ports.inputs.map(({ name }) => name).sort());
  expect(Object.keys(outputs).sort()).toEqual(ports.outputs.map(({ name }) => name).sort());
  for (const { node } of [...Object.values(inputs).flat(), ...Object.values(outputs)]) expect(ids).toContain(node);
}

function expectUniqueNames({ schema }: StreamShape): void {
  const names = schema.fields.map((field) => field.name);
  expect(new Set(names).size, names.join()).toBe(names.length);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

interface OptionalField {
  readonly path: readonly (string | number)[];
  readonly defaultValue: unknown;
}

/** Every place of `raw`, written or left out, whose field may be left out. */
function optionalFields(
  fields: Readonly<Record<string, FormField>>,
  raw: unknown,
  path: readonly (string | number)[] = [],
): OptionalField[] {
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(fields).flatMap(([key, form]) => {
    const here = [...path, key];
    const own = form.optional ? [{ path: here, defaultValue: form.defaultValue }] : [];
    return [...own, ...optionalInside(form, (raw as RawConfig)[key], here)];
  });
}

function optionalInside(form: FormField, value: unknown, path: readonly (string | number)[]): OptionalField[] {
  switch (form.widget) {
    case 'list':
      return Array.isArray(value) ? value.flatMap((item, i) => optionalInside(form.item, item, [...path, i])) : [];
    case 'object':
      return optionalFields(form.fields, value, path);
    case 'variant': {
      const tag = typeof value === 'object' && value !== null ? caseOf(form, value as RawConfig) : '';
      return optionalFields(form.cases[tag]?.fields ?? {}, value, path);
    }
    default:
      return [];
  }
}

function without(raw: unknown, path: readonly (string | number)[]): unknown {
  return edit(raw, path, (parent, key) => delete parent[key]);
}

function withValue(raw: unknown, path: readonly (string | number)[], value: unknown): unknown {
  return edit(raw, path, (parent, key) => (parent[key] = value));
}

function edit(
  raw: unknown,
  path: readonly (string | number)[],
  change: (parent: Record<string, unknown>, key: string) => void,
) {
  const copy = structuredClone(raw);
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
  change(parent as Record<string, unknown>, String(path.at(-1)));
  return copy;
}

/** The config with one to three of its parts taken out or replaced by something else. */
function anyMutation(config: RawConfig): Arbitrary<RawConfig> {
  const paths = pathsOf(config);
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      '',
      '(',
      'nosuch',
      'a +',
      "'",
      '1 = 1',
      'NULL',
      'ROW',
      '5 seconds',
      0,
      -1,
      1e9,
      null,
      [],
      {},
      true,
    ),
    fc.string(),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const change = fc.record({ path: fc.constantFrom(...paths, ['extra']), value: fc.option(junk, { nil: undefined }) });
  const mutated = fc.array(change, { maxLength: 3 }).map((changes) => {
    let raw: unknown = config;
    for (const { path, value } of changes) {
      if (reaches(raw, path)) raw = value === undefined ? without(raw, path) : withValue(raw, path, value);
    }
    return raw as RawConfig;
  });
  return fc.oneof(
    { weight: 9, arbitrary: mutated },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(config), 'extra'), junk) },
  );
}

function pathsOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return keys.flatMap((key) => [[...path, key], ...pathsOf((value as RawConfig)[key], [...path, key])]);
}

/** Whether an earlier change has left the parent of `path` standing. */
function reaches(raw: unknown, path: readonly (string | number)[]): boolean {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as RawConfig | null | undefined)?.[key], raw);
  return typeof parent === 'object' && parent !== null;
}

/** The example's inputs, other schemas, no edge, or one too many. */
function anyInputs(spec: AnyOperatorSpec, inputs: readonly InputStream[]): Arbitrary<readonly InputStream[]> {
  const port = fc.constantFrom(...inputs.map((input) => input.port), 'in');
  const shape: Arbitrary<StreamShape> = fc.record({
    schema: anySchema(),
    eventTime: fc.boolean(),
    changelog: fc.constantFrom('append', 'update'),
    bounded: fc.boolean(),
  });
  const other = fc.array(fc.record({ port, shape }), { maxLength: 3 });
  if (spec.category === 'source') return fc.constant([]);
  return fc.oneof({ weight: 2, arbitrary: fc.constant(inputs) }, { weight: 1, arbitrary: other });
}
