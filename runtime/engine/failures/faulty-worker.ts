/** The real worker, with operators that fail as a test has planned. Bundled for tests only. */
import './faulty-runtimes.ts';
import '../worker/worker.ts';
