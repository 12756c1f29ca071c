/** Faults that the simulation must find: each a change of one place in the runtime. */

export interface PlantedFault {
  readonly name: string;
  /** Under `runtime/`. */
  readonly file: string;
  /** Text that is there once, and what takes its place. */
  readonly text: string;
  readonly fault: string;
}

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'a gate reads on behind a barrier while it waits for the others',
    file: 'engine/input-gate.ts',
    text: 'channel.isAligned = true;',
    fault: '',
  },
  {
    name: 'a gate takes the highest watermark of its channels',
    file: 'engine/input-gate.ts',
    text: 'if (channel.watermark < minimum) minimum = channel.watermark;',
    fault: 'minimum = minimum === Infinity ? channel.watermark : Math.max(minimum, channel.watermark);',
  },
  {
    name: 'watermarks and barriers overtake rows whose batch is not full',
    file: 'engine/output-writer.ts',
    text: 'this.flush();\n    for (',
    fault: 'for (',
  },
  {
    name: 'credits do not come back',
    file: 'engine/channel.ts',
    text: "if (element.type === 'batch') this.#batches--;",
    fault: '',
  },
  {
    name: 'a channel takes a batch more than it has credits',
    file: 'engine/channel.ts',
    text: 'return this.#batches < CREDITS;',
    fault: 'return this.#batches <= CREDITS;',
  },
  {
    name: 'timers fire out of order',
    file: 'engine/timer-queue.ts',
    text: 'if (heap[parent]!.at <= heap[i]!.at) break;',
    fault: 'break;',
  },
  {
    name: 'keys go to another subtask than their state',
    file: 'core/hash.ts',
    text: 'return Math.floor((keyGroup * parallelism) / KEY_GROUPS);',
    fault: 'return keyGroup % parallelism;',
  },
  {
    name: 'sessions that were open at a checkpoint are not set to fire',
    file: 'operators/aggregate-window/session-operator.ts',
    text: 'for (const slot of this.#sessions.table.allSlots()) this.#schedule(slot);',
    fault: '',
  },
  {
    name: 'windows forget how far time had come',
    file: 'operators/aggregate-window/event-clock.ts',
    text: '? MIN_WATERMARK : Math.min(...restored)',
    fault: '? MIN_WATERMARK : MIN_WATERMARK',
  },
  {
    name: 'a part that waits for its name is not given it after a restore',
    file: 'operators/sink-file/part-folder.ts',
    text: 'this.#publish(part.subtask, part.number);\n      } else {',
    fault: '} else {',
  },
  {
    name: 'a single file keeps what was appended after the checkpoint',
    file: 'operators/sink-file/single-file.ts',
    text: 'if (size > this.#committed) this.#files.truncate(this.#path, this.#committed);',
    fault: '',
  },
  {
    name: 'a part is not synced before its checkpoint',
    file: 'operators/sink-file/part-folder.ts',
    text: 'this.#writer.sync();',
    fault: '',
  },
];
