/** Debug sessions: a document, run step by step, forwards and backwards. What they are asked and tell is in protocol/debug.ts. */
export type { Outside } from './live-source.ts';
export { nodeOutside } from './node-outside.ts';
export { DebugSession, type SessionRequest } from './session.ts';
