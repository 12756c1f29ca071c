/** Checkpoints that were cut off or changed: refused by their checksums, and the one before is used. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestFolder } from '../../testing/whole-job.ts';
import { CheckpointStorage } from '../checkpoint/storage.ts';
import { expected, failingJob, prepareFaultyWorker, resultIn } from '../../testing/failing-job.ts';

const folder = new TestFolder();
beforeAll(prepareFaultyWorker, 60_000);

const DAMAGES: readonly (readonly [string, (location: string) => void])[] = [
  ['a state file with a flipped bit', (location) => flip(stateFileIn(location))],
  ['a state file that is torn', (location) => tear(stateFileIn(location))],
  ['a _metadata with a flipped bit', (location) => flip(path.join(location, '_metadata'))],
  ['a _metadata that is torn', (location) => tear(path.join(location, '_metadata'))],
];

describe('a checkpoint', () => {
  it.each(DAMAGES)('with %s: the one before it is used, said so, correct result', async (_what, damage) => {
    const storage = await stopped();
    damage(storage.locationOf((await storage.list())[0]!));
    const second = failingJob(folder.path, [], { resume: true, again: true, fast: true });
    await second.job.start();
    expect((await second.job.ended).state).toBe('FINISHED');
    const message = expect.stringMatching(/is damaged: .* The one before it is used\.$/) as string;
    expect(second.events).toContainEqual(
      expect.objectContaining({ type: 'log', record: expect.objectContaining({ level: 'warn', message }) as object }),
    );
    expect(resultIn(folder.path)).toEqual(expected);
  });

  it('of which none is whole: FAILED, nothing is taken for a fresh start', async () => {
    const storage = await stopped();
    for (const id of await storage.list()) tear(stateFileIn(storage.locationOf(id)));
    const { job } = failingJob(folder.path, [], { resume: true, again: true });
    await expect(job.start()).rejects.toMatchObject({ code: 'MR2202' });
    expect((await job.ended).state).toBe('FAILED');
  });
});

/** A job cancelled after two checkpoints. */
async function stopped(): Promise<CheckpointStorage> {
  const first = failingJob(folder.path, []);
  await first.job.start();
  await first.waitFor((e) => e.type === 'checkpoint' && e.checkpoint.status === 'completed' && e.checkpoint.id >= 2);
  await first.job.cancel();
  return new CheckpointStorage(folder.within('state'));
}

function stateFileIn(location: string): string {
  return path.join(
    location,
    readdirSync(location).find((name) => name.endsWith('.state'))!,
  );
}

/** Of the last byte of text or state. */
function flip(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 2]! ^= 1;
  writeFileSync(file, bytes);
}

function tear(file: string): void {
  truncateSync(file, Math.floor(readFileSync(file).length / 2));
}
