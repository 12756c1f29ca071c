/** The import rules do catch what they are there for. */
import path from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
let eslint: ESLint;
beforeAll(() => {
  eslint = new ESLint({ cwd: root });
});

async function rulesBroken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: path.join(root, file) });
  return result!.messages.flatMap((m) => m.ruleId ?? []);
}

const ZONE = 'import-x/no-restricted-paths';
const IMPORT = 'no-restricted-imports';

describe('the boundaries', () => {
  it.each([
    ['runtime/core/planted.ts', "export { parseDocument } from '../graph/index.ts';", ZONE],
    ['runtime/expression/planted.ts', "export { parseDocument } from '../graph/index.ts';", ZONE],
    ['runtime/operators/filter/planted.ts', "export { projectSpec } from '../project/spec.ts';", ZONE],
    ['runtime/operators/filter/planted.ts', "export { Task } from '../../engine/task/task.ts';", ZONE],
    ['runtime/compiler/planted.ts', "export { runtimes } from '../operators/runtimes.ts';", ZONE],
    ['runtime/compiler/planted.ts', "export { filterSpec } from '../operators/filter/spec.ts';", ZONE],
    ['runtime/exporters/planted.ts', "export { filterExport } from '../operators/filter/export.ts';", ZONE],
    ['runtime/operators/filter/export.ts', "export { projectExport } from '../project/export.ts';", ZONE],
    ['runtime/engine/planted.ts', "export { catalog } from '../operators/catalog.ts';", ZONE],
    ['runtime/engine/planted.ts', "export { parseDocument } from '../graph/index.ts';", ZONE],
    ['runtime/protocol/planted.ts', "export { Task } from '../engine/task/task.ts';", ZONE],
    ['renderer/canvas/planted.ts', "export { JobManager } from '../../runtime/engine/job/job-manager.ts';", ZONE],
    ['main/services/planted.ts', "export { runtimes } from '../../runtime/operators/runtimes.ts';", ZONE],
    ['runtime/graph/planted.ts', "export { readFileSync } from 'node:fs';", IMPORT],
    ['runtime/operators/filter/spec.ts', "export { readFileSync } from 'node:fs';", IMPORT],
    ['renderer/canvas/planted.ts', "export { readFileSync } from 'node:fs';", IMPORT],
    ['runtime/cli/planted.ts', "export { useState } from 'react';", IMPORT],
    ['main/services/planted.ts', "export { app } from 'electron';", IMPORT],
    ['runtime/engine/planted.ts', 'export const at = Date.now();', 'no-restricted-properties'],
    ['runtime/operators/filter/runtime.ts', 'export const later = setTimeout;', 'no-restricted-globals'],
    ['runtime/core/planted.ts', 'export default 1;', 'no-restricted-syntax'],
  ])('%s may not: %s', async (file, code, rule) => {
    expect(await rulesBroken(file, code)).toContain(rule);
  });

  it.each([
    ['runtime/operators/filter/planted.ts', "export { ROW_WISE } from '../../core/operator.ts';"],
    ['runtime/engine/planted.ts', "export { runtimes } from '../operators/runtimes.ts';"],
    ['renderer/canvas/planted.ts', "export { validateDocument } from '../../runtime/compiler/validate.ts';"],
    ['main/desktop/planted.ts', "export { app } from 'electron';"],
  ])('%s may: %s', async (file, code) => {
    expect(await rulesBroken(file, code)).toEqual([]);
  });
});
