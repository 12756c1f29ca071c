/** Java, jars that Maven fetches once, and classes that are compiled once. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { say } from '../core/say.ts';
import { cacheFolder, fetchPatience, madeOnce, ToolMissing } from './cache.ts';
import type { Sources } from './sources.ts';

const run = promisify(execFile);

const MIN_JAVA = 17;
/** Named, so that Maven does not look for the newest. */
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';
/** Of `get`, a version that does without the POMs above an artifact's. */
const ALONE_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.8';
/** For 150 MB over a slow line. */
const FETCH_SECONDS = 600;

function javaHome(): string | null {
  return process.env.JAVA_HOME ?? null;
}

function installJava(): string {
  return say`Install a JDK of Java ${MIN_JAVA} or later, or set JAVA_HOME to one that is there.`;
}

/** Path of `java`. Rejects with `ToolMissing`. */
export async function findJava(): Promise<string> {
  const home = javaHome();
  const java = home === null ? 'java' : path.join(home, 'bin/java');
  const { stderr } = await run(java, ['-version']).catch((cause: unknown) => {
    throw new ToolMissing(say`Java ${MIN_JAVA} or later is needed, and "${java}" does not run.`, installJava(), cause);
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (version >= MIN_JAVA) return java;
  throw new ToolMissing(say`Java ${MIN_JAVA} or later is needed; this is ${stderr.split('\n')[0]}.`, installJava());
}

interface Fetching {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

interface MavenFetch extends Fetching {
  /** Of the POM. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Jars that are fetched without what they need themselves, by their coordinates, since not every registry has the POMs above theirs. */
  readonly alone?: readonly string[];
}

/** A folder of the cache with the jars that a POM (its text) names; another POM or other versions have another. Rejects with `ToolMissing`. */
export async function fetchWithMaven(
  name: string,
  pom: string,
  { properties = {}, alone = [], signal }: MavenFetch = {},
): Promise<string> {
  const key = createHash('sha256').update(pom);
  if (Object.keys(properties).length > 0) key.update(JSON.stringify(properties));
  if (alone.length > 0) key.update(JSON.stringify(alone));
  const folder = path.join(cacheFolder(), `${name}-${key.digest('hex').slice(0, 12)}`);
  return madeOnce(folder, async (staging) => {
    const file = path.join(staging, 'pom.xml');
    await writeFile(file, pom);
    const defined = Object.entries(properties).map(([property, value]) => `-D${property}=${value}`);
    const goal = [`${PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${staging}`];
    await maven(name, ['-f', file, ...goal, ...defined], signal);
    for (const coordinates of alone) await fetchAlone(coordinates, staging, signal);
  });
}

async function fetchAlone(coordinates: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const [group = '', artifact = '', version = ''] = coordinates.split(':');
  const repository = await mkdtemp(path.join(folder, 'repository-'));
  try {
    const goal = [`${ALONE_PLUGIN}:get`, '-Dtransitive=false', `-Dartifact=${coordinates}`];
    await maven(coordinates, [...goal, `-Dmaven.repo.local=${repository}`], signal);
    const jar = `${artifact}-${version}.jar`;
    await copyFile(path.join(repository, ...group.split('.'), artifact, version, jar), path.join(folder, jar));
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

async function maven(name: string, args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const options = { timeout: fetchPatience(FETCH_SECONDS), ...(signal === undefined ? {} : { signal }) };
  await run('mvn', ['-B', '-q', ...args], options).catch((cause: NodeJS.ErrnoException) => {
    signal?.throwIfAborted();
    if (cause.code === 'ENOENT') {
      throw new ToolMissing(say`Maven is needed to fetch "${name}", and "mvn" does not run.`, say`Install Maven. What it has fetched once is used again.`, cause); // prettier-ignore
    }
    throw new ToolMissing(
      say`Maven cannot fetch "${name}": ${firstLines(cause)}`,
      say`See whether the network and the repositories of Maven can be reached. What it has fetched once is used again.`,
      cause,
    );
  });
}

/**
 * A folder beside jars with the classes of Java sources, compiled once; other sources have another. `options`: of the compiler. Rejects with `ToolMissing`
 * where there is no compiler.
 */
export async function compiledClasses(
  jars: string,
  sources: Sources,
  classPath: string,
  options: readonly string[] = [],
): Promise<string> {
  const all = [...sources].filter(([name]) => name.endsWith('.java'));
  const key = createHash('sha256')
    .update(JSON.stringify([all, options]))
    .digest('hex')
    .slice(0, 12);
  return madeOnce(path.join(jars, `classes-${key}`), async (staging) => {
    // Not among the classes: names of files are those of their classes in any case.
    const folder = path.join(staging, 'sources');
    await mkdir(folder);
    const files = all.map(([name]) => path.join(folder, name));
    await Promise.all(all.map(([, text], i) => writeFile(files[i]!, text)));
    await compileJava(files, classPath, staging, options);
  });
}

/** Compiles sources into a folder. `options`: of the compiler. Rejects with `ToolMissing` where there is none. */
async function compileJava(
  sources: readonly string[],
  classPath: string,
  classes: string,
  options: readonly string[] = [],
): Promise<void> {
  const home = javaHome();
  const javac = home === null ? 'javac' : path.join(home, 'bin/javac');
  await run(javac, [...options, '-cp', classPath, '-d', classes, ...sources]).catch((cause: unknown) => {
    const reason = String(cause).split('\n').slice(0, 3).join(' ');
    throw new ToolMissing(say`The Java compiler (javac, of a JDK) is needed: ${reason}`, installJava(), cause);
  });
}

function firstLines(cause: unknown): string {
  const { stdout, message } = cause as { stdout?: string; message: string };
  return (stdout === undefined || stdout === '' ? message : stdout).split('\n').slice(0, 3).join(' ');
}
