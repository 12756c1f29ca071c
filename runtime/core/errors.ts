import type { NodeId } from './ids.ts';

/** Who has to act: the author of the pipeline, the operator of an outside system, or we. */
export type ErrorDomain = 'user' | 'external' | 'internal';

/**
 * A failure met while a job runs. Users' mistakes found before the run are `Diagnostic` values instead.
 * `code` is stable (`MR2…`, listed in diagnostic-codes.ts); `nodeId` is set once, by the task that ran the operator.
 */
export class StreamError extends Error {
  readonly code: string;
  readonly domain: ErrorDomain;
  /** Whether the same attempt may succeed later. */
  readonly retryable: boolean;
  /** What the user can do about it, in a sentence. */
  readonly remedy: string | null;
  nodeId: NodeId | null = null;

  constructor(
    code: string,
    message: string,
    options: { domain?: ErrorDomain; retryable?: boolean; remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StreamError';
    this.code = code;
    this.domain = options.domain ?? 'external';
    this.retryable = options.retryable ?? this.domain === 'external';
    this.remedy = options.remedy ?? null;
  }
}

/** Throws when our own code is wrong; never for what a user or the outside world did. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Millrace bug: ${message}`);
}

export function assertNever(value: never): never {
  throw new Error(`Millrace bug: unexpected ${JSON.stringify(value)}`);
}
