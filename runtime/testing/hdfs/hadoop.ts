/** Java and the Hadoop jars that tests run an HDFS with: 90 MB, fetched once. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchWithMaven, findJava } from '../../comparison/jvm.ts';

const POM = path.join(import.meta.dirname, 'pom.xml');

export interface Hadoop {
  readonly java: string;
  /** For `-cp`. */
  readonly classPath: string;
}

/** Rejects with `ToolMissing`. */
export async function findHadoop(): Promise<Hadoop> {
  const java = await findJava();
  return { java, classPath: path.join(await fetchWithMaven('mini-hdfs', await readFile(POM, 'utf8')), '*') };
}
