/** The Java that the classes of an export extend and call: as files, of which only those go along that are used. */
// Programs that import this file know the import.meta of Vite by it.
/// <reference types="vite/types/importMeta.d.ts" />

export const LIBRARY_PACKAGE = 'millrace.storm';

const FILES = import.meta.glob<string>('./library/*.java', { query: '?raw', import: 'default', eager: true });

/** Texts by the names of the classes. */
export const library: ReadonlyMap<string, string> = new Map(
  Object.entries(FILES).map(([path, text]) => [/([^/]+)\.java$/.exec(path)![1]!, text]),
);

/** Methods that are called by their names alone. */
const STATIC: readonly (readonly [name: string, methods: ReadonlySet<string>])[] = [
  'Functions',
  'JsonFunctions',
  'Lists',
  'Sql',
].map((name) => {
  const methods = library.get(name)!.matchAll(/public static (?:<[^>]*> )?[\w<>[\], ]+? (\w+)\(/g);
  return [name, new Set([...methods].map((match) => match[1]!))];
});

/** Classes whose methods a text calls by their names alone, with the names. */
export function staticCalls(java: string): readonly { readonly name: string; readonly methods: readonly string[] }[] {
  const called = new Set([...withoutTexts(java).matchAll(/(?<![.\w])([a-z]\w*)\(/g)].map((match) => match[1]!));
  return STATIC.map(([name, methods]) => ({
    name,
    methods: [...methods].filter((one) => called.has(one)).sort(),
  })).filter(({ methods }) => methods.length > 0);
}

/** Classes of the library that a text names. */
export function classesIn(java: string): readonly string[] {
  const words = new Set(withoutTexts(java).match(/\b[A-Z]\w*/g));
  return [...library.keys()].filter((name) => words.has(name));
}

/** These, and all that they need in turn, by name. */
export function withNeeded(names: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    classesIn(library.get(name)!).forEach(visit);
  };
  for (const name of names) visit(name);
  return [...found].sort();
}

/** Without what is in quotes or comments, where words name nothing. */
export function withoutTexts(java: string): string {
  return java.replaceAll(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/.*/g, '""');
}
