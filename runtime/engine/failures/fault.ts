/** A fault that a test plants in an operator. The plan of a test is a file in the document's folder; the faulty worker reads it. */

export const FAULTS_FILE = 'faults.json';
/** Where it is noted which faults have struck, over all threads and attempts. */
export const STRUCK_FOLDER = 'struck';

export type FaultyMethod =
  | 'open'
  | 'poll'
  | 'processBatch'
  | 'pending'
  | 'onWake'
  | 'flush'
  | 'onWatermark'
  | 'onTimer'
  | 'onEnd'
  | 'snapshot'
  | 'checkpointComplete'
  | 'close';

export interface Fault {
  readonly node: string;
  readonly method: FaultyMethod;
  /** In which call it strikes, from 1, of each operator instance. */
  readonly call: number;
  /**
   * `throw`: as the outside world fails, which may pass; `bug`: as code that is wrong does. `uncaught` and `rejection` strike after
   * the call, out of reach of the task. `none` is no fault: others can come after it.
   */
  readonly how: 'none' | 'throw' | 'bug' | 'exit' | 'uncaught' | 'rejection' | 'hang';
  /** How often at most. */
  readonly times: number;
  /** Only once this other one has struck. */
  readonly after?: Pick<Fault, 'node' | 'method'>;
}
