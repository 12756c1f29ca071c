/**
 * Writes the folder of a new operator and enters it in the lists: `npm run new:operator -- my.op`.
 * What it writes is a working operator that hands its rows on; go on from there.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const TYPE_PATTERN = /^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/;

/**
 * @param {string} root folder of the repository
 * @param {string} type such as `join.nearest`
 * @returns {Promise<string[]>} the files written, relative to `root`; rejects with a message for the user
 */
export async function newOperator(root, type) {
  if (!TYPE_PATTERN.test(type)) {
    throw new Error(
      `"${type}" is no operator type: write words such as rateLimit, joined by dots, such as join.nearest`,
    );
  }
  const names = namesOf(type);
  const operators = join('runtime', 'operators');
  const folder = join(operators, names.folder);
  if (existsSync(join(root, folder))) throw new Error(`${folder} is there already`);
  const files = await Promise.all(
    Object.entries(templates(names)).map(async ([name, text]) => [join(folder, name), await formatted(name, text)]),
  );
  const lists = [
    ['catalog.ts', { path: `./${names.folder}/spec.ts`, imported: `${names.camel}Spec` }],
    ['exporters.ts', { path: `./${names.folder}/export.ts`, imported: `${names.camel}Export` }],
    ['runtimes.ts', { path: `./${names.folder}/runtime.ts`, imported: `create${names.pascal}` }],
  ].map(([name, entry]) => {
    const path = join(operators, name);
    return [path, enter(readFileSync(join(root, path), 'utf8'), type, entry)];
  });
  mkdirSync(join(root, folder), { recursive: true });
  for (const [path, text] of [...files, ...lists]) writeFileSync(join(root, path), text);
  return [...files, ...lists].map(([path]) => path);
}

/** Where lines break depends on how long the name is. */
async function formatted(name, text) {
  if (!name.endsWith('.ts')) return text;
  const options = await resolveConfig(fileURLToPath(import.meta.url));
  return format(text, { ...options, filepath: name });
}

function namesOf(type) {
  const words = type.split(/\.|(?=[A-Z])/).map((word) => word.toLowerCase());
  const pascal = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return {
    type,
    // As `operatorFolder` in runtime/core.
    folder: words.join('-'),
    pascal,
    camel: pascal[0].toLowerCase() + pascal.slice(1),
    label: [words[0][0].toUpperCase() + words[0].slice(1), ...words.slice(1)].join(' '),
  };
}

/** The list with one more import and one more entry, each in alphabetical order. */
function enter(list, type, { path, imported }) {
  const key = type.includes('.') ? `'${type}'` : type;
  const withImport = insertSorted(
    list,
    /^import .* from '(\.\/[^']+)';$/,
    path,
    `import { ${imported} } from '${path}';`,
  );
  return insertSorted(withImport, /^ {2}'?([a-zA-Z0-9.]+)'?: \w+,$/, type, `  ${key}: ${imported},`);
}

/** Inserts `line` before the first line whose captured text is greater than `text`, or after the last that matches. */
function insertSorted(list, pattern, text, line) {
  const lines = list.split('\n');
  const matches = lines.flatMap((each, index) => {
    const match = pattern.exec(each);
    return match === null ? [] : [{ index, text: match[1] }];
  });
  const after = matches.find((each) => each.text > text)?.index;
  const at = after ?? (matches.at(-1)?.index ?? -1) + 1;
  return lines.toSpliced(at, 0, line).join('\n');
}

function templates({ type, folder, pascal, camel, label }) {
  return {
    'spec.ts': `import { c, configSpec, type ConfigOf } from '../../core/config.ts';
import { ROW_WISE, type OperatorSpec } from '../../core/operator.ts';

const config = configSpec({
  enabled: c.withDefault(c.flag({ label: 'Enabled', help: 'Whether rows pass.' }), true),
});
export type ${pascal}Config = ConfigOf<typeof config>;

export const ${camel}Spec: OperatorSpec<${pascal}Config> = {
  type: '${type}',
  version: 1,
  label: '${label}',
  summary: 'Hands its rows on.',
  category: 'transform',
  config,
  ports: () => ({
    inputs: [{ name: 'in', label: 'Input' }],
    outputs: [{ name: 'out', label: 'Output' }],
  }),
  traits: () => ROW_WISE,
  infer(_config, [input]) {
    return input === undefined ? {} : { out: input.shape };
  },
  describe: (config) => (config.enabled ? '' : 'off'),
};
`,
    'runtime.ts': `import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import type { ${pascal}Config } from './spec.ts';

export const create${pascal}: OperatorFactory<${pascal}Config> = (plan, context) => new ${pascal}Operator(plan, context);

class ${pascal}Operator implements Operator {
  readonly #isEnabled: boolean;
  readonly #out: Output;

  constructor(plan: OperatorPlan<${pascal}Config>, context: OperatorContext) {
    this.#isEnabled = plan.config.enabled;
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    if (this.#isEnabled) this.#out.emit(batch);
  }
}
`,
    'export.ts': `import type { Exporter } from '../../core/exporter.ts';
import type { ${pascal}Config } from './spec.ts';

export const ${camel}Export: Exporter<${pascal}Config> = {
  flink: () => ({ unsupported: 'has no SQL yet' }),
  spark: () => ({ unsupported: 'has nothing in Spark yet' }),
};
`,
    'docs.md': `# ${label}

Hands its rows on.

## Config

- \`enabled\`: whether rows pass. Default: yes.

## Example

\`\`\`json example
{
  "config": { "enabled": true },
  "inputs": [{ "fields": ["user STRING", "ts TIMESTAMP"], "eventTime": "ts" }],
  "steps": [{ "input": 0, "rows": [["ada", "2026-01-01T00:00:01Z"]] }, { "end": true }],
  "output": { "out": [{ "user": "ada", "ts": "2026-01-01T00:00:01.000Z" }] }
}
\`\`\`
`,
    'icon.svg': `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">
  <path d="M3 12h18"/>
  <path d="m16 7 5 5-5 5"/>
</svg>
`,
    [`${folder}.test.ts`]: `import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness } from '../../testing/operator-harness.ts';
import { create${pascal} } from './runtime.ts';
import { ${camel}Spec } from './spec.ts';

function harness(config: Record<string, unknown>) {
  return createHarness({ spec: ${camel}Spec, create: create${pascal}, config, inputs: [shape('user STRING')] });
}

describe('${type}', () => {
  it('hands its rows on', async () => {
    const operator = await harness({});
    operator.push(0, [['ada'], ['grace']]);
    expect(operator.rows()).toEqual([['ada'], ['grace']]);
  });

  it('drops them when it is not enabled', async () => {
    const operator = await harness({ enabled: false });
    operator.push(0, [['ada']]);
    expect(operator.rows()).toEqual([]);
  });
});
`,
  };
}

async function main([type]) {
  if (type === undefined || type.startsWith('-')) {
    stderr.write('Usage: npm run new:operator -- TYPE, where TYPE is such as join.nearest\n');
    exit(2);
  }
  try {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    stdout.write(`${(await newOperator(root, type)).join('\n')}\n`);
  } catch (error) {
    stderr.write(`${error.message}\n`);
    exit(1);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await main(argv.slice(2));
