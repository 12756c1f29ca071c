/** `npm test`: types and lint side by side, then unit, then end to end, then a few cases on the real engines. All stages run even when one fails; the last line sums up the tests. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './build.mjs';

const reports = mkdtempSync(path.join(tmpdir(), 'millrace-test-'));
const unitReport = path.join(reports, 'unit.json');
const e2eReport = path.join(reports, 'e2e.json');

const STAGES = [
  { name: 'types', script: ['types'] },
  { name: 'lint', script: ['lint'] },
  { name: 'unit', script: ['unit', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`] },
  { name: 'e2e', script: ['e2e', '--', '--reporter=list,json'] },
  { name: 'engines', script: ['verify:engines', '--', '--quick'] },
];

/** What a stage of two at a time prints is shown when it has ended. */
function run({ name, script }, isAlone = true) {
  const startedAt = performance.now();
  if (isAlone) console.log(`\n── ${name} ──`);
  const child = spawn('npm', ['run', '--silent', ...script], {
    cwd: ROOT,
    stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    // Engines that an empty cache lacks are fetched for two minutes each at most, and else left out.
    env: { MILLRACE_FETCH_SECONDS: '120', ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport },
    shell: process.platform === 'win32',
  });
  const printed = [];
  child.stdout?.on('data', (chunk) => printed.push(chunk));
  child.stderr?.on('data', (chunk) => printed.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      if (!isAlone) process.stdout.write(`\n── ${name} ──\n${Buffer.concat(printed).toString()}`);
      resolve({ name, isFine: status === 0, seconds: (performance.now() - startedAt) / 1000 });
    });
  });
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    // The stage failed before its first test.
    return {};
  }
}

const [types, lint, ...tests] = STAGES;
const results = await Promise.all([run(types, false), run(lint, false)]);
for (const stage of tests) results.push(await run(stage));
const unit = read(unitReport);
const e2e = read(e2eReport).stats ?? {};
rmSync(reports, { recursive: true });

const passed = (unit.numPassedTests ?? 0) + (e2e.expected ?? 0) + (e2e.flaky ?? 0);
/** Files that could not even be loaded hold no test that could have failed. */
const brokenFiles = (unit.testResults ?? []).filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const failed = (unit.numFailedTests ?? 0) + brokenFiles.length + (e2e.unexpected ?? 0);
console.log('');
for (const { name, isFine, seconds } of results)
  console.log(`${name.padEnd(7)} ${isFine ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(results.every((result) => result.isFine) ? 0 : 1);
