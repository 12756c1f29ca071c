/** What the storage of checkpoints failed at, as the errors that users see. */
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import { FileStoreError } from './file-store.ts';

export function damaged(location: string, what: string): StreamError {
  return new StreamError('MR2202', say`The checkpoint in ${location} is damaged: ${what}.`, { retryable: false });
}

export function writing<T>(location: string, operation: Promise<T>, participle = 'written'): Promise<T> {
  return failing('MR2201', say`The checkpoint in ${location} could not be ${participle}`, operation);
}

/** What cannot be read for now may be whole: unlike a damaged checkpoint, it is no reason to take the one before. */
export function reading<T>(location: string, operation: Promise<T>): Promise<T> {
  return failing('MR2206', say`Checkpoints in ${location} cannot be read`, operation);
}

export async function failing<T>(code: string, what: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    if (!(cause instanceof FileStoreError)) throw cause;
    throw new StreamError(code, say`${what}: ${cause.message.replace(/\.$/, '')}.`, { remedy: cause.remedy, cause });
  }
}
