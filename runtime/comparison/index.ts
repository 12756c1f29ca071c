/** Pipelines here and on real engines, over the same input. */
export { compareDocument, type Compared, type CompareOptions } from './compare-document.ts';
export type { EngineSetup } from './engine.ts';
export { engines } from './engines.ts';
