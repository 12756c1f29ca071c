/** A document with something of everything that the app shows: a group, a note, a sub-pipeline, tiles, rejected rows, a silent window, tests that pass and fail. */

export const ORDERS = `id,amount,region,at\n${Array.from({ length: 4000 }, (_, i) =>
  i % 50 === 7
    ? `${i};${i}`
    : `${i},${(i * 37) % 500},${['north', 'south', 'east'][i % 3]},${1_760_000_000_000 + i * 3000}`,
).join('\n')}\n`;

const orders = {
  path: 'orders.csv',
  format: 'csv',
  schema: [
    { name: 'id', type: 'INT' },
    { name: 'amount', type: 'DOUBLE' },
    { name: 'region', type: 'STRING' },
    { name: 'at', type: 'TIMESTAMP' },
  ],
  eventTime: { field: 'at' },
  onError: 'reject',
  rowsPerSecond: 40,
  follow: true,
};

const hours = {
  groupBy: ['region'],
  window: { type: 'tumbling', size: '1 hour' },
  aggregates: [{ as: 'turnover', fn: 'SUM', expr: 'amount' }],
};

const count = { groupBy: ['region'], aggregates: [{ as: 'orders', fn: 'COUNT', expr: '*' }] };

function node(id: string, type: string, label: string, x: number, y: number, config: object): object {
  return { id, type, label, position: { x, y }, config };
}

export const SHOWCASE = {
  name: 'Showcase',
  description: 'Orders of a shop: cleaned, summed by the hour, shown on a wall.',
  settings: { parallelism: 2, checkpoint: { intervalMs: 1000 }, params: { least: 0 } },
  nodes: [
    node('orders', 'source.file', 'Orders', 0, 0, orders),
    node('paid', 'filter', 'Paid', 280, 0, { condition: 'amount > ${least}' }),
    node('fixed', 'project', 'Fixed', 560, 0, { keepAll: true, fields: [{ as: 'net', expr: 'amount / 1.19' }] }),
    node('hours', 'aggregate.window', 'Hours', 840, -120, hours),
    node('out', 'sink.table', 'Turnover by hour', 1120, -120, {}),
    node('own', 'process.js', 'Own code', 840, 120, {
      code: 'export function onRow(row, ctx) {\n  ctx.emit({ region: row.region, twice: row.net * 2 });\n}\n',
      outputSchema: [
        { name: 'region', type: 'STRING' },
        { name: 'twice', type: 'DOUBLE' },
      ],
    }),
    node('count', 'aggregate.running', 'Turnover', 840, 280, count),
    node('bars', 'sink.dashboard', 'Orders by region', 1120, 280, {
      view: { kind: 'bar', category: 'region', value: 'orders' },
    }),
    node('query', 'sql', 'Query', 840, 440, { query: 'SELECT region, amount FROM input WHERE amount > 400' }),
    node('print', 'sink.print', 'Print', 1120, 120, {}),
    node('large', 'sink.file', 'Large orders', 1120, 440, { path: 'large', format: 'jsonl' }),
  ],
  edges: [
    { from: 'orders', to: 'paid' },
    { from: 'paid', to: 'fixed' },
    { from: 'fixed', to: 'hours' },
    { from: 'hours', to: 'out' },
    { from: 'fixed', to: 'own' },
    { from: 'own', to: 'print' },
    { from: 'fixed', to: 'count' },
    { from: 'count', to: 'bars' },
    { from: 'fixed', to: 'query', toPort: 'input' },
    { from: 'query', to: 'large' },
  ],
  groups: [{ id: 'cleaning', label: 'Cleaning', nodes: ['paid', 'fixed'] }],
  notes: [{ id: 'note', text: '**Orders** come from the shop; *net* is without tax.', position: { x: 0, y: 220 } }],
  tests: [
    {
      name: 'orders of nothing are left out',
      steps: [{ node: 'orders', rows: [order(1, 0), order(2, 5)] }],
      expect: [{ node: 'paid', rows: [order(2, 5)] }],
    },
    {
      name: 'net is without tax',
      steps: [{ node: 'orders', rows: [order(1, 119)] }],
      expect: [{ node: 'fixed', rows: [{ ...order(1, 119), net: 90 }] }],
    },
  ],
};

function order(id: number, amount: number): object {
  return { id, amount, region: 'north', at: '2025-10-09T09:00:00Z' };
}
