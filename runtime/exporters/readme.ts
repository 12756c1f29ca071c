/** README.md of an export: what is in it, what it needs, how it is run, and what differs. */
import type { ExportGraph } from './export-graph.ts';
import { printLosses, type LossReport } from './loss-report.ts';
import type { Export, ExportedFile, Target } from './target.ts';

export function readmeOf(graph: ExportGraph, target: Target, exported: Export, report: LossReport): string {
  const { files, dependencies, commands } = exported;
  const system = target.version === null ? target.label : `${target.label}, version ${target.version}`;
  const sections = [
    `# ${graph.name}\n\n${graph.description === '' ? '' : `${graph.description}\n\n`}Exported by Millrace for ${system}.\n`,
    `## Files\n\n${fileLines(files).join('\n')}\n- \`manifest.json\`: all of this for programs\n`,
    ...(dependencies.length === 0 ? [] : [`## What it needs\n\n${dependencies.map(dependencyLine).join('\n')}\n`]),
    ...(commands.length === 0 ? [] : [`## How it is run\n\n${commands.map(commandBlock).join('\n')}`]),
    `## What differs\n\n${printLosses(report)}`,
  ];
  return sections.join('\n');
}

/** Files that are the same thing are told by their folder. */
function fileLines(files: readonly ExportedFile[]): readonly string[] {
  return [...new Set(files.map(({ about }) => about))].map((about) => {
    const [one, ...others] = files.filter((file) => file.about === about).map(({ path }) => path);
    const name = others.length === 0 ? one! : one!.slice(0, one!.lastIndexOf('/') + 1);
    return `- \`${name}\`: ${about}`;
  });
}

function dependencyLine({ name, version, why }: Export['dependencies'][number]): string {
  return `- \`${name}\`, version ${version}: ${why}`;
}

function commandBlock({ about, shell }: Export['commands'][number]): string {
  return `${about}\n\n\`\`\`sh\n${shell}\n\`\`\`\n`;
}
