import type { AnyOperatorFactory } from '../core/operator.ts';

/** Stands in for every sink of a debug run: what comes to it is seen by the session, and goes nowhere. */
export const createCapturedSink: AnyOperatorFactory = () => ({ processBatch: () => undefined });
