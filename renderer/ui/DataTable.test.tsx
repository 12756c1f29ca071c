import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderInApp, startTest } from '../testing/app.tsx';
import { DataTable, type TableColumn } from './DataTable.tsx';

interface City {
  readonly name: string;
  readonly people: number | null;
}

const columns: readonly TableColumn<City>[] = [
  { id: 'name', header: 'Name', value: (row) => row.name },
  { id: 'people', header: 'People', value: (row) => row.people, isNumeric: true },
];
const rows: readonly City[] = [
  { name: 'Bern', people: 134 },
  { name: 'Ulm', people: null },
  { name: 'Aachen', people: 249 },
];

function shown(): readonly string[] {
  return screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.firstElementChild?.textContent ?? '');
}

describe('data table', () => {
  beforeEach(() => void startTest());

  it('sorts by a column, NULLs last both ways', () => {
    renderInApp(<DataTable label="Cities" columns={columns} rows={rows} rowId={(row) => row.name} />);
    expect(shown()).toEqual(['Bern', 'Ulm', 'Aachen']);
    const people = screen.getByRole('button', { name: 'People' });
    fireEvent.click(people);
    const once = shown();
    fireEvent.click(people);
    const twice = shown();
    expect([once.at(-1), twice.at(-1)]).toEqual(['Ulm', 'Ulm']);
    expect(once.slice(0, 2)).toEqual(twice.slice(0, 2).toReversed());
    expect(screen.getByRole('columnheader', { name: 'People' }).getAttribute('aria-sort')).toMatch(
      /ascending|descending/,
    );
  });

  it('chooses a row by click and by Enter', () => {
    const onSelect = vi.fn();
    renderInApp(
      <DataTable
        label="Cities"
        columns={columns}
        rows={rows}
        rowId={(row) => row.name}
        selectedId="Ulm"
        onSelect={onSelect}
      />,
    );
    fireEvent.click(screen.getByText('Bern'));
    fireEvent.keyDown(screen.getByText('Aachen'), { key: 'Enter' });
    expect(onSelect.mock.calls.map(([row]) => (row as City).name)).toEqual(['Bern', 'Aachen']);
    expect(screen.getByText('Ulm').closest('tr')?.getAttribute('aria-selected')).toBe('true');
  });

  it('says that there is nothing', () => {
    renderInApp(
      <DataTable label="Cities" columns={columns} rows={[]} rowId={(row) => row.name} empty={<p>None yet</p>} />,
    );
    expect(screen.getByText('None yet')).toBeDefined();
  });
});
