/** Runs the test cases of documents. */
export { DEFAULT_TIMEOUT_MS, runTestCase, type TestRunOptions } from './run-tests.ts';
