/**
 * Rows and marks that were under way to operators which have been chained since the checkpoint the job starts from: they go to them
 * before anything else comes.
 */
import { MIN_WATERMARK } from '../../core/time.ts';
import type { ChannelRecording } from '../network/channel-recording.ts';
import type { RestoredChannel } from '../network/channel-restore.ts';
import type { ChannelId } from '../network/channel-state.ts';
import type { ChainMark, OperatorNode } from './operator-node.ts';
import type { StreamElement } from '../network/stream-element.ts';

export interface ReplayedLink {
  readonly from: OperatorNode;
  readonly node: OperatorNode;
  readonly id: ChannelId;
  readonly restored: RestoredChannel;
}

interface Rest {
  readonly node: OperatorNode;
  readonly id: ChannelId;
  readonly elements: StreamElement[];
}

export class Replay {
  #left: readonly Rest[];

  /** In the order in which they go. */
  constructor(links: readonly ReplayedLink[]) {
    this.#left = links.map(({ node, id, restored: { watermark, elements } }) => ({
      node,
      id,
      elements: [...(watermark > MIN_WATERMARK ? [{ type: 'watermark' as const, watermark }] : []), ...elements],
    }));
    this.#forgetEmpty();
    for (const { from, restored } of links) {
      from.resumeAt(restored.watermark);
      for (const element of restored.elements) if (element.type === 'watermark') from.resumeAt(element.watermark);
    }
  }

  get isDone(): boolean {
    return this.#left.length === 0;
  }

  /** Whose turn it is, unless it is done. */
  get node(): OperatorNode {
    return this.#left[0]!.node;
  }

  /** Hands one element to its operator; the marks it makes are for the task to carry on. */
  step(): readonly ChainMark[] {
    const [{ node, elements }] = this.#left as [Rest];
    const element = elements.shift()!;
    this.#forgetEmpty();
    switch (element.type) {
      case 'batch':
        // A chained operator has one input.
        node.process(element.batch, 0);
        return [];
      case 'watermark':
        return [{ type: 'watermark', node, watermark: element.watermark }];
      case 'status':
        return [{ type: 'status', node, isIdle: element.isIdle }];
      default:
        throw new Error(`Millrace bug: a ${element.type} was under way`);
    }
  }

  /** What is left is under way again. */
  recordIn(recording: ChannelRecording): void {
    for (const { id, elements } of this.#left) {
      const channel = { id, watermark: MIN_WATERMARK, isIdle: false, elements: [] };
      recording.add(channel);
      for (const element of elements) recording.record(channel, element);
    }
  }

  #forgetEmpty(): void {
    this.#left = this.#left.filter(({ elements }) => elements.length > 0);
  }
}
