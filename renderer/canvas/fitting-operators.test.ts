import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import { catalog } from '../../runtime/operators/catalog.ts';
import { sketch } from '../testing/app.tsx';
import { addAttached, fits, mainPort, searchOperators, unfitFor, type Attachment } from './fitting-operators.ts';

const specs = Object.values(catalog);
const document = sketch({ a: { type: 'source.file' }, b: { type: 'sink.table' } }, ['a -> b']);
const edge = { from: 'a', fromPort: 'out', to: 'b', toPort: 'in' };
const after: Attachment = { type: 'after', node: nodeId('a'), port: 'rejected' };

function printed(edges: readonly { from: string; fromPort: string; to: string; toPort: string }[]): string[] {
  return edges.map((one) => `${one.from}.${one.fromPort} -> ${one.to}.${one.toPort}`);
}

describe('operators that fit', () => {
  it('behind a port are those with an input, before one those with an output, on an edge those with both', () => {
    const categories = (attachment: Attachment) =>
      new Set(specs.filter((spec) => fits(spec, attachment)).map((spec) => spec.category));
    expect(categories(after).has('source')).toBe(false);
    expect(categories({ type: 'before', node: nodeId('b'), port: 'in' }).has('sink')).toBe(false);
    expect(
      [...categories({ type: 'on-edge', edge })].some((category) => category === 'source' || category === 'sink'),
    ).toBe(false);
    expect(specs.every((spec) => fits(spec, { type: 'none' }))).toBe(true);
  });

  it('are joined to what they were dragged from', () => {
    const added = addAttached(document, catalog.filter, { x: 0, y: 0 }, after);
    expect(printed(added.document.edges)).toEqual(['a.out -> b.in', 'a.rejected -> filter.in']);
  });

  it('are put into an edge by their main ports', () => {
    const added = addAttached(document, catalog['aggregate.window'], { x: 0, y: 0 }, { type: 'on-edge', edge });
    expect(printed(added.document.edges)).toEqual(['a.out -> aggregateWindow.in', 'aggregateWindow.out -> b.in']);
  });

  it('stay on their own where their ports do not allow more', () => {
    const added = addAttached(document, catalog['source.file'], { x: 0, y: 0 }, { type: 'on-edge', edge });
    expect([added.document.nodes.length, added.document.edges]).toEqual([3, document.edges]);
  });

  it('have as main port the first that is not optional', () => {
    expect(
      mainPort([
        { name: 'late', label: '', isOptional: true },
        { name: 'out', label: '' },
      ])?.name,
    ).toBe('out');
    expect(mainPort([])).toBeNull();
  });
});

describe('search for operators', () => {
  const names = (spec: AnyOperatorSpec) => ({ label: spec.label, summary: spec.summary });
  const find = (query: string) => searchOperators(specs, query, names).map((spec) => spec.type);

  it('goes through names, types and keywords; all words must be there', () => {
    expect(find('session')).toContain('aggregate.window');
    expect(find('csv read')).toContain('source.file');
    expect(find('filter nonsense')).toEqual([]);
  });

  it('puts names that begin with the word first', () => expect(find('filter')[0]).toBe('filter'));

  it('lists all by category without a query', () => {
    expect(find('')).toHaveLength(specs.length);
    expect(find('')[0]).toMatch(/^source/);
  });
});

describe('unfitFor', () => {
  const shape = { schema: { fields: [] }, eventTime: false, changelog: 'append', bounded: true } as const;

  it('tells what a stream lacks for an operator', () => {
    expect(unfitFor(catalog['aggregate.window'], shape)).toBe('needsEventTime');
    expect(unfitFor(catalog['aggregate.window'], { ...shape, eventTime: true })).toBeNull();
    expect(unfitFor(catalog['aggregate.window'], { ...shape, eventTime: true, changelog: 'update' })).toBe(
      'refusesUpdates',
    );
    expect(unfitFor(catalog.filter, { ...shape, changelog: 'update' })).toBeNull();
    expect(unfitFor(catalog.filter, null)).toBeNull();
  });
});
