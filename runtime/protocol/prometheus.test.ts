import { describe, expect, it } from 'vitest';
import { printMetricFamilies } from './prometheus.ts';

describe('the exposition format', () => {
  it('says what a family is before its samples', () => {
    const samples = [
      { labels: { job_name: 'a', port: 'out' }, value: 5 },
      { labels: {}, value: 0.25 },
    ];
    expect(printMetricFamilies([{ name: 'rows', type: 'counter', help: 'Rows.', samples }])).toBe(
      '# HELP rows Rows.\n# TYPE rows counter\nrows{job_name="a",port="out"} 5\nrows 0.25\n',
    );
  });

  it('escapes labels and help', () => {
    const samples = [{ labels: { name: 'say "a\\b"\n}, é' }, value: 1 }];
    expect(printMetricFamilies([{ name: 'x', type: 'gauge', help: 'One\\\n"two".', samples }])).toBe(
      '# HELP x One\\\\\\n"two".\n# TYPE x gauge\nx{name="say \\"a\\\\b\\"\\n}, é"} 1\n',
    );
  });

  it('names the numbers that have no digits', () => {
    const samples = [Infinity, -Infinity, NaN, 1e21, 1.7e12].map((value) => ({ labels: {}, value }));
    const lines = printMetricFamilies([{ name: 'x', type: 'gauge', help: '', samples }]).split('\n');
    expect(lines.slice(2, -1)).toEqual(['x +Inf', 'x -Inf', 'x NaN', 'x 1e+21', 'x 1700000000000']);
  });

  it('leaves out families without samples', () => {
    expect(printMetricFamilies([{ name: 'x', type: 'gauge', help: 'None.', samples: [] }])).toBe('');
  });
});
