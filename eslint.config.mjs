// Who may import whom (runtime/ARCHITECTURE.md), and a few habits. Every rule is an error; an exception is one line, with its reason.
import { readdirSync } from 'node:fs';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const SOURCES = ['main/**/*.ts', 'renderer/**/*.{ts,tsx}', 'runtime/**/*.ts', 'templates/**/*.ts', 'build/**/*.ts'];
const TESTS = [
  '**/*.test.{ts,tsx}',
  '**/*.bench.ts',
  'runtime/testing/**',
  'runtime/bench/**',
  'runtime/exporters/conformance/**',
  'main/e2e/**',
  'build/**',
  'templates/**',
];

const operators = readdirSync('runtime/operators', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map((entry) => entry.name);

/** Files under `target` may import, of everything under `from`, only `allow`. */
const only = (target, from, allow, message) => ({ target, from, except: allow, message });

const zones = [
  only('./runtime', './main', [], 'runtime/ does not know the app.'),
  only('./runtime', './renderer', [], 'runtime/ does not know the app.'),
  only('./main', './renderer', [], 'main/ and renderer/ meet only in runtime/protocol.'),
  only('./renderer', './main', [], 'main/ and renderer/ meet only in runtime/protocol.'),

  only('./runtime/core', './runtime', ['./core'], 'core/ is the bottom layer.'),
  only('./runtime/expression', './runtime', ['./expression', './core'], 'expression/ may use core/.'),
  only('./runtime/graph', './runtime', ['./graph', './core', './expression'], 'graph/ may use core/ and expression/.'),
  only('./runtime/formats', './runtime', ['./formats', './core'], 'formats/ may use core/.'),
  only(
    './runtime/compiler',
    './runtime',
    ['./compiler', './core', './expression', './graph', './formats/json-value.ts', './operators/catalog.ts'],
    'compiler/ sees operators through catalog.ts: ask a trait, not a type.',
  ),
  only(
    './runtime/exporters',
    './runtime',
    [
      './exporters',
      './core',
      './expression',
      './graph',
      './compiler/validate.ts',
      './operators/catalog.ts',
      './operators/exporters.ts',
      './operators/shared/flink-sql',
      './operators/shared/spark',
      './operators/shared/storm',
    ],
    'exporters/ see operators through catalog.ts and exporters.ts.',
  ),
  only(
    './runtime/importers',
    './runtime',
    [
      './importers',
      './core',
      './expression',
      './graph',
      './compiler/validate.ts',
      './exporters',
      './operators/catalog.ts',
      './operators/importers.ts',
    ],
    'importers/ see operators through catalog.ts and importers.ts.',
  ),
  only(
    './runtime/engine',
    './runtime',
    [
      './engine',
      './core',
      './protocol',
      './formats',
      './compiler/physical-plan.ts',
      './graph/settings.ts',
      './operators/runtimes.ts',
    ],
    'engine/ runs a physical plan; it sees operators through runtimes.ts.',
  ),
  only(
    './runtime/comparison',
    './runtime',
    [
      './comparison',
      './core',
      './expression',
      './graph',
      './compiler',
      './engine',
      './exporters',
      './protocol',
      './test-runner',
      './operators/shared/spark',
      './operators/shared/storm',
    ],
    'comparison/ runs documents here and their exports on real engines: ask a trait, not a type.',
  ),
  only(
    './runtime/dispatcher',
    './runtime',
    [
      './dispatcher',
      './comparison',
      './core',
      './graph',
      './compiler',
      './debug',
      './engine',
      './exporters',
      './protocol',
      './test-runner',
    ],
    'dispatcher/ joins compiler, engine, debugger and exporters.',
  ),
  only(
    './runtime/debug',
    './runtime',
    [
      './debug',
      './core',
      './expression',
      './formats',
      './graph',
      './compiler',
      './engine',
      './protocol',
      './operators/catalog.ts',
      './operators/runtimes.ts',
    ],
    'debug/ runs documents step by step: ask a trait, not a type.',
  ),
  only(
    './runtime/test-runner',
    './runtime',
    [
      './test-runner',
      './core',
      './formats',
      './graph',
      './compiler',
      './engine',
      './protocol',
      './operators/shared/event-time.ts',
    ],
    'test-runner/ runs test cases over compiler and engine; it holds no rules of operators.',
  ),
  only(
    './runtime/protocol',
    './runtime',
    ['./protocol', './core', './compiler/physical-plan.ts'],
    'protocol/ holds what crosses a process or a thread.',
  ),
  only(
    './runtime/diagnosis',
    './runtime',
    ['./diagnosis', './core', './protocol', './graph', './compiler/validator.ts'],
    'diagnosis/ explains a job from its document and its reports: ask a trait, not a type.',
  ),
  ...operators.map((name) =>
    only(
      `./runtime/operators/${name}`,
      './runtime',
      ['./core', './expression', './formats', './operators/shared', `./operators/${name}`],
      'an operator uses core/, expression/, formats/ and operators/shared; never a sibling, never a layer above.',
    ),
  ),
  only(
    './runtime/operators/shared',
    './runtime',
    ['./core', './expression', './formats', './operators/shared'],
    'operators/shared uses what operators may use.',
  ),

  only(
    './renderer',
    './runtime',
    [
      './core',
      './expression',
      './graph',
      './protocol',
      './diagnosis',
      './formats/infer-schema.ts',
      './formats/parquet/infer-parquet-schema.ts',
      './operators/catalog.ts',
      './compiler/validate.ts',
      './compiler/explain.ts',
      './compiler/pipeline-schema.ts',
      './compiler/rename/plan-rename.ts',
      './exporters/export-document.ts',
      './exporters/loss-report.ts',
      './exporters/region-sql.ts',
      './exporters/target.ts',
      './exporters/targets.ts',
      './importers/flink-sql/import-script.ts',
    ],
    'renderer/ uses models, contracts, the catalog, validate, explain and exporters; the engine is reached through protocol/.',
  ),
  only(
    './main',
    './runtime',
    ['./core', './graph', './protocol', './dispatcher'],
    'main/ starts the engine through the dispatcher; it holds no rules.',
  ),
];

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' };
const PLAIN_TEXT = '/^(TemplateLiteral|Literal)$/';
const UNSAID =
  'Mark what a user reads: say`…` (core/say.ts), and give its Chinese in renderer/app/i18n/said.zh-CN.json.';
/** Sentences that would stay English in the app. A literal without a blank is a name. */
const unsaid = [
  `NewExpression[callee.name="StreamError"][arguments.1.type=${PLAIN_TEXT}]`,
  `CallExpression[callee.name="codedError"][arguments.1.type=${PLAIN_TEXT}]`,
  `CallExpression[callee.property.type="PrivateIdentifier"][callee.property.name="log"][arguments.1.type=${PLAIN_TEXT}]`,
  'Property[key.name=/^(message|remedy)$/][value.type="TemplateLiteral"]',
  'Property[key.name=/^(message|remedy)$/][value.type="Literal"][value.value=/ /]',
].map((selector) => ({ selector, message: UNSAID }));

const noElectron = { name: 'electron', message: 'Only main/desktop may use Electron.' };
const noUi = {
  group: ['react', 'react-dom', 'react/*', '@xyflow/*', 'zustand', 'zustand/*', 'monaco-editor', 'monaco-editor/*'],
  message: 'UI libraries belong to renderer/.',
};
const noNode = {
  group: ['node:*', 'fs', 'path', 'worker_threads'],
  message: 'This file also runs in the renderer: no Node built-ins.',
};

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  {
    files: SOURCES,
    extends: [tseslint.configs.recommended],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver': { typescript: { project: './runtime/tsconfig.json' } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'no-restricted-syntax': ['error', namedExports],
      eqeqeq: 'error',
    },
  },
  { files: SOURCES, ignores: TESTS, rules: { 'import-x/no-restricted-paths': ['error', { zones }] } },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },

  // A later block replaces an earlier one for the same rule, so each block below is complete in itself.
  {
    files: ['renderer/**'],
    ignores: TESTS,
    rules: { 'no-restricted-imports': ['error', { paths: [noElectron], patterns: [noNode] }] },
  },
  {
    files: ['main/**'],
    ignores: ['main/desktop/**', ...TESTS],
    rules: { 'no-restricted-imports': ['error', { paths: [noElectron], patterns: [noUi] }] },
  },
  {
    files: ['runtime/**'],
    ignores: TESTS,
    rules: { 'no-restricted-imports': ['error', { paths: [noElectron], patterns: [noUi] }] },
  },
  {
    files: [
      'runtime/{core,expression,graph,protocol,compiler,diagnosis,exporters,importers}/**',
      'runtime/operators/*/{spec,export,import}.ts',
      'runtime/operators/{catalog,exporters,importers}.ts',
    ],
    ignores: TESTS,
    rules: { 'no-restricted-imports': ['error', { paths: [noElectron], patterns: [noUi, noNode] }] },
  },
  {
    files: ['runtime/{operators,engine}/**'],
    ignores: TESTS,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Use context.clock: runs must be repeatable.' },
        { object: 'Math', property: 'random', message: 'Use context.random: runs must be repeatable.' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: 'Use context.setTimer.' },
        { name: 'setInterval', message: 'Use context.setTimer.' },
      ],
    },
  },
  {
    files: ['runtime/**/*.ts', 'main/services/**/*.ts'],
    ignores: [...TESTS, 'runtime/simulation/**', 'runtime/cli/**', 'runtime/compiler/fake-catalog.ts'],
    rules: { 'no-restricted-syntax': ['error', namedExports, ...unsaid] },
  },
  // Configuration files of tools are read through their default export.
  { files: ['*.config.ts', 'build/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
