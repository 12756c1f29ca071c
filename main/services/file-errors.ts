import type { DiagnosticCode } from '../../runtime/core/diagnostic-codes.ts';
import { codedError } from '../../runtime/protocol/wire.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EEXIST: 'it exists already',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** MR2101: `what` (a path as the user knows it) could not be read. */
export function cannotRead(what: string, error: unknown): Error {
  return fileError('MR2101', `"${what}" cannot be read`, error);
}

/** MR2102: `what` could not be written. */
export function cannotWrite(what: string, error: unknown): Error {
  return fileError('MR2102', `"${what}" cannot be written`, error);
}

function fileError(code: DiagnosticCode, summary: string, error: unknown): Error {
  // A reason that is already in our words is kept: it says more.
  if ((error as { code?: unknown }).code === code) return error as Error;
  const system = error as NodeJS.ErrnoException;
  return codedError(code, `${summary}: ${REASONS[system.code ?? ''] ?? system.message}`);
}
