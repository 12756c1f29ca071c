import { describe, expect, it } from 'vitest';
import { fitColumns } from './fit-columns.ts';

describe('fitColumns', () => {
  const columns = [{ width: 100 }, { width: 200, minWidth: 100 }, { width: 100, minWidth: 50 }];

  it('leaves columns that fit as they are', () => {
    expect(fitColumns(columns, 400)).toEqual([100, 200, 100]);
    expect(fitColumns([{ width: 40 }, {}], 20)).toEqual([40, undefined]);
  });

  it('takes from each in proportion to what it can give up', () => {
    expect(fitColumns(columns, 370)).toEqual([100, 180, 90]);
    expect(fitColumns(columns, 250)).toEqual([100, 100, 50]);
  });

  it('gives up when it would not do', () => {
    expect(fitColumns(columns, 249)).toEqual([100, 200, 100]);
    expect(fitColumns(columns, 0), 'not measured yet').toEqual([100, 200, 100]);
  });
});
