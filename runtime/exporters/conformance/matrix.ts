/** The matrix of what is proven, as Markdown. */
import { gapOf } from './known-gaps.ts';
import type { Outcome } from './verify.ts';

/** `engine`: as `--target` names it. */
export function printMatrix(engine: string, label: string, target: string, outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => `| ${cells(engine, outcome).map(escaped).join(' | ')} |`);
  const count = (result: Outcome['result']): number => outcomes.filter((one) => one.result === result).length;
  const gaps = outcomes.filter(({ result }) => result === 'different' || result === 'failed');
  return `# ${target} on ${label}

Written by \`npm run verify:engines\`. Each case runs here and, exported, on the real engine, over the same input files; the rows that are left at each sink in the end are compared as
multisets. "Export" says how near the export of the pipeline comes, its sources included; they are replaced by recorded files for the comparison, so that a case whose source has no place in the
target is compared as well.

${outcomes.length} cases: ${count('equal')} equal, ${count('impossible')} impossible, ${gaps.length} known to differ.

| case | export | rows | compared | what is to be known |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function cells(engine: string, { name, fidelity, result, isBatch, rows, losses, details }: Outcome): readonly string[] {
  const gap = gapOf(engine, name);
  const notes = losses.flatMap(({ node, losses: own }) => own.map(({ text }) => `${node}: ${text}`));
  const known = gap === null ? notes : [gap.why, ...notes];
  return [
    name,
    fidelity,
    result === 'impossible' ? '' : String(rows),
    result === 'equal'
      ? isBatch
        ? 'equal, as a batch job'
        : 'equal'
      : result === 'impossible'
        ? 'impossible'
        : 'known gap',
    [...new Set(result === 'impossible' ? [...details, ...known] : known)].join(' · '),
  ];
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
