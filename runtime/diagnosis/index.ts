/** Explains a job from its document and its reports: who causes backpressure, what starves it, and why a node has no output. Pure. */
export { nextWindow, type NextWindow } from './next-window.ts';
export { firingOf, type ObservedJob, type Watermark } from './observed-job.ts';
export { findCulprits, type Culprit, type CulpritReason, type CulpritRemedy } from './culprits.ts';
export { findStarvation, type Starvation, type StarvationReason } from './starvation.ts';
export { explainSilence } from './silence.ts';
export type { Place, SilenceCause, SilenceReason } from './silence-causes.ts';
