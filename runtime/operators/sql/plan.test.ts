/** What queries become: the operators, by id and config. */
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import type { Diagnostic } from '../../core/diagnostics.ts';
import { SQL_QUERIES, SQL_STREAMS } from '../../testing/sql-queries.ts';
import { sqlSpec } from './spec.ts';

function explain(query: string): string {
  const { value } = checkConfig(sqlSpec.config, {
    inputs: [{ name: 'clicks' }, { name: 'orders' }, { name: 'users', time: 'seen' }],
    query,
  });
  const problems: Omit<Diagnostic, 'severity'>[] = [];
  const inputs = Object.entries(SQL_STREAMS).map(([port, one]) => ({ port, shape: one }));
  const expansion = sqlSpec.expand(value!, inputs, (problem) => {
    if (problem.code !== 'MR1805') problems.push(problem);
  });
  if (expansion === null)
    return problems
      .map(({ code, message, range }) => `${code} [${query.slice(range?.start, range?.end)}] ${message}`)
      .join('\n');
  const reads = (id: string): string[] => [
    ...Object.entries(expansion.inputs).flatMap(([name, readers]) =>
      readers.filter(({ node }) => node === id).map(({ port }) => (port === 'in' ? name : `${port}=${name}`)),
    ),
    ...expansion.edges
      .filter(({ to }) => to === id)
      .map(({ from, toPort }) => (toPort === 'in' ? from : `${toPort}=${from}`)),
  ];
  return expansion.nodes
    .map(({ id, type, config }) => `${id}: ${type} ${JSON.stringify(config)} ← ${reads(id).join(', ')}`)
    .join('\n');
}

describe('a query is planned into operators', () => {
  it.each(SQL_QUERIES)('%s', (query) => {
    expect(explain(query)).toMatchSnapshot();
  });
});

describe('what cannot be planned is named, with its place and what to write instead', () => {
  it.each([
    ['SELECT user FROM clicks ORDER BY user', 'MR1802', 'SELECT user FROM clicks ORDER BY user'],
    ['SELECT user FROM clicks LIMIT 5', 'MR1802', 'LIMIT 5'],
    ['SELECT user FROM clicks UNION SELECT name FROM users', 'MR1802', 'UNION'],
    ['SELECT user FROM clicks WHERE user IN (SELECT user FROM users)', 'MR1802', 'SELECT'],
    ['SELECT * FROM clicks WHERE COUNT(*) > 1', 'MR1803', 'COUNT(*)'],
    ['SELECT page, COUNT(*) FROM clicks GROUP BY user', 'MR1803', 'page'],
    ['SELECT user FROM clicks c JOIN users u ON c.user = u.user', 'MR1307', 'user'],
    ['SELECT c.page FROM clicks c JOIN users u ON c.ms > 3', 'MR1802', 'clicks c JOIN users u ON c.ms > 3'],
    ['SELECT page FROM nowhere', 'MR1803', 'nowhere'],
    [
      "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(page), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
      'MR1804',
      'page',
    ],
    [
      "SELECT window_start FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
      'MR1802',
      "TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
    ],
    [
      'SELECT user, ROW_NUMBER() OVER (PARTITION BY user ORDER BY ms) AS rn FROM clicks',
      'MR1802',
      'ROW_NUMBER() OVER (PARTITION BY user ORDER BY ms)',
    ],
    ['SELECT user FRM clicks', 'MR1801', 'clicks'],
    ['SELECT user FROM', 'MR1801', 'M'],
    ['INSERT INTO x SELECT * FROM clicks', 'MR1802', 'INSERT'],
    ["SELECT 'abc FROM clicks", 'MR1801', "'abc FROM clicks"],
  ])('%s', (query, code, place) => {
    expect(explain(query).startsWith(`${code} [${place}] `), explain(query)).toBe(true);
  });
});
