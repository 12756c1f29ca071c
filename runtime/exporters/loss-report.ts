/** What a target keeps of a pipeline and what not, told before anything is written. */
import type { Fidelity, Remark } from '../core/exporter.ts';
import type { NodeId } from '../core/ids.ts';
import type { ExportGraph } from './export-graph.ts';

/** As `Remark`, and why there is nothing in the target. */
export interface Loss {
  readonly fidelity: Exclude<Fidelity, 'exact'>;
  readonly text: string;
}

export interface NodeLosses {
  /** Of the document. */
  readonly node: NodeId;
  readonly label: string;
  /** That of its worst loss. */
  readonly fidelity: Fidelity;
  readonly losses: readonly Loss[];
}

export interface LossReport {
  readonly target: string;
  /** Of the whole: the worst there is. */
  readonly fidelity: Fidelity;
  /** What concerns the job and no single node. */
  readonly job: readonly Remark[];
  /** Every node of the document that the target was asked about, in the order of the flow. */
  readonly nodes: readonly NodeLosses[];
}

const ORDER: readonly Fidelity[] = ['exact', 'note', 'approximate', 'impossible'];

/** What a target says of the parts that it was given: `node` is one of the graph's, perhaps of a composite. */
export interface PartLosses {
  readonly node: NodeId;
  readonly losses: readonly Loss[];
}

/** Parts of a composite count as the composite. */
export function lossReport(
  target: string,
  graph: ExportGraph,
  parts: readonly PartLosses[],
  job: readonly Remark[],
): LossReport {
  const nodes = new Map<NodeId, { label: string; losses: Loss[] }>();
  for (const { id, origin, label } of graph.nodes) {
    const known = nodes.get(origin) ?? { label: id === origin ? label : origin, losses: [] };
    nodes.set(origin, known);
    for (const { node, losses } of parts) {
      if (node !== id) continue;
      known.losses.push(...losses.filter(({ text }) => !known.losses.some((one) => one.text === text)));
    }
  }
  const all = [...nodes].map(([node, { label, losses }]): NodeLosses => ({
    node,
    label,
    fidelity: worst(losses),
    losses,
  }));
  return { target, fidelity: worst([...job, ...all]), job, nodes: all };
}

function worst(things: readonly { readonly fidelity: Fidelity }[]): Fidelity {
  return ORDER[Math.max(0, ...things.map(({ fidelity }) => ORDER.indexOf(fidelity)))]!;
}

const WORDS: Readonly<Record<Fidelity, string>> = {
  exact: 'exact',
  note: 'exact, with a note',
  approximate: 'approximate',
  impossible: 'impossible',
};

function isSameLoss(a: Loss, b: Loss): boolean {
  return a.fidelity === b.fidelity && a.text === b.text;
}

/** As Markdown: a table of what is not plainly exact, each reason once. */
export function printLosses({ job, nodes }: LossReport): string {
  const told = [
    ...job.map((remark) => ({ ...remark, what: 'the job' })),
    ...nodes.flatMap(({ node, label, losses }) =>
      losses.map((loss) => ({ ...loss, what: label === node ? `\`${node}\`` : `${label} (\`${node}\`)` })),
    ),
  ];
  const rows = told
    .filter((one, i) => told.findIndex((other) => isSameLoss(other, one)) === i)
    .map((one) => [
      told
        .filter((other) => isSameLoss(other, one))
        .map(({ what }) => what)
        .join(', '),
      WORDS[one.fidelity],
      one.text,
    ]) // prettier-ignore
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`);
  if (rows.length === 0) return 'Every operator is exact.\n';
  const others = nodes.filter(({ losses }) => losses.length === 0).length;
  const rest = others === 0 ? '' : `\nThe other ${others === 1 ? 'operator is' : `${others} operators are`} exact.\n`;
  return `| what | how near | why |\n| --- | --- | --- |\n${rows.join('\n')}\n${rest}`;
}
