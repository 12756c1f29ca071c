/** Queries that use every clause there is, and the streams that they read: `users` goes by `seen`. */
import { shape } from './builders.ts';

export const SQL_STREAMS = {
  clicks: shape('user STRING, page STRING, ms INT, tags ARRAY<STRING>, ts TIMESTAMP', { eventTime: true }),
  orders: shape('id BIGINT, user STRING, amount DOUBLE, at TIMESTAMP', { eventTime: true }),
  users: shape('user STRING, name STRING, since TIMESTAMP, seen TIMESTAMP', { eventTime: true }),
};

export const SQL_QUERIES: readonly string[] = [
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
  "SELECT * FROM clicks MATCH_RECOGNIZE (PARTITION BY user ORDER BY ts MEASURES FIRST(A.page) AS page, COUNT(B.page) AS n ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+? C{2}) WITHIN INTERVAL '1' HOUR DEFINE A AS A.ms > 1, B AS B.ms < LAST(A.ms, 1)) AS m",
  'SELECT page, COUNT(*) AS n FROM clicks GROUP BY page ORDER BY n DESC LIMIT 3',
];
