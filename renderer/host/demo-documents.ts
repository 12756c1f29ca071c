/** Pipelines to look at. */
const attackAlerts = {
  format: 'millrace/pipeline',
  version: 1,
  name: 'Attack alerts',
  description: 'Failed logins per address and minute',
  settings: { parallelism: 2 },
  nodes: [
    {
      id: 'accessLog',
      type: 'source.file',
      label: 'Access log',
      position: { x: 0, y: 0 },
      config: {
        path: 'logs/access-*.jsonl',
        format: 'jsonl',
        schema: [
          { name: 'ip', type: 'STRING' },
          { name: 'path', type: 'STRING' },
          { name: 'status', type: 'INT' },
          { name: 'ts', type: 'TIMESTAMP' },
        ],
        follow: true,
        eventTime: { field: 'ts', maxOutOfOrdernessMs: 2000 },
      },
    },
    {
      id: 'suspicious',
      type: 'filter',
      label: 'Suspicious',
      position: { x: 296, y: 0 },
      config: { condition: "status >= 400 AND path LIKE '/login%'" },
    },
    {
      id: 'reputation',
      type: 'source.file',
      label: 'IP reputation',
      position: { x: 0, y: 200 },
      config: {
        path: 'data/reputation.csv',
        format: 'csv',
        schema: [
          { name: 'ip', type: 'STRING' },
          { name: 'path', type: 'STRING' },
          { name: 'status', type: 'INT' },
          { name: 'ts', type: 'TIMESTAMP' },
        ],
        eventTime: { field: 'ts', maxOutOfOrdernessMs: 0 },
      },
    },
    { id: 'both', type: 'union', label: 'Both', position: { x: 576, y: 72 }, config: {} },
    {
      id: 'perMinute',
      type: 'aggregate.window',
      label: 'Brute force',
      position: { x: 848, y: 24 },
      config: {
        groupBy: ['ip'],
        window: { type: 'tumbling', size: '1 minute' },
        aggregates: [
          { as: 'attempts', fn: 'COUNT', expr: '*' },
          { as: 'paths', fn: 'COUNT', expr: 'path', distinct: true },
        ],
        allowedLateness: '0 seconds',
      },
    },
    {
      id: 'alerts',
      type: 'sink.file',
      label: 'Alerts',
      position: { x: 1128, y: -24 },
      config: { path: 'out/alerts.jsonl', format: 'jsonl' },
    },
    { id: 'late', type: 'sink.table', label: 'Late events', position: { x: 1128, y: 152 }, config: {} },
  ],
  edges: [
    { from: 'accessLog', to: 'suspicious' },
    { from: 'suspicious', to: 'both' },
    { from: 'reputation', to: 'both' },
    { from: 'both', to: 'perMinute' },
    { from: 'perMinute', to: 'alerts' },
    { from: 'perMinute', fromPort: 'late', to: 'late' },
  ],
};

const clicks = {
  format: 'millrace/pipeline',
  version: 1,
  name: 'Clicks',
  nodes: [
    {
      id: 'clicks',
      type: 'source.file',
      label: 'Clicks',
      position: { x: 0, y: 0 },
      config: {
        path: 'data/clicks.csv',
        format: 'csv',
        schema: [
          { name: 'user', type: 'STRING' },
          { name: 'page', type: 'STRING' },
        ],
      },
    },
    {
      id: 'route',
      type: 'route',
      position: { x: 296, y: 0 },
      config: {
        cases: [
          { port: 'shop', condition: "page LIKE '/shop%'" },
          { port: 'help', condition: "pge = '/help'" },
        ],
      },
    },
    { id: 'out', type: 'sink.table', position: { x: 608, y: 0 }, config: {} },
  ],
  edges: [
    { from: 'clicks', to: 'route' },
    { from: 'route', fromPort: 'shop', to: 'out' },
  ],
};

const empty = { format: 'millrace/pipeline', version: 1, name: 'Empty' };

export const demoFiles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'attack-alerts.pipeline.json': attackAlerts,
    'clicks.pipeline.json': clicks,
    'drafts/empty.pipeline.json': empty,
  }).map(([path, document]) => [path, JSON.stringify(document, null, 2)]),
);
