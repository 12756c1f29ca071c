import type { Diagnostic } from '../core/diagnostics.ts';
import { DIAGNOSTIC_HELP, type DiagnosticCode } from '../core/diagnostic-codes.ts';
import { StreamError } from '../core/errors.ts';
import type { ErrorReport } from '../protocol/job.ts';
import { paint, type Colors } from './text.ts';

/** `clicks.pipeline.json:perMinute.aggregates[1].expr: error MR1302: there is no field "usr"`, newline included. */
export function printDiagnostic(io: Colors, file: string, diagnostic: Diagnostic): string {
  const place = placeOf(diagnostic);
  const severity = paint(io, diagnostic.severity, diagnostic.severity);
  return `${file}${place === '' ? '' : `:${place}`}: ${severity} ${diagnostic.code}: ${diagnostic.message}\n`;
}

function placeOf({ nodeId, path, edge }: Diagnostic): string {
  if (nodeId !== undefined) return path === undefined ? nodeId : `${nodeId}.${path}`;
  if (path !== undefined) return path;
  return edge === undefined ? '' : `${edge.from}.${edge.fromPort}>${edge.to}.${edge.toPort}`;
}

export function toJson(file: string, diagnostic: Diagnostic): string {
  return `${JSON.stringify({ file, ...diagnostic, help: DIAGNOSTIC_HELP[diagnostic.code] })}\n`;
}

/** `error MR2101: … (node clicks)`, and what to do about it on a line of its own. */
export function printError(io: Colors, error: unknown): string {
  const { code, message, nodeId, remedy } = describe(error);
  const where = nodeId === null ? '' : ` (node ${nodeId})`;
  const help =
    remedy ?? (code !== null && Object.hasOwn(DIAGNOSTIC_HELP, code) ? DIAGNOSTIC_HELP[code as DiagnosticCode] : null);
  const head = `${paint(io, 'error', 'error')}${code === null ? '' : ` ${code}`}: ${message}${where}\n`;
  return help === null ? head : `${head}  ${help}\n`;
}

type Description = Pick<ErrorReport, 'message' | 'remedy' | 'nodeId'> & { readonly code: string | null };

function describe(error: unknown): Description {
  if (error instanceof StreamError || isReport(error)) return error;
  return { code: null, message: error instanceof Error ? error.message : String(error), remedy: null, nodeId: null };
}

function isReport(error: unknown): error is ErrorReport {
  return typeof error === 'object' && error !== null && 'remedy' in error && 'nodeId' in error;
}
