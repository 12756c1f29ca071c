import { DIAGNOSTIC_HELP, type DiagnosticCode } from '../core/diagnostic-codes.ts';
import { StreamError } from '../core/errors.ts';
import type { ErrorReport } from './job.ts';

/** An error as plain data, with all that a user needs of it. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof StreamError) {
    return {
      name: error.name,
      code: isCode(error.code) ? error.code : null,
      message: error.message,
      remedy: error.remedy,
      nodeId: error.nodeId,
      isRetryable: error.retryable,
      stack: error.stack ?? null,
    };
  }
  const plain = error instanceof Error ? error : new Error(String(error));
  return {
    name: plain.name,
    code: null,
    message: plain.message,
    remedy: null,
    nodeId: null,
    isRetryable: true,
    stack: plain.stack ?? null,
  };
}

/** The error a report was made of, as far as it goes. */
export function fromErrorReport(report: ErrorReport): StreamError {
  const error = new StreamError(report.code ?? 'MR2001', report.message, {
    domain: 'external',
    retryable: report.isRetryable,
    ...(report.remedy === null ? {} : { remedy: report.remedy }),
  });
  error.nodeId = report.nodeId;
  if (report.stack !== null) error.stack = report.stack;
  return error;
}

function isCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(DIAGNOSTIC_HELP, code);
}
