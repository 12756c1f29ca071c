/** Java and the Hadoop jars that tests run an HDFS with. Fetched once, by Maven, into a cache outside the repository. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POM = path.join(import.meta.dirname, 'pom.xml');
const CACHE = process.env.MILLRACE_CACHE ?? path.join(homedir(), '.cache/millrace');
const MIN_JAVA = 17;
/** Named, so that Maven does not look for the newest. */
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';

/** For 90 MB over a slow line. */
const FETCH_MS = 300_000;

export interface Hadoop {
  readonly java: string;
  /** For `-cp`. */
  readonly classPath: string;
}

/** What is needed is not on this machine and cannot be fetched. */
export class HadoopMissing extends Error {}

/** The first time, 90 MB are fetched. Rejects with `HadoopMissing`. */
export async function findHadoop(): Promise<Hadoop> {
  const java = await findJava();
  const folder = path.join(CACHE, `mini-hdfs-${await digest(POM)}`);
  if (!existsSync(folder)) await fetchJars(folder);
  return { java, classPath: path.join(folder, '*') };
}

async function findJava(): Promise<string> {
  const home = process.env.JAVA_HOME;
  const java = home === undefined ? 'java' : path.join(home, 'bin/java');
  const { stderr } = await run(java, ['-version']).catch((cause: unknown) => {
    throw new HadoopMissing(`Java ${MIN_JAVA} or later is needed, and ${java} does not run.`, { cause });
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (!(version >= MIN_JAVA))
    throw new HadoopMissing(`Java ${MIN_JAVA} or later is needed; this is ${stderr.split('\n')[0]}.`);
  return java;
}

/** Elsewhere first, so that a folder with the right name is complete. */
async function fetchJars(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const staging = await mkdtemp(path.join(CACHE, 'fetching-'));
  const goal = ['-B', '-q', '-f', POM, `${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime'];
  try {
    await run('mvn', [...goal, `-DoutputDirectory=${staging}`], { timeout: FETCH_MS }).catch((cause: unknown) => {
      throw new HadoopMissing(`Maven cannot fetch Hadoop: ${firstLines(cause)}`, { cause });
    });
    await rename(staging, folder).catch((cause: NodeJS.ErrnoException) => {
      // Another run was quicker.
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 12);
}

function firstLines(cause: unknown): string {
  const { stdout, message } = cause as { stdout?: string; message: string };
  return (stdout === undefined || stdout === '' ? message : stdout).split('\n').slice(0, 3).join(' ');
}
