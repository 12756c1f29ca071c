export { isEqual, type Comparison } from './compare-rows.ts';
export { documentOf, queries, type Query } from './queries.ts';
export { measureQueries } from './throughput.ts';
export { Verifier } from './verify.ts';
