/**
 * Which names in SQL texts of a config are the renamed fields. Only the operator can read its text, so it is asked: first with all names but
 * those behind AS, then without those that it finds wrong, and so on until it finds nothing wrong that was not wrong before.
 */
import { printPath, type ConfigLeaf } from '../../core/config.ts';
import type { Diagnostic, TextRange } from '../../core/diagnostics.ts';
import { backquoted, printName } from '../../expression/index.ts';
import type { ConfigPath } from '../../graph/index.ts';
import type { Names } from './names.ts';
import type { TextChange } from './text-change.ts';
import { namesInSql, type Mention } from './texts.ts';

interface Place extends Mention {
  readonly path: ConfigPath;
  readonly text: string;
}

interface Outcome {
  readonly outputs: ReadonlyMap<string, Names> | null;
  readonly errors: readonly Diagnostic[];
}

interface Fitted {
  readonly changes: readonly TextChange[];
  readonly outputs: ReadonlyMap<string, Names> | null;
}

/** `ask`: what the node makes of it. Where nothing fits, all names are changes in doubt. */
export function fitSql(
  leaves: readonly ConfigLeaf[],
  names: Names,
  ask: (changes: readonly TextChange[]) => Outcome,
): Fitted {
  const places = leaves.flatMap(({ form, path, value }): Place[] =>
    form.widget === 'code' && typeof value === 'string'
      ? namesInSql(value, new Set(names.keys())).map((one) => ({ ...one, path, text: value }))
      : [],
  );
  if (places.length === 0) return { changes: [], outputs: ask([]).outputs };
  const starts = [places.filter(({ role }) => role === 'name'), places.filter(({ role }) => role !== 'alias'), places];
  for (const print of [printName, backquoted]) {
    for (const start of starts) {
      const fitted = fitFrom(start, names, print, ask);
      if (fitted !== null) return fitted;
    }
  }
  const doubtful = changesAt(places, names, printName).map((one) => ({ ...one, doubt: 'likely' as const }));
  return { changes: doubtful, outputs: ask([]).outputs };
}

function fitFrom(
  start: readonly Place[],
  names: Names,
  print: (name: string) => string,
  ask: (changes: readonly TextChange[]) => Outcome,
): Fitted | null {
  let picked = start;
  for (;;) {
    const changes = changesAt(picked, names, print);
    const { outputs, errors } = ask(changes);
    if (outputs !== null) return { changes, outputs };
    const left = picked.filter((place) => !isBlamed(place, changes, errors));
    if (left.length === picked.length || left.length === 0) return null;
    picked = left;
  }
}

function changesAt(places: readonly Place[], names: Names, print: (name: string) => string): readonly TextChange[] {
  const changes = new Map<string, TextChange>();
  for (const { path, text, name, range } of places) {
    const edits = changes.get(printPath(path))?.edits ?? [];
    changes.set(printPath(path), {
      path,
      text,
      edits: [...edits, { range, text: print(names.get(name)!) }],
      doubt: 'none',
    });
  }
  return [...changes.values()];
}

/** Whether an error is about this name, as it reads in the changed text. */
function isBlamed(place: Place, changes: readonly TextChange[], errors: readonly Diagnostic[]): boolean {
  const path = printPath(place.path);
  const edits = changes.find((one) => printPath(one.path) === path)?.edits ?? [];
  const shift = edits
    .filter(({ range }) => range.start < place.range.start)
    .reduce((sum, { range, text }) => sum + text.length - (range.end - range.start), 0);
  const own = edits.find(({ range }) => range.start === place.range.start);
  const start = place.range.start + shift;
  const now: TextRange = { start, end: start + (own?.text.length ?? place.range.end - place.range.start) };
  return errors.some(({ path: at, range }) => at === path && range !== undefined && overlap(range, now));
}

function overlap(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}
