/** From a file's text to a document. */
import type { z } from 'zod';
import { printPath } from '../core/config.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import { documentSchema, FORMAT, VERSION, type PipelineDocument } from './document.ts';
import { findSyntaxProblem } from './json-syntax.ts';
import { migrateDocument } from './migrations.ts';

export interface ParsedDocument {
  /** Null iff there are errors. */
  readonly document: PipelineDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Deeper values are refused: everything after may then walk config by recursion. */
const MAX_DEPTH = 64;

/** Reads a document of this or an older version: MR1001 to MR1004. What its nodes mean is the compiler's to check. */
export function parseDocument(text: string): ParsedDocument {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return refused(syntaxError(text));
  }
  return readDocument(raw);
}

/** As `parseDocument`, from JSON that is parsed already. */
export function readDocument(raw: unknown): ParsedDocument {
  if (!isRecord(raw)) return refused(shapeError(say`a pipeline document is a JSON object`, ''));
  if (raw.format !== FORMAT) return refused(shapeError(say`expected "format": "${FORMAT}"`, 'format'));
  if (typeof raw.version === 'number' && raw.version > VERSION) return refused(newerVersion(raw.version));
  if (isDeeperThan(raw, MAX_DEPTH)) return refused(shapeError(say`values are nested more than ${MAX_DEPTH} deep`, ''));

  const result = documentSchema.safeParse(migrateDocument(raw));
  if (!result.success) return refused(...result.error.issues.flatMap(toDiagnostics));
  const { format: _format, version: _version, ...document } = result.data;
  return { document, diagnostics: [] };
}

function refused(...diagnostics: Diagnostic[]): ParsedDocument {
  return { document: null, diagnostics };
}

function syntaxError(text: string): Diagnostic {
  const problem = findSyntaxProblem(text);
  if (problem === null) return { severity: 'error', code: 'MR1001', message: say`not valid JSON` };
  const { offset, line, column, message } = problem;
  return {
    severity: 'error',
    code: 'MR1001',
    message: say`line ${line}, column ${column}: ${message}`,
    range: { start: offset, end: Math.min(offset + 1, text.length) },
  };
}

function newerVersion(version: number): Diagnostic {
  const message = say`the document has format version ${version}; this Millrace reads up to ${VERSION}`;
  return { severity: 'error', code: 'MR1003', message, path: 'version' };
}

function shapeError(message: string, path: string): Diagnostic {
  return { severity: 'error', code: 'MR1002', message, ...(path === '' ? {} : { path }) };
}

function toDiagnostics(issue: z.core.$ZodIssue): Diagnostic[] {
  if (issue.code !== 'unrecognized_keys') return [shapeError(issue.message, printPath(issue.path))];
  return issue.keys.map((key) => ({
    severity: 'error',
    code: 'MR1004',
    message: say`unknown key "${key}"`,
    path: printPath([...issue.path, key]),
  }));
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((child) => isDeeperThan(child, depth - 1));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
