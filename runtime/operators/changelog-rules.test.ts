/** Who takes updates and who makes them, as a table that the catalog writes. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { StreamShape } from '../core/schema.ts';
import { catalogSubjects, type CatalogSubject } from '../testing/catalog-subjects.ts';
import { exampleInputs } from '../testing/docs-example.ts';
import { inferOperator } from '../testing/operator-harness.ts';
import { traitsOf } from '../testing/operator-trial.ts';

const INTRODUCTION =
  "For the config in each operator's docs. Another config may answer otherwise: `dedup` takes and makes updates when it keeps the last row.";
const HEADER = ['operator', 'takes updates', 'of rows it makes', 'of updates it makes'];

/** `nothing` of a sink; a `-` where the input is refused. */
function makes({ spec, example }: CatalogSubject, changelog: StreamShape['changelog']): string {
  const inputs = exampleInputs(spec, example).map((input) => ({ ...input, shape: { ...input.shape, changelog } }));
  const { outputs, diagnostics } = inferOperator(spec, example.config, inputs);
  if (diagnostics.some(({ code }) => code === 'MR1503')) return '-';
  const words = new Set(Object.values(outputs).map((shape) => (shape.changelog === 'update' ? 'updates' : 'rows')));
  return words.size === 0 ? 'nothing' : [...words].sort().join(' and ');
}

function ruleOf(subject: CatalogSubject): readonly string[] {
  const { type, example } = subject;
  const takesUpdates = example.inputs.length > 0 && traitsOf(subject, example.config).acceptsUpdates;
  const takes = example.inputs.length === 0 ? '-' : takesUpdates ? 'yes' : 'no';
  return [`\`${type}\``, takes, makes(subject, 'append'), takesUpdates ? makes(subject, 'update') : '-'];
}

/** With columns of one width, as prettier lays tables out. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |\n`;
  const [header, ...body] = rows;
  return [header!, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('');
}

// `npx vitest run runtime/operators/changelog-rules.test.ts -u` writes it anew.
it('says in changelog-rules.md who takes updates and who makes them', async () => {
  const text = `# Updates: who takes them, who makes them\n\n${INTRODUCTION}\n\n${table([HEADER, ...catalogSubjects().map(ruleOf)])}`;
  await expect(text).toMatchFileSnapshot(fileURLToPath(new URL('changelog-rules.md', import.meta.url)));
});
