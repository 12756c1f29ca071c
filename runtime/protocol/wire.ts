/** Errors on their way between processes: classes do not survive it, so what matters is carried as plain data. */
import * as Comlink from 'comlink';
import { DIAGNOSTIC_HELP, type DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { toErrorReport } from './error-report.ts';
import type { ErrorReport } from './job.ts';

/** What a call may throw across a process boundary. */
export interface WireError extends ErrorReport {
  /** Of a document that was refused; null otherwise. */
  readonly diagnostics: readonly Diagnostic[] | null;
}

/** An error that came from, or stands for, another process. */
export class RemoteError extends Error {
  readonly code: DiagnosticCode | null;
  /** What the user can do about it, in a sentence. */
  readonly remedy: string | null;
  readonly nodeId: NodeId | null;
  /** Whether the same attempt may succeed later. */
  readonly isRetryable: boolean;
  readonly diagnostics: readonly Diagnostic[] | null;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = wire.name;
    this.code = wire.code;
    this.remedy = wire.remedy;
    this.nodeId = wire.nodeId;
    this.isRetryable = wire.isRetryable;
    this.diagnostics = wire.diagnostics;
    // Where it happened says more than where it arrived.
    if (wire.stack !== null) this.stack = wire.stack;
  }
}

/** A failure with a stable code; the code's help is the remedy unless `details` give another. */
export function codedError(code: DiagnosticCode, message: string, details: Partial<WireError> = {}): RemoteError {
  return new RemoteError({
    name: 'Error',
    code,
    message,
    remedy: DIAGNOSTIC_HELP[code],
    nodeId: null,
    isRetryable: false,
    stack: null,
    diagnostics: null,
    ...details,
  });
}

/** Anything thrown, as plain data, with all that the other end may show of it. */
export function toWireError(thrown: unknown): WireError {
  if (!(thrown instanceof RemoteError)) return { ...toErrorReport(thrown), diagnostics: null };
  const { name, code, message, remedy, nodeId, isRetryable, stack = null, diagnostics } = thrown;
  return { name, code, message, remedy, nodeId, isRetryable, stack, diagnostics };
}

export function fromWireError(wire: WireError): RemoteError {
  return new RemoteError(wire);
}

/** Makes Comlink carry all of an error: its own handler keeps name, message and stack only. */
export function installErrorHandler(): void {
  const stock = Comlink.transferHandlers.get('throw')!;
  Comlink.transferHandlers.set('throw', {
    canHandle: (value): value is { value: unknown } => stock.canHandle(value),
    serialize: ({ value }: { value: unknown }) => [toWireError(value), []],
    deserialize: (wire: WireError) => {
      throw fromWireError(wire);
    },
  });
}
