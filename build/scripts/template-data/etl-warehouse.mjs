/**
 * Writes the data of the template etl-warehouse: two days of a shop's orders as its tills send them (badly written, sent twice, hours late, some unreadable), and
 * the tables of products and customers. Always the same rows. `node build/scripts/template-data/etl-warehouse.mjs`.
 */
import { Chance, MINUTE_MS, writeData } from './made-up.mjs';

const START = Date.UTC(2026, 10, 18);

const chance = new Chance(90210);
const random = () => chance.next();
const pick = (list) => list[Math.floor(random() * list.length)];
const between = (low, high) => Math.floor(low + random() * (high - low + 1));

const CATEGORIES = ['garden', 'kitchen', 'toys', 'books', 'sports'];
const products = Array.from({ length: 60 }, (_, i) => ({
  sku: `SKU-${String(i + 1).padStart(3, '0')}`,
  name: `${pick(['Blue', 'Red', 'Small', 'Grand', 'Plain'])} ${pick(['lamp', 'chair', 'ball', 'novel', 'pan', 'rake', 'puzzle'])}`,
  category: CATEGORIES[i % CATEGORIES.length],
  price: (3 + random() * 120).toFixed(2),
}));
const customers = Array.from({ length: 200 }, (_, i) => ({
  id: 1000 + i,
  email: `customer${i}@example.org`,
  province: pick(['North', 'South', 'East', 'West', 'Islands']),
}));

/** As people and old tills write it. */
const sloppy = (text) => pick([text, text, text.toLowerCase(), ` ${text}`, `${text}  `]);
const amount = (euros) =>
  pick([euros.toFixed(2), euros.toFixed(2), `${euros.toFixed(2)} EUR`, euros.toFixed(2).replace('.', ',')]);

const lines = [];
for (let i = 0; i < 1600; i++) {
  const hour = Math.floor(24 * ((random() + random() + random()) / 3));
  const at = START + Math.floor(random() * 2) * 1440 * MINUTE_MS + hour * 60 * MINUTE_MS + random() * 60 * MINUTE_MS;
  const product = pick(products);
  const quantity = random() < 0.01 ? -1 : between(1, 4);
  // A few SKUs and customers are not in the tables any more.
  const sku = random() < 0.01 ? 'SKU-999' : product.sku;
  const customer = random() < 0.015 ? 9999 : pick(customers).id;
  const fields = [
    `O${String(100000 + i)}`,
    sloppy(sku),
    customer,
    quantity,
    `"${amount(quantity * Number(product.price))}"`,
    pick(['web', 'web', 'till', 'phone']),
    new Date(Math.round(at)).toISOString(),
  ];
  // Most come at once, some tills send hours later.
  const delay = random() < 0.02 ? (3 + random() * 4) * 60 * MINUTE_MS : random() * 4 * MINUTE_MS;
  lines.push({ text: fields.join(','), at: at + delay });
  // A till that hears no answer sends again.
  if (random() < 0.04) lines.push({ text: fields.join(','), at: at + delay + 30_000 + random() * MINUTE_MS });
}
lines.push({
  text: 'O999001,SKU-004,1001,many,"12.00",till,2026-11-18T12:00:00.000Z',
  at: START + 12 * 60 * MINUTE_MS,
});
lines.push({ text: 'O999002,SKU-004,1001,1,"12.00",till,yesterday', at: START + 13 * 60 * MINUTE_MS });
lines.push({ text: 'O999003,SKU-0', at: START + 30 * 60 * MINUTE_MS });

const write = (name, text) => writeData('etl-warehouse', name, text);
const sorted = lines.sort((a, b) => a.at - b.at).map(({ text }) => text);
write('orders.csv', `order,sku,customer,quantity,amount,channel,ts\n${sorted.join('\n')}\n`);
write(
  'products.csv',
  `sku,name,category,price\n${products.map((p) => `${p.sku},${p.name},${p.category},${p.price}`).join('\n')}\n`,
);
write('customers.csv', `id,email,province\n${customers.map((c) => `${c.id},${c.email},${c.province}`).join('\n')}\n`);
