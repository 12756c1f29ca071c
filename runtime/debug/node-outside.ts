/** The machine a debug session reads from: its files, its network, its clock. */
import { NodeFileIo } from '../engine/worker/node-file-io.ts';
import { NodeNetwork } from '../engine/worker/node-network/node-network.ts';
import type { Outside } from './live-source.ts';

export function nodeOutside(): Outside {
  return {
    files: new NodeFileIo(),
    network: new NodeNetwork(),
    now: () => Date.now(),
    later: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
}
