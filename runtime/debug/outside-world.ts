/** The real sources of a session, and whether they have more. */
import type { NodeId } from '../core/ids.ts';
import type { AnyOperatorFactory } from '../core/operator.ts';
import type { DebugPlan } from './debug-plan.ts';
import { LiveSource, type Outside } from './live-source.ts';
import { RecordingReader } from './recording-file.ts';
import { SourceRecording } from './source-recording.ts';

export interface OutsideOptions {
  readonly outside: Outside;
  readonly findRuntime: (type: string) => AnyOperatorFactory | undefined;
  readonly seed: number;
  /** Where virtual time starts, ms since the epoch. */
  readonly startAt: number;
  readonly onArrival: (nodeId: NodeId, subtask: number) => void;
  /** Absolute paths of recordings, by the node that they stand for. */
  readonly recordings?: ReadonlyMap<NodeId, string>;
  /** Of memory, for what is read. */
  readonly inputBytes?: number;
}

export class OutsideWorld {
  readonly recording: SourceRecording;
  readonly #options: OutsideOptions;
  readonly #sources: LiveSource[] = [];

  constructor(options: OutsideOptions) {
    this.#options = options;
    this.recording = new SourceRecording(options.inputBytes);
  }

  /** Starts the sources of a plan that are not there yet. Throws what they throw. */
  async open({ plan, sources }: DebugPlan): Promise<void> {
    const { findRuntime, outside, seed, onArrival, startAt, recordings } = this.#options;
    for (const operator of plan.operators) {
      const { nodeId } = operator;
      if (!sources.has(nodeId)) continue;
      const { parallelism } = plan.chains.find(({ operators }) => operators.includes(nodeId))!;
      for (let subtask = 0; subtask < parallelism; subtask++) {
        if (this.recording.has(nodeId, subtask)) continue;
        const recorded = recordings?.get(nodeId);
        if (recorded !== undefined) {
          this.recording.add(nodeId, subtask, new RecordingReader(outside.files, recorded, operator, subtask));
          continue;
        }
        const source = new LiveSource({
          operator,
          subtask,
          parallelism,
          baseFolder: plan.baseFolder,
          create: findRuntime(operator.type)!,
          outside,
          seed: seed + this.#sources.length,
          onArrival: () => onArrival(nodeId, subtask),
        });
        this.#sources.push(source);
        await source.open(startAt);
        this.recording.add(nodeId, subtask, source);
      }
    }
  }

  /** Real time, ms since the epoch. */
  now(): number {
    return this.#options.outside.now();
  }

  later(ms: number, callback: () => void): () => void {
    return this.#options.outside.later(ms, callback);
  }

  /** Those that may get more at any time. */
  get live(): readonly LiveSource[] {
    return this.#sources.filter(({ isLive, hasEnded }) => isLive && !hasEnded);
  }

  /** Whether time must not jump to `nextAt`: it goes by in reality, where live sources are. */
  awaits(nextAt: number): boolean {
    return this.live.length > 0 && nextAt > this.now();
  }

  close(): void {
    for (const source of this.#sources) source.close();
  }
}
