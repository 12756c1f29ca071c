/** Java, and jars that Maven fetches once into a cache outside the repository. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Java or jars are not on this machine and cannot be fetched. */
export class JavaMissing extends Error {}

const MIN_JAVA = 17;
/** Named, so that Maven does not look for the newest. */
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';
/** Of `get`, a version that does without the POMs above an artifact's. */
const ALONE_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.8';
/** For 150 MB over a slow line. */
const FETCH_SECONDS = 600;

/** How long a download may take, in ms: `usual` seconds, unless the environment says otherwise, as CI does. */
export function fetchPatience(usual: number): number {
  return Number(process.env.MILLRACE_FETCH_SECONDS ?? usual) * 1000;
}

/** The folder for what is fetched: `MILLRACE_CACHE`, or `millrace` in the user's cache. */
export function cacheFolder(): string {
  const { MILLRACE_CACHE, XDG_CACHE_HOME } = process.env;
  return MILLRACE_CACHE ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'millrace');
}

export function javaHome(): string | null {
  return process.env.JAVA_HOME ?? null;
}

/** Path of `java`. Rejects with `JavaMissing`. */
export async function findJava(): Promise<string> {
  const home = javaHome();
  const java = home === null ? 'java' : path.join(home, 'bin/java');
  const { stderr } = await run(java, ['-version']).catch((cause: unknown) => {
    throw new JavaMissing(`Java ${MIN_JAVA} or later is needed, and ${java} does not run.`, { cause });
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (version >= MIN_JAVA) return java;
  throw new JavaMissing(`Java ${MIN_JAVA} or later is needed; this is ${stderr.split('\n')[0]}.`);
}

/**
 * A folder of the cache with the jars that a POM names; another POM or other versions have another. `alone`: jars that are fetched without what they need
 * themselves, by their coordinates, since not every registry has the POMs above theirs. Rejects with `JavaMissing`.
 */
export async function fetchWithMaven(
  name: string,
  pom: string,
  properties: Readonly<Record<string, string>> = {},
  alone: readonly string[] = [],
): Promise<string> {
  const key = createHash('sha256').update(await readFile(pom));
  if (Object.keys(properties).length > 0) key.update(JSON.stringify(properties));
  if (alone.length > 0) key.update(JSON.stringify(alone));
  const folder = path.join(cacheFolder(), `${name}-${key.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  // Elsewhere first, so that a folder with the right name is complete.
  const staging = await mkdtemp(path.join(cacheFolder(), 'fetching-'));
  const defined = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  const goal = ['-B', '-q', '-f', pom, `${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', ...defined];
  try {
    await run('mvn', [...goal, `-DoutputDirectory=${staging}`], { timeout: fetchPatience(FETCH_SECONDS) }).catch(
      (cause: unknown) => {
        throw new JavaMissing(`Maven cannot fetch ${name}: ${firstLines(cause)}`, { cause });
      },
    );
    for (const coordinates of alone) await fetchAlone(coordinates, staging);
    await rename(staging, folder).catch((cause: NodeJS.ErrnoException) => {
      // Another run was quicker.
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/** Compiles sources into a folder. `options`: of the compiler. Rejects with `JavaMissing` where there is none. */
export async function compileJava(
  sources: readonly string[],
  classPath: string,
  classes: string,
  options: readonly string[] = [],
): Promise<void> {
  const home = javaHome();
  const javac = home === null ? 'javac' : path.join(home, 'bin/javac');
  await run(javac, [...options, '-cp', classPath, '-d', classes, ...sources]).catch((cause: unknown) => {
    throw new JavaMissing(
      `The Java compiler (javac, of a JDK) is needed: ${String(cause).split('\n').slice(0, 3).join(' ')}`,
      { cause },
    );
  });
}

async function fetchAlone(coordinates: string, folder: string): Promise<void> {
  const [group = '', artifact = '', version = ''] = coordinates.split(':');
  const repository = await mkdtemp(path.join(folder, 'repository-'));
  try {
    await run(
      'mvn',
      [
        '-B',
        '-q',
        `${ALONE_PLUGIN}:get`,
        '-Dtransitive=false',
        `-Dartifact=${coordinates}`,
        `-Dmaven.repo.local=${repository}`,
      ],
      { timeout: fetchPatience(FETCH_SECONDS) },
    );
    const jar = `${artifact}-${version}.jar`;
    await copyFile(path.join(repository, ...group.split('.'), artifact, version, jar), path.join(folder, jar));
  } catch (cause) {
    throw new JavaMissing(`Maven cannot fetch ${coordinates}: ${firstLines(cause)}`, { cause });
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

function firstLines(cause: unknown): string {
  const { stdout, message } = cause as { stdout?: string; message: string };
  return (stdout === undefined || stdout === '' ? message : stdout).split('\n').slice(0, 3).join(' ');
}
