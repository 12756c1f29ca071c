/** Faults that the simulation must find: each a change of one place in the runtime. */

export interface PlantedFault {
  readonly name: string;
  /** Under `runtime/`. */
  readonly file: string;
  /** Text that is there once, and what takes its place. */
  readonly text: string;
  readonly fault: string;
  /** Where the search begins, for one that few pipelines show: 0 unless given. */
  readonly firstSeed?: number;
}

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'a gate reads on behind a barrier while it waits for the others',
    file: 'engine/network/input-gate.ts',
    text: "channel.isBlocked = this.#options.mode === 'exactly-once' || barrier.kind === 'savepoint';",
    fault: '',
  },
  {
    name: 'a gate takes the highest watermark of its channels',
    file: 'engine/network/input-gate.ts',
    text: 'if (channel.watermark < minimum) minimum = channel.watermark;',
    fault: 'minimum = minimum === Infinity ? channel.watermark : Math.max(minimum, channel.watermark);',
  },
  {
    name: 'barriers overtake rows whose batch is not full, which no one keeps',
    file: 'engine/network/output-writer.ts',
    text: 'barrier(barrier: Barrier): void {\n    this.flush();',
    fault: 'barrier(barrier: Barrier): void {',
  },
  {
    name: 'credits do not come back',
    file: 'engine/network/channel.ts',
    text: "if (element.type === 'batch') this.#batches--;",
    fault: "if (element.type === 'batch') this.#batches -= 0;",
  },
  {
    name: 'a channel takes a batch more than it has credits',
    file: 'engine/network/channel.ts',
    text: 'return this.#batches < CREDITS;',
    fault: 'return this.#batches <= CREDITS;',
  },
  {
    name: 'what is beyond credit in front of a barrier is not waited for',
    file: 'engine/network/output-writer.ts',
    text: 'this.#isOverdrawn = true;',
    fault: '',
  },
  {
    name: 'a batch that a barrier has overtaken is not kept',
    file: 'engine/network/input-gate.ts',
    text: 'for (const element of inFront) current.record',
    fault: 'for (const element of inFront.slice(1)) current.record',
  },
  {
    name: 'a batch that came before the barrier of its channel is kept twice',
    file: 'engine/network/input-gate.ts',
    text: 'if (channel.recorded !== null) current.record(channel.recorded, element);',
    fault: 'if (channel.recorded !== null) for (let i = 0; i < 2; i++) current.record(channel.recorded, element);',
  },
  {
    name: 'what is behind a barrier is taken to be in front of it',
    file: 'engine/network/channel.ts',
    text: 'return this.#queue.slice(this.#head, at);',
    fault: 'return this.#queue.slice(this.#head);',
  },
  {
    name: 'channels forget the watermark they had when barriers overtook',
    file: 'engine/network/input-gate.ts',
    text: 'watermark: restored?.watermark ?? MIN_WATERMARK,',
    fault: 'watermark: MIN_WATERMARK,',
    firstSeed: 85,
  },
  {
    name: 'rows under way do not go where their keys are now',
    file: 'engine/network/channel-restore.ts',
    text: 'if (link.keys.length === 0) return [[to, batch]];',
    fault: 'return [[to, batch]];',
  },
  {
    name: 'timers fire out of order',
    file: 'engine/task/timer-queue.ts',
    text: 'if (heap[parent]!.at <= heap[i]!.at) break;',
    fault: 'break;',
    firstSeed: 1730,
  },
  {
    name: 'keys go to another subtask than their state',
    file: 'core/hash.ts',
    text: 'return Math.floor((keyGroup * parallelism) / KEY_GROUPS);',
    fault: 'return keyGroup % parallelism;',
  },
  {
    name: 'a snapshot shows what was written after its barrier',
    file: 'engine/state/memory-table.ts',
    text: 'this.#snapshot.beforeWrite(slots, count);\n    const expiry',
    fault: ';\n    const expiry',
  },
  {
    name: 'timers of keys do not outlive a restart',
    file: 'engine/state/keyed/timer-snapshot.ts',
    text: 'add(slots, eventTimes!, columns[spec.keys.length]!.values as Float64Array);',
    fault: '',
  },
  {
    name: 'a part that waits for its name is not given it after a restore',
    file: 'operators/sink-file/part-folder.ts',
    text: 'this.#publish(part);\n      } else {',
    fault: '} else {',
  },
  {
    name: 'a single file keeps what was appended after the checkpoint',
    file: 'operators/sink-file/single-file.ts',
    text: 'if (size > this.#committed) this.#files.truncate(this.#path, this.#committed);',
    fault: '',
    firstSeed: 15,
  },
  {
    name: 'a part is not synced before its checkpoint',
    file: 'operators/sink-file/open-part.ts',
    text: 'this.#writer.sync();',
    fault: '',
  },
  {
    name: 'windows of all keys go on from where the furthest subtask had come',
    file: 'operators/aggregate-window/event-clock.ts',
    text: 'MIN_WATERMARK : Math.min(...had)',
    fault: 'MIN_WATERMARK : Math.max(...had)',
  },
];
