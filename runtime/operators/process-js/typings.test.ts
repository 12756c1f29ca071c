/** What the editor knows of the code: as the TypeScript compiler takes it. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { codeTypings } from './typings.ts';

const INPUT = shape(
  'user STRING NOT NULL, n BIGINT, price DECIMAL(10, 2), day DATE, tags ARRAY<STRING>, o MAP<STRING, INT>, r ROW<p INT, q STRING>, `a "name"` INT, ts TIMESTAMP NOT NULL',
);
const CONFIG = {
  keys: ['user'],
  outputSchema: [
    { name: 'user', type: 'STRING', nullable: false },
    { name: 'total', type: 'DECIMAL(12,2)' },
    { name: 'at', type: 'TIMESTAMP' },
  ],
  sideOutputs: [{ port: 'odd', schema: [{ name: 'n', type: 'BIGINT' }] }],
  state: [
    { name: 'sum', kind: 'value', type: 'DECIMAL(12,2)' },
    { name: 'seen', kind: 'list', type: 'TIMESTAMP' },
    { name: 'by', kind: 'map' },
  ],
};

const OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: true,
  strict: true,
  noImplicitAny: false,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  types: [],
};

/** Diagnostics of code under the typings, as `line: message`; of the typings themselves with their name. */
function problemsOf(code: string, typings = codeTypings(CONFIG, [INPUT])): string[] {
  const host = ts.createCompilerHost(OPTIONS);
  const files = new Map([
    ['/code.js', code],
    ['/typings.d.ts', typings],
  ]);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, version) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, version) : ts.createSourceFile(name, text, version);
  };
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    const where = file?.fileName === '/code.js' ? '' : `${file?.fileName ?? ''} `;
    return `${where}${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

const onRow = (...lines: string[]): string =>
  ['/** @type {OnRow} */', 'export function onRow(row, ctx) {', ...lines, '}'].join('\n');

describe('typings', () => {
  it('say what there is', () => {
    expect(codeTypings(CONFIG, [INPUT])).toMatchSnapshot();
  });

  it('take code that fits', () => {
    const code = `${onRow(
      "const sum = ctx.state.value('sum');",
      "sum.set(String(Number(sum.get() ?? '0') + Number(row.price)));",
      "ctx.state.list('seen').add(new Date());",
      "ctx.state.map('by').set(ctx.key, { ...row.toObject(), n: row.n, r: row.r?.q ?? null, tags: row.tags?.length ?? 0, o: row.o });",
      'ctx.timers.event(row.ts + 1000);',
      'ctx.emit({ user: row.user, at: new Date(row.ts) }, { at: row.ts });',
      "ctx.emit('odd', { n: row.n });",
      `ctx.log(row['a "name"'], ctx.key.length, Math.max(...ctx.state.list('seen').get()));`,
    )}
/** @type {OnTimer} */
export const onTimer = (at, { emit, state, key, timeDomain }) => {
  if (timeDomain === 'event') emit({ user: key, total: state.value('sum').get() ?? null });
};
/** @type {OnEnd} */
export function onEnd(ctx) { console.log(ctx.watermark); }`;
    expect(problemsOf(code)).toEqual([]);
  });

  it.each([
    ['row.nosuch;', "Property 'nosuch' does not exist on type 'InputRow'."],
    ['row.user = "x";', "Cannot assign to 'user' because it is a read-only property."],
    ['row.n.toString();', "'row.n' is possibly 'null'."],
    ["ctx.state.value('nosuch');", `Argument of type '"nosuch"' is not assignable to parameter of type '"sum"'.`],
    [
      "ctx.state.list('seen').add('x');",
      "Argument of type 'string' is not assignable to parameter of type 'number | Date'.",
    ],
    ['fetch("x");', "Cannot find name 'fetch'."],
    ['setTimeout(() => {});', "Cannot find name 'setTimeout'."],
  ])('find what does not: %s', (line, message) => {
    expect(problemsOf(onRow(line))).toEqual([`3: ${message}`]);
  });

  it('find rows that do not fit their schema', () => {
    const problems = problemsOf(
      onRow('ctx.emit({ user: 5 });', 'ctx.emit({ user: row.user, totl: 1 });', 'ctx.emit("x", {});'),
    );
    expect(problems).toHaveLength(3);
    expect(problems[0]).toContain("Type 'number' is not assignable to type 'string'");
    expect(problems[1]).toContain("'totl' does not exist in type 'OutputRow'");
    expect(problems[2]).toContain(`'"x"' is not assignable`);
  });

  it.each([
    [{}, []],
    [
      { keys: 5, outputSchema: [{ name: 'a' }, null, { name: 'b', type: 'NOSUCH' }], state: 'x', sideOutputs: [{}] },
      [INPUT],
    ],
    [
      {
        keys: ['nosuch', 'user'],
        outputSchema: [
          { name: 'a*/b', type: 'INT' },
          { name: 'a*/b', type: 'INT' },
        ],
        state: [{ name: 'x' }],
      },
      [INPUT],
    ],
  ] as const)('are declarations whatever the config: %j', (config, inputs) => {
    expect(problemsOf('export function onRow() {}', codeTypings(config, inputs))).toEqual([]);
  });
});
