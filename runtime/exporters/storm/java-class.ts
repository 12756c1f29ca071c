/** A class of an export as a Java file. */
import type { StormClass } from '../../core/exporter.ts';
import { longCall } from '../../operators/shared/storm/java.ts';
import { classesIn, library, LIBRARY_PACKAGE, staticCalls, withoutTexts } from './library.ts';

export interface NamedClass extends StormClass {
  readonly name: string;
  /** Lines of its comment. */
  readonly comment: readonly string[];
}

const WIDTH = 110;

/** Java's own classes that generated code names. */
const JAVA: Readonly<Record<string, string>> = {
  Arrays: 'java.util.Arrays',
  BigDecimal: 'java.math.BigDecimal',
  Duration: 'java.time.Duration',
  Instant: 'java.time.Instant',
  List: 'java.util.List',
  LocalDate: 'java.time.LocalDate',
  Map: 'java.util.Map',
};

/** Names that a class of an export cannot have. */
export function isTaken(name: string): boolean {
  return library.has(name) || name in JAVA || LANG.has(name);
}

/** Of `java.lang`, what generated code or the library names. */
const LANG: ReadonlySet<string> = new Set(
  'Object String Boolean Integer Long Double Number Math Override System Record Enum Iterable Comparable Process Thread Void Class Order Kind Keep'.split(
    ' ',
  ),
);

export function printClass(packageName: string, one: NamedClass): string {
  const { name, base, args, setup = [], members = [], comment } = one;
  const body = [
    constructorText(name, args, setup),
    ...members.map((member) => member.replaceAll(/^(?=.)/gm, '  ')),
  ].join('\n\n');
  const code = `public final class ${name} extends ${base} {\n${body}\n}\n`;
  return `package ${packageName};\n\n${imports(code, base)}${javadoc(comment)}${code}`;
}

function constructorText(name: string, args: readonly string[], setup: readonly string[]): string {
  const flat = `    super(${args.join(', ')});`;
  const isShort = flat.length <= WIDTH && !flat.includes('\n');
  const call = isShort ? flat : `${longCall('super', args).replaceAll(/^/gm, '    ')};`;
  const lines = [...(args.length === 0 ? [] : [call]), ...setup.map((line) => `    ${line}`)];
  return `  public ${name}() {\n${lines.join('\n')}\n  }`;
}

function imports(code: string, base: string): string {
  const words = new Set(withoutTexts(code).match(/\b[A-Z]\w*/g));
  const statics = staticCalls(code).flatMap(({ name, methods }) =>
    methods.map((method) => `import static ${LIBRARY_PACKAGE}.${name}.${method};`),
  );
  const plain = [
    ...Object.entries(JAVA).filter(([name]) => words.has(name)).map(([, full]) => full), // prettier-ignore
    ...new Set([base, ...classesIn(code)].map((name) => `${LIBRARY_PACKAGE}.${name}`)),
  ].sort();
  return [statics, plain.map((full) => `import ${full};`)]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n\n`)
    .join('');
}

function javadoc(comment: readonly string[]): string {
  const lines = comment.flatMap((line) => wrapped(line.replaceAll('*/', '* /')));
  return lines.length === 1 ? `/** ${lines[0]!} */\n` : `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
