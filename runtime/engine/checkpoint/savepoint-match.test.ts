import { describe, expect, it } from 'vitest';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { nodeId } from '../../core/ids.ts';
import { field, schemaOf } from '../../core/schema.ts';
import { BIGINT, STRING } from '../../core/types.ts';
import { settingsSchema } from '../../graph/settings.ts';
import { printSchema, type ChannelSnapshot } from '../network/channel-state.ts';
import type { StateSnapshot } from '../state/index.ts';
import type { Checkpoint } from './checkpoint-folder.ts';
import { leftoversOf, refusal } from './savepoint-match.ts';

const [SOURCE, SINK] = [nodeId('in'), nodeId('out')];
const schema = schemaOf([field('a', BIGINT)]);

const plan: PhysicalPlan = {
  name: 'Copy',
  settings: settingsSchema.parse({}),
  baseFolder: '/',
  operators: [SOURCE, SINK].map((id) => ({
    nodeId: id,
    type: id === SOURCE ? 'source.file' : 'sink.file',
    label: '',
    config: {},
    inputs: [],
    outputs: id === SOURCE ? { out: { schema, eventTime: false, changelog: 'append', bounded: true } } : {},
    assignsWatermarks: false,
    watermarkAlignment: null,
  })),
  links: [{ from: SOURCE, fromPort: 'out', to: SINK, toPort: 'in', input: 0, exchange: 'rebalance', keys: [] }],
  composites: [],
  chains: [],
};

function checkpoint(change: Partial<Checkpoint>, types: Readonly<Record<string, string>> = {}): Checkpoint {
  const operators = Object.entries(types).map(([id, type]) => [id, { type, parallelism: 1 }]);
  return {
    manifest: {
      format: 'millrace/checkpoint',
      version: 2,
      kind: 'checkpoint',
      id: 1,
      name: 'Copy',
      createdAt: 0,
      tasks: [],
      operators: Object.fromEntries(operators) as Checkpoint['manifest']['operators'],
      edges: [],
    },
    state: new Map(),
    channels: [],
    ...change,
  };
}

function stateWith(values: readonly number[]): StateSnapshot[] {
  return [{ subtask: 0, lists: [{ name: 'positions', redistribution: 'split', values }], tables: [] }];
}

function underWay(change: Partial<ChannelSnapshot>): ChannelSnapshot {
  return {
    from: SOURCE,
    fromPort: 'out',
    to: SINK,
    toPort: 'in',
    sender: 0,
    senders: 1,
    receiver: 0,
    receivers: 1,
    schema: printSchema(schema),
    watermark: 0,
    isIdle: false,
    elements: [{ type: 'batch', buffer: new ArrayBuffer(8) }],
    ...change,
  };
}

const whatIsLeft = (one: Checkpoint): string[] => leftoversOf(plan, one).map(({ what }) => what);

describe('state of a checkpoint', () => {
  it('has its place with the operator of its id and type; where nothing is kept, none is needed', () => {
    const state = new Map([
      [SOURCE, stateWith([1])],
      [nodeId('gone'), stateWith([])],
    ]);
    expect(whatIsLeft(checkpoint({ state }, { in: 'source.file', gone: 'filter' }))).toEqual([]);
  });

  it('is left over when its operator is gone, or is another', () => {
    const state = new Map([
      [SOURCE, stateWith([1])],
      [nodeId('gone'), stateWith([2])],
    ]);
    const one = checkpoint({ state }, { in: 'source.generator', gone: 'aggregate.window' });
    expect(whatIsLeft(one)).toEqual([
      '"in" was source.generator and is source.file now',
      '"gone" (aggregate.window) is not in the pipeline',
    ]);
    expect(refusal('/s', leftoversOf(plan, one))).toMatchObject({
      code: 'MR2204',
      nodeId: SOURCE,
      retryable: false,
      message: expect.stringContaining('in /s holds state that the pipeline has no place for: "in" was') as string,
      remedy: expect.stringMatching(/Undo the change.*--allow-non-restored-state/) as string,
    });
  });
});

describe('rows under way in a checkpoint', () => {
  it('go on where the edge still is', () => {
    expect(whatIsLeft(checkpoint({ channels: [underWay({})] }))).toEqual([]);
  });

  it('are left over when the edge is gone, or carries other rows; said once an edge', () => {
    const gone = underWay({ to: nodeId('old') });
    expect(whatIsLeft(checkpoint({ channels: [gone, { ...gone, receiver: 1 }] }))).toEqual([
      'rows under way from "in" → "old", which are no longer connected',
    ]);
    const other = underWay({ schema: printSchema(schemaOf([field('a', STRING)])) });
    expect(whatIsLeft(checkpoint({ channels: [other] }))).toEqual([
      'rows under way from "in" → "out", which were of (a STRING) and are of (a BIGINT) now',
    ]);
    expect(whatIsLeft(checkpoint({ channels: [{ ...gone, elements: [] }] }))).toEqual([]);
  });
});
