import { flink } from './flink.ts';
import { spark } from './spark.ts';
import { storm } from './storm.ts';

export { measureAgainst, type AgainstOptions } from './measure.ts';
export { millrace } from './millrace.ts';
export { printReport } from './report.ts';

export const rivals = [flink, spark, storm];
