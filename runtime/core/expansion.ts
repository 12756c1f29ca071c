/** What a composite operator stands for: other operators, by type and config, and how they are joined. */
import type { EdgeRef, TextRange } from './diagnostics.ts';

export interface Expansion {
  /** Each after all it reads from. */
  readonly nodes: readonly ExpandedNode[];
  /** Between `nodes`. */
  readonly edges: readonly EdgeRef[];
  /** Who reads each input port of the composite. */
  readonly inputs: Readonly<Record<string, readonly PortRef[]>>;
  /** Who writes each output port of the composite. */
  readonly outputs: Readonly<Record<string, PortRef>>;
}

export interface PortRef {
  readonly node: string;
  readonly port: string;
}

export interface ExpandedNode {
  /** Unique in the expansion. */
  readonly id: string;
  readonly type: string;
  readonly label: string;
  /** As a document writes it, at the type's newest version. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where parts of the config come from, by path (`fields[1].expr`); '' for the whole. What has no origin has that of the part around it. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Said before what is wrong with it, where the origin alone does not tell. */
  readonly context?: string;
  /** What it asks for, where the composite does not. */
  readonly parallelism?: number;
}

/** A place in the composite's own config. */
export interface Origin {
  readonly path: string;
  readonly range?: TextRange;
  /** Where the characters of a text come from, ascending. */
  readonly pieces?: readonly TextPiece[];
}

/** Characters of an inner text and those of the composite's that they come from: the same ones when there are as many. */
export interface TextPiece {
  readonly inner: TextRange;
  readonly outer: TextRange;
}

/** Where in the composite's config a problem of one of its nodes lies. */
export function placeInComposite(
  { origins }: ExpandedNode,
  path: string,
  range: TextRange | undefined,
): { readonly path?: string; readonly range?: TextRange } {
  for (let at = path; ; at = outerPath(at)) {
    const origin = origins[at];
    if (origin !== undefined) {
      const mapped = at === path && range !== undefined ? mapRange(origin, range) : origin.range;
      return { path: origin.path, ...(mapped === undefined ? {} : { range: mapped }) };
    }
    if (at === '') return {};
  }
}

/** `fields[1].expr` → `fields[1]` → `fields` → ''. */
function outerPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('[')));
}

function mapRange({ range, pieces = [] }: Origin, { start, end }: TextRange): TextRange | undefined {
  const touched = pieces.filter(({ inner }) => inner.start < Math.max(end, start + 1) && inner.end > start);
  const first = touched[0];
  const last = touched.at(-1);
  if (first === undefined || last === undefined) return range;
  return {
    start: isVerbatim(first)
      ? Math.max(first.outer.start, first.outer.start + start - first.inner.start)
      : first.outer.start,
    end: isVerbatim(last) ? Math.min(last.outer.end, last.outer.end - last.inner.end + end) : last.outer.end,
  };
}

function isVerbatim({ inner, outer }: TextPiece): boolean {
  return inner.end - inner.start === outer.end - outer.start;
}
