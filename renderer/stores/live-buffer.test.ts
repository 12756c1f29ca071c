import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { CheckpointReport, JobEvent, RowSample } from '../../runtime/protocol/job.ts';
import { checkpointReport } from '../testing/checkpoint-report.ts';
import { LiveBuffer, sampleKey } from './live-buffer.ts';

function createBuffer() {
  const frames: (() => void)[] = [];
  const buffer = new LiveBuffer(
    (callback) => frames.push(callback),
    () => 42,
  );
  let notified = 0;
  buffer.subscribe(() => notified++);
  return {
    buffer,
    frames,
    get notified() {
      return notified;
    },
    nextFrame: () => frames.shift()?.(),
  };
}

function print(text: string): JobEvent {
  return { type: 'print', nodeId: nodeId('out'), text };
}

function checkpoint(id: number, status: CheckpointReport['status']): JobEvent {
  return { type: 'checkpoint', checkpoint: checkpointReport(id, { status }) };
}

function rows(port: string, seen: number): JobEvent {
  const sample: RowSample = { nodeId: nodeId('clicks'), port, fields: ['user'], rows: [], seen };
  return { type: 'rows', sample };
}

describe('live buffer', () => {
  it('shows nothing before the frame, and then all of it in one notification', () => {
    const live = createBuffer();
    live.buffer.push([print('a\n')]);
    live.buffer.push([print('b\n'), print('c')]);
    expect([live.frames.length, live.notified, live.buffer.state.log.length]).toEqual([1, 0, 0]);
    live.nextFrame();
    expect(live.notified).toBe(1);
    expect(live.buffer.state.log.map((line) => line.message)).toEqual(['a', 'b', 'c']);
    expect(live.buffer.state.log[0]).toMatchObject({ id: 0, at: 42, level: 'print', nodeId: 'out' });
  });

  it('asks for the next frame only when there is something new', () => {
    const live = createBuffer();
    live.buffer.push([print('a')]);
    live.nextFrame();
    expect(live.frames).toHaveLength(0);
    live.buffer.push([print('b')]);
    expect(live.frames).toHaveLength(1);
  });

  it('keeps what did not change by identity', () => {
    const live = createBuffer();
    live.buffer.push([print('a'), rows('out', 1)]);
    live.buffer.flush();
    const before = live.buffer.state;
    live.buffer.push([rows('out', 2)]);
    live.buffer.flush();
    expect(live.buffer.state.log).toBe(before.log);
    expect(live.buffer.state.samples).not.toBe(before.samples);
    expect(live.buffer.state.samples.get(sampleKey('clicks', 'out'))?.seen).toBe(2);
  });

  it('keeps one entry per checkpoint, newest first', () => {
    const live = createBuffer();
    live.buffer.push([checkpoint(1, 'running'), checkpoint(2, 'running'), checkpoint(1, 'completed')]);
    live.buffer.flush();
    expect(live.buffer.state.checkpoints.reports.map(({ id, status }) => [id, status])).toEqual([
      [2, 'running'],
      [1, 'completed'],
    ]);
  });

  it('keeps the newest log lines only', () => {
    const live = createBuffer();
    live.buffer.push(Array.from({ length: 5010 }, (_, i) => print(String(i))));
    live.buffer.flush();
    expect([live.buffer.state.log.length, live.buffer.state.log[0]?.message]).toEqual([5000, '10']);
  });

  it('forgets what is pending with a new run', () => {
    const live = createBuffer();
    live.buffer.push([print('of the last run')]);
    live.buffer.reset();
    live.nextFrame();
    expect(live.buffer.state.log).toEqual([]);
  });
});
