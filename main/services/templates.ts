import { constants } from 'node:fs';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from '../../runtime/graph/index.ts';
import type { TemplateInfo } from '../../runtime/protocol/host.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { cannotWrite } from './file-errors.ts';
import type { Workspace } from './workspace.ts';

const PIPELINE_SUFFIX = '.pipeline.json';

/** Folders with a README.md and a pipeline document, ready to be copied into a workspace. */
export class Templates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** By name. */
  async list(): Promise<TemplateInfo[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const found = await Promise.all(folders.sort().map((name) => this.#describe(name)));
    return found.filter((one) => one !== null);
  }

  /** What its README shows; null when there is none. */
  async picture(name: string): Promise<Uint8Array | null> {
    const known = await this.list();
    if (!known.some((one) => one.name === name)) throw codedError('MR2101', say`There is no template "${name}"`);
    return readFile(path.join(this.#folder, name, 'picture.png')).catch(() => null);
  }

  /** Copies a template into `workspace`, into a folder of its name or, when that is taken, name-2, name-3 …; the path of its document. */
  async copyTo(workspace: Workspace, name: string): Promise<string> {
    const known = await this.list();
    if (!known.some((one) => one.name === name)) throw codedError('MR2101', say`There is no template "${name}"`);
    const document = (await documentOf(path.join(this.#folder, name)))!;
    const folder = await freeFolder(workspace, name);
    await cp(path.join(this.#folder, name), path.join(workspace.root, folder), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
    });
    return `${folder}/${document}`;
  }

  async #describe(name: string): Promise<TemplateInfo | null> {
    const folder = path.join(this.#folder, name);
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8').catch(() => null);
    const document = await documentOf(folder);
    if (readme === null || document === null) return null;
    const { document: pipeline } = parseDocument(await readFile(path.join(folder, document), 'utf8'));
    return { name, ...summarize(readme, name), operatorTypes: pipeline?.nodes.map((node) => node.type) ?? [] };
  }
}

async function documentOf(folder: string): Promise<string | null> {
  const names = await readdir(folder);
  return names.sort().find((name) => name.endsWith(PIPELINE_SUFFIX)) ?? null;
}

async function freeFolder(workspace: Workspace, name: string): Promise<string> {
  for (let copy = 1; ; copy++) {
    const folder = copy === 1 ? name : `${name}-${copy}`;
    try {
      await mkdir(await workspace.resolve(folder));
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(folder, error);
    }
  }
}

/** First heading and first paragraph of a README. */
function summarize(readme: string, name: string): { title: string; description: string } {
  const blocks = readme.split(/\r?\n\s*\r?\n|\n(?=#)/).map((block) => block.trim());
  const heading = blocks.find((block) => block.startsWith('# '));
  const paragraph = blocks.find((block) => /^[^#!|`\s>-]/.test(block));
  return {
    title: heading?.split('\n')[0]!.slice(2).trim() ?? name,
    description: paragraph?.replace(/\s+/g, ' ') ?? '',
  };
}
