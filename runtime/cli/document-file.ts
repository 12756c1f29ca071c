import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../core/diagnostics.ts';
import { parseDocument, type ParsedDocument, type PipelineDocument } from '../graph/index.ts';
import { compileDocument, readSubPipelines, type Compiled, type SubPipelineTexts } from '../compiler/index.ts';
import type { CliIo } from './io.ts';

/** Reads and parses; a file that cannot be read is a diagnostic too (MR1005). */
export async function readDocumentFile(io: CliIo, file: string): Promise<ParsedDocument> {
  let text: string;
  try {
    text = await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    const message = `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const diagnostic: Diagnostic = { severity: 'error', code: 'MR1005', message };
    return { document: null, diagnostics: [diagnostic] };
  }
  return parseDocument(text);
}

export interface PlanChoices {
  readonly param: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  /** Sinks print their rows, and write nothing. */
  readonly preview?: boolean;
}

/** Reads, parses and plans. */
export async function compileFile(io: CliIo, file: string, choices: PlanChoices): Promise<Compiled> {
  const { param, parallelism, preview = false } = choices;
  const { document, diagnostics } = await readDocumentFile(io, file);
  if (document === null) return { plan: null, diagnostics };
  const baseFolder = path.dirname(path.resolve(io.cwd, file));
  const subPipelines = await subPipelinesOf(document, baseFolder);
  return compileDocument(document, {
    baseFolder,
    params: param,
    parallelism,
    subPipelines,
    preview: preview ? { writes: [], prints: true } : undefined,
  });
}

/** The documents that the one in `folder` stands on. */
export function subPipelinesOf(document: PipelineDocument, folder: string): Promise<SubPipelineTexts> {
  return readSubPipelines(document, (name) => readFile(path.resolve(folder, name), 'utf8').catch(() => null));
}
