/** Programs of other languages that drive an engine: texts by the names of their files. They come with the bundle, so that it needs no checkout. */
export type Sources = ReadonlyMap<string, string>;

/** Of a `import.meta.glob`, whose keys are paths. */
export function sourcesOf(files: Readonly<Record<string, string>>): Sources {
  return new Map(Object.entries(files).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]));
}
