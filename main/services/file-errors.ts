import type { DiagnosticCode } from '../../runtime/core/diagnostic-codes.ts';
import { say } from '../../runtime/core/say.ts';
import { codedError } from '../../runtime/protocol/wire.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: say`it does not exist`,
  EACCES: say`permission denied`,
  EPERM: say`permission denied`,
  EEXIST: say`it exists already`,
  EISDIR: say`it is a folder`,
  ENOTDIR: say`a part of its path is not a folder`,
  ENOSPC: say`the disk is full`,
  EROFS: say`the disk is read-only`,
};

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** MR2101: `what` (a path as the user knows it) could not be read. */
export function cannotRead(what: string, error: unknown): Error {
  return fileError('MR2101', say`"${what}" cannot be read`, error);
}

/** MR2102: `what` could not be written. */
export function cannotWrite(what: string, error: unknown): Error {
  return fileError('MR2102', say`"${what}" cannot be written`, error);
}

function fileError(code: DiagnosticCode, summary: string, error: unknown): Error {
  // A reason that is already in our words is kept: it says more.
  if ((error as { code?: unknown }).code === code) return error as Error;
  const system = error as NodeJS.ErrnoException;
  return codedError(code, say`${summary}: ${REASONS[system.code ?? ''] ?? system.message}`);
}
