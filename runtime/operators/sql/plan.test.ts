/** What queries become: the operators, by id and config. */
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import type { Diagnostic } from '../../core/diagnostics.ts';
import { shape } from '../../testing/builders.ts';
import { sqlSpec } from './spec.ts';

const STREAMS = {
  clicks: shape('user STRING, page STRING, ms INT, tags ARRAY<STRING>, ts TIMESTAMP', { eventTime: true }),
  orders: shape('id BIGINT, user STRING, amount DOUBLE, at TIMESTAMP', { eventTime: true }),
  users: shape('user STRING, name STRING, since TIMESTAMP, seen TIMESTAMP', { eventTime: true }),
};

function explain(query: string): string {
  const { value } = checkConfig(sqlSpec.config, {
    inputs: [{ name: 'clicks' }, { name: 'orders' }, { name: 'users', time: 'seen' }],
    query,
  });
  const problems: Omit<Diagnostic, 'severity'>[] = [];
  const inputs = Object.entries(STREAMS).map(([port, one]) => ({ port, shape: one }));
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
  it.each([
    'SELECT * FROM clicks',
    "SELECT user, UPPER(c.page) AS page, ms + 1 FROM clicks AS c WHERE c.ms > 10 AND page <> '/'",
    'SELECT page, COUNT(*) AS n, SUM(ms) * 1.0 / COUNT(*) AS mean FROM clicks GROUP BY page HAVING COUNT(*) > 2',
    "SELECT window_start, page, COUNT(DISTINCT user) FILTER (WHERE ms > 1) AS n FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, page",
    "SELECT user, MAX(ms) AS most FROM TABLE(HOP(DATA => TABLE clicks, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '5' SECOND, SIZE => INTERVAL '10' SECOND)) GROUP BY window_start, window_end, user",
    "SELECT user, COUNT(*) AS n FROM TABLE(SESSION(TABLE clicks PARTITION BY user, DESCRIPTOR(ts), INTERVAL '30' SECOND)) GROUP BY user, window_start, window_end",
    "WITH m AS (SELECT window_time AS t, page, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, page) SELECT window_end, MAX(n) AS most FROM TABLE(TUMBLE(TABLE m, DESCRIPTOR(t), INTERVAL '1' HOUR)) GROUP BY window_start, window_end",
    'SELECT UPPER(page) AS p, COUNT(*) n FROM clicks GROUP BY UPPER(page)',
    'SELECT DISTINCT user, page FROM clicks',
    'SELECT user FROM clicks UNION ALL SELECT name FROM users',
    'SELECT c.page, u.name FROM clicks c LEFT JOIN users u ON c.user = u.user AND c.ms > 5',
    "SELECT o.id, c.page FROM clicks c, orders o WHERE c.user = o.user AND o.at BETWEEN c.ts - INTERVAL '5' SECOND AND c.ts + INTERVAL '1' MINUTE AND c.ms > 3",
    "SELECT L.page, R.id, L.window_start FROM (SELECT * FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) L JOIN (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(at), INTERVAL '1' MINUTE))) R ON L.user = R.user AND L.window_start = R.window_start AND L.window_end = R.window_end",
    'SELECT o.id, u.name FROM orders AS o LEFT JOIN users FOR SYSTEM_TIME AS OF o.at AS u ON o.user = u.user',
    'SELECT user, tag FROM clicks CROSS JOIN UNNEST(tags) AS t (tag)',
    "SELECT user, SUM(ms) OVER (PARTITION BY user ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS total FROM clicks",
    'SELECT user, page, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user ORDER BY ms DESC) AS rn FROM clicks) WHERE rn <= 3',
    'SELECT user, page FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user ORDER BY ts DESC) AS rn FROM clicks) WHERE rn = 1',
    "SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS rn FROM (SELECT window_start, window_end, page, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, page)) WHERE rn <= 2",
    "SELECT * FROM clicks MATCH_RECOGNIZE (PARTITION BY user ORDER BY ts MEASURES FIRST(A.page) AS page, COUNT(B.page) AS n ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+? C{2,3}) WITHIN INTERVAL '1' HOUR DEFINE A AS A.ms > 1, B AS B.ms < LAST(A.ms, 1)) AS m",
    'SELECT page, COUNT(*) AS n FROM clicks GROUP BY page ORDER BY n DESC LIMIT 3',
  ])('%s', (query) => {
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
