import { describe, expect, it } from 'vitest';
import { record, redo, redoLabel, seal, startHistory, undo, undoLabel } from './history.ts';

describe('history', () => {
  it('goes back and forth by steps', () => {
    const two = record(record(startHistory('a'), 'b', 'to b'), 'c', 'to c');
    const one = undo(two);
    expect([one.present, undoLabel(one), redoLabel(one)]).toEqual(['b', 'to b', 'to c']);
    expect(undo(one).present).toBe('a');
    expect(redo(one).present).toBe('c');
    expect(redo(undo(undo(two))).present).toBe('b');
  });

  it('does nothing at its ends, nor for no change', () => {
    const start = startHistory('a');
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
    expect(record(start, 'a', 'nothing')).toBe(start);
    expect([undoLabel(start), redoLabel(start)]).toEqual([null, null]);
  });

  it('forgets what was undone once something new is done', () => {
    expect(redoLabel(record(undo(record(startHistory('a'), 'b', 'to b')), 'c', 'to c'))).toBeNull();
  });

  it('joins changes with the same key into one step', () => {
    const typed = record(record(startHistory(''), 'h', 'Type', 'name'), 'hi', 'Type', 'name');
    expect(undo(typed).present).toBe('');
    const other = record(typed, 'hi!', 'Type', 'label');
    expect(undo(other).present).toBe('hi');
    expect(undo(record(seal(typed), 'hi!', 'Type', 'name')).present).toBe('hi');
    const afterUndo = record(undo(other), 'ho', 'Type', 'name');
    expect(undo(afterUndo).present).toBe('hi');
  });

  it('has an end', () => {
    let history = startHistory(0);
    for (let i = 1; i <= 1000; i++) history = record(history, i, 'count');
    expect(history.past.length).toBe(200);
    expect(history.past[0]?.state).toBe(800);
  });
});
