/**
 * Prometheus' text exposition format, version 0.0.4. Not prom-client's: its metrics are objects that a program keeps and
 * counts up, ours are a report, new at each scrape; and this file does without Node's built-ins.
 */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of one name; a name comes once in a text. */
export interface MetricFamily {
  readonly name: string;
  /** `summary`: samples are quantiles. */
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

/** Families without samples are left out. */
export function printMetricFamilies(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${escape(help)}\n`,
      `# TYPE ${name} ${type}\n`,
      ...samples.map(({ labels, value }) => `${name}${printLabels(labels)} ${printValue(value)}\n`),
    ])
    .join('');
}

function printLabels(labels: MetricSample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function printValue(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
