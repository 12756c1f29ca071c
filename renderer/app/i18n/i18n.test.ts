import { afterEach, describe, expect, it } from 'vitest';
import i18next from 'i18next';
import { catalog } from '../../../runtime/operators/catalog.ts';
import { operatorLabel } from '../../ui/operator-assets.ts';
import { resources } from './index.ts';

/** `a.b.c` of every text. */
function keysOf(texts: unknown, prefix = ''): string[] {
  if (typeof texts !== 'object' || texts === null) return [prefix];
  return Object.entries(texts).flatMap(([key, value]) => keysOf(value, prefix === '' ? key : `${prefix}.${key}`));
}

const sources = import.meta.glob<string>(['../../**/*.{ts,tsx}', '!../../**/*.test.{ts,tsx}'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** Namespaces are the folders that have texts; `http:` and the like are none. */
const namespaces = Object.keys(resources['en'] ?? {});

function usedKeys(): { readonly key: string; readonly file: string }[] {
  const literal = new RegExp(`['"\`]((?:${namespaces.join('|')}):[A-Za-z0-9_.-]+)['"\`]`, 'g');
  return Object.entries(sources).flatMap(([file, text]) =>
    [...text.matchAll(literal)].map((match) => ({ key: match[1] ?? '', file })),
  );
}

describe('texts', () => {
  afterEach(() => i18next.changeLanguage('en'));

  it.each(namespaces)('has the same keys in both languages: %s', (namespace) => {
    const english = keysOf(resources['en']?.[namespace]).sort();
    const chinese = keysOf(resources['zh-CN']?.[namespace]).sort();
    expect(chinese).toEqual(english);
  });

  it('has every key that the code names', () => {
    const known = new Set(
      Object.entries(resources['en'] ?? {}).flatMap(([namespace, texts]) =>
        keysOf(texts).map((key) => `${namespace}:${key.replace(/_(zero|one|other)$/, '')}`),
      ),
    );
    expect(usedKeys().filter(({ key }) => !known.has(key))).toEqual([]);
  });

  it('keeps the placeholders of every text', () => {
    const placeholders = (text: unknown): string[] => (String(text).match(/\{\{\w+\}\}/g) ?? []).sort();
    const leaves = (texts: unknown): unknown[] =>
      typeof texts === 'object' && texts !== null ? Object.values(texts).flatMap(leaves) : [texts];
    for (const namespace of namespaces) {
      const english = leaves(resources['en']?.[namespace]).map(placeholders);
      expect(leaves(resources['zh-CN']?.[namespace]).map(placeholders)).toEqual(english);
    }
  });

  it('names every operator in Chinese, and none that is not there', () => {
    expect(Object.keys(resources['zh-CN']?.['operators'] ?? {}).sort()).toEqual(Object.keys(catalog).sort());
  });

  it('names every template in Chinese, and none that is not there', () => {
    const readmes = Object.keys(import.meta.glob('../../../templates/*/README.md'));
    expect(Object.keys(resources['zh-CN']?.['templates'] ?? {}).sort()).toEqual(
      readmes.map((file) => file.split('/').at(-2)).sort(),
    );
  });

  it("takes an operator's own name in English, the translation in Chinese", async () => {
    expect(operatorLabel(catalog.filter)).toBe('Filter');
    await i18next.changeLanguage('zh-CN');
    expect(operatorLabel(catalog.filter)).toBe('过滤');
  });
});
