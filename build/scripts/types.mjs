/** Checks every project's types, two at a time. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { DIST, ROOT } from './build.mjs';

const PROJECTS = ['runtime', 'renderer', 'main', 'runtime/tsconfig.pure.json', 'main/e2e'];
const AT_ONCE = 2;
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc');

function check(project) {
  return new Promise((resolve) => {
    const notes = path.join(DIST, '.types', `${project.replaceAll(/[/.]/g, '-')}.tsbuildinfo`);
    const child = spawn(process.execPath, [TSC, '-p', project, '--incremental', '--tsBuildInfoFile', notes], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    child.on('exit', (code) => {
      if (code !== 0) console.error(`types: ${project} failed`);
      resolve(code === 0);
    });
  });
}

const waiting = [...PROJECTS];
let isFine = true;
async function work() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift())
    isFine = (await check(project)) && isFine;
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
process.exit(isFine ? 0 : 1);
