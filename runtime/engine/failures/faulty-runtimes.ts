/** Wraps every operator's runtime so that the faults a test has planned strike in it. Only in the faulty worker. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StreamError } from '../../core/errors.ts';
import type { AnyOperatorFactory, Operator, OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { runtimes } from '../../operators/runtimes.ts';
import { createAsynchronous } from './asynchronous.ts';
import { FAULTS_FILE, STRUCK_FOLDER, type Fault, type FaultyMethod } from './fault.ts';

const METHODS: readonly FaultyMethod[] = [
  'open',
  'poll',
  'processBatch',
  'pending',
  'onWake',
  'flush',
  'onWatermark',
  'onTimer',
  'onEnd',
  'snapshot',
  'checkpointComplete',
  'close',
];

type Method = (...args: unknown[]) => unknown;

const faulty = runtimes as Record<string, AnyOperatorFactory>;
faulty['test.asynchronous'] = createAsynchronous;
for (const [type, create] of Object.entries(faulty)) {
  faulty[type] = (plan, context) => withFaults(create(plan, context), plan, context);
}

function withFaults(operator: Operator, plan: OperatorPlan<unknown>, context: OperatorContext): Operator {
  const file = join(plan.baseFolder, FAULTS_FILE);
  if (!existsSync(file)) return operator;
  const faults = (JSON.parse(readFileSync(file, 'utf8')) as Fault[]).filter((fault) => fault.node === plan.nodeId);
  const wrapped: Record<string, Method> = {};
  for (const method of METHODS) {
    const planned = faults.filter((fault) => fault.method === method);
    const inner = (operator as unknown as Record<string, Method | undefined>)[method]?.bind(operator);
    const own =
      method === 'open' && faults.some((fault) => fault.method === 'onTimer') ? setsTimer(context, inner) : inner;
    if (own === undefined && planned.length === 0) continue;
    let calls = 0;
    wrapped[method] = (...args) => {
      calls++;
      for (const fault of planned) if (fault.call <= calls && claim(plan.baseFolder, fault)) strike(fault);
      return own?.(...args);
    };
  }
  return wrapped as unknown as Operator;
}

/** For a fault in `onTimer` of an operator that sets no timers. */
function setsTimer(context: OperatorContext, open: Method | undefined): Method {
  return () => {
    context.setTimer(context.clock.now() + 1);
    return open?.();
  };
}

/** Whether the fault may strike once more: the file system decides between threads. */
function claim(baseFolder: string, { node, method, times, after }: Fault): boolean {
  const folder = join(baseFolder, STRUCK_FOLDER);
  if (after !== undefined && !existsSync(join(folder, `${after.node}-${after.method}-0`))) return false;
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < times; i++) {
    try {
      writeFileSync(join(folder, `${node}-${method}-${i}`), '', { flag: 'wx' });
      return true;
    } catch {
      // Struck by another.
    }
  }
  return false;
}

function strike({ node, method, how }: Fault): void {
  const error = new Error(`planted in ${node}.${method}`);
  switch (how) {
    case 'none':
      break;
    case 'throw':
      throw new StreamError('MR2102', error.message);
    case 'bug':
      throw error;
    case 'exit':
      process.exit(3);
      break;
    case 'uncaught':
      setImmediate(() => {
        throw error;
      });
      break;
    case 'rejection':
      void Promise.reject(error);
      break;
    case 'hang':
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
}
