import { StreamError } from '../../core/errors.ts';

/** A mistake of user code that the engine found; where in the code, `UserScript.blame` adds. */
export function userError(code: 'MR2302' | 'MR2303', message: string): StreamError {
  return new StreamError(code, message, { domain: 'user' });
}
