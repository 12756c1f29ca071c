import { describe, expect, it } from 'vitest';
import { migrateDocument, MIGRATIONS, type Migration } from './migrations.ts';
import { VERSION } from './document.ts';

describe('migrateDocument', () => {
  const migrations: Record<number, Migration> = {
    1: ({ title, ...raw }) => ({ ...raw, name: title }),
    2: (raw) => ({ ...raw, nodes: [] }),
  };

  it('goes from version to version', () => {
    expect(migrateDocument({ version: 1, title: 'p' }, migrations, 3)).toEqual({ version: 3, name: 'p', nodes: [] });
    expect(migrateDocument({ version: 2, name: 'p' }, migrations, 3)).toEqual({ version: 3, name: 'p', nodes: [] });
  });

  it('leaves the newest version, and what it does not know, as they are', () => {
    const newest = { version: 3 };
    expect(migrateDocument(newest, migrations, 3)).toBe(newest);
    const unknown = { version: 0 };
    expect(migrateDocument(unknown, migrations, 3)).toBe(unknown);
  });

  it('there is one for every version before the newest', () => {
    expect(Object.keys(MIGRATIONS).map(Number)).toEqual(Array.from({ length: VERSION - 1 }, (_, i) => i + 1));
  });
});
