/** A benchmark: figures of one run on one machine, with the peer it is compared with. */
export interface BenchOptions {
  /** Runs whose median counts. */
  readonly runs: number;
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
}

export interface BenchTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Benchmark {
  readonly name: string;
  readonly about: string;
  run(options: BenchOptions): Promise<BenchTable>;
}

/** As GitHub's Markdown, for terminals and README files alike. */
export function printTable({ columns, rows }: BenchTable): string {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, c) => cell.padEnd(widths[c]!)).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...body].join('\n');
}
