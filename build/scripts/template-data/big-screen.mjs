/**
 * Writes the data of the template big-screen: a day on which everybody shops, from midnight to midnight, and what is sent back. Always the same rows.
 * `node build/scripts/template-data/big-screen.mjs`.
 */
import { Chance, inOrderOfArrival, jsonLines, MINUTE_MS, writeData } from './made-up.mjs';

const START = Date.UTC(2026, 10, 11);
const DAY = 1440 * MINUTE_MS;

const chance = new Chance(1111);
const random = () => chance.next();
/** Drawn apart, so that the rows do not depend on how long their payment took. */
const payments = new Chance(2222);
const between = (low, high) => Math.floor(low + random() * (high - low + 1));

/** By weight: `[what, weight]`. */
function draw(options) {
  let at = random() * options.reduce((sum, [, weight]) => sum + weight, 0);
  return options.find(([, weight]) => (at -= weight) < 0)[0];
}

const CATEGORIES = [
  ['phones', 5, 420],
  ['home', 8, 60],
  ['beauty', 9, 35],
  ['fashion', 10, 48],
  ['groceries', 7, 22],
  ['sports', 4, 75],
];
const SELLERS = [
  'Blue Harbour',
  'Cloud Nine',
  'Daily Deals',
  'Everbright',
  'Far East Trading',
  'Green Leaf',
  'High Street',
  'Iron Gate',
];
const PROVINCES = [
  ['GD', 'Guangdong', 'South', 12],
  ['ZJ', 'Zhejiang', 'East', 10],
  ['JS', 'Jiangsu', 'East', 9],
  ['SH', 'Shanghai', 'East', 8],
  ['BJ', 'Beijing', 'North', 8],
  ['SD', 'Shandong', 'East', 7],
  ['SC', 'Sichuan', 'West', 6],
  ['HB', 'Hubei', 'Central', 5],
  ['FJ', 'Fujian', 'East', 4],
  ['LN', 'Liaoning', 'North', 3],
];
const products = CATEGORIES.flatMap(([category, , price]) =>
  Array.from({ length: 12 }, (_, i) => ({
    product: `${category}-${i + 1}`,
    category,
    seller: SELLERS[(i * 5 + category.length) % SELLERS.length],
    price: Number((price * (0.5 + random())).toFixed(2)),
    appeal: 1 / (i + 1),
  })),
);

/** How many shop at a moment of the day: at midnight, in the evening, and a last rush. */
function rush(minute) {
  return (
    0.5 +
    6 * Math.exp(-minute / 45) +
    1.2 * Math.exp(-(((minute - 1230) / 120) ** 2)) +
    0.6 * Math.exp(-(((minute - 600) / 150) ** 2)) +
    (minute > 1410 ? 1.6 : 0)
  );
}

/** How long the bank takes, in ms: longer while everybody pays, and with a long tail. */
function paymentTime(minute) {
  return Math.round(240 * (1 + 0.45 * rush(minute)) * Math.exp(0.5 * (payments.next() + payments.next() - 1)));
}

const orders = [];
const returns = [];
for (let minute = 0; minute < 1440; minute++) {
  const wanted = 3.4 * rush(minute);
  const count = Math.floor(wanted) + (random() < wanted % 1 ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const category = draw(CATEGORIES);
    const product = draw(products.filter((one) => one.category === category).map((one) => [one, one.appeal]));
    const at = START + minute * MINUTE_MS + random() * MINUTE_MS;
    const order = {
      order: `D${String(orders.length + 1).padStart(6, '0')}`,
      buyer: `b${between(1, 2500)}`,
      product: product.product,
      province: draw(PROVINCES.map(([code, , , weight]) => [code, weight])),
      quantity: draw([
        [1, 8],
        [2, 3],
        [3, 1],
      ]),
      price: product.price,
      payMs: paymentTime(minute),
      ts: at,
    };
    orders.push(order);
    // One seller's goods come back more often than others'.
    const isDoubtful = product.seller === 'Iron Gate';
    if (random() < (isDoubtful ? 0.16 : 0.03)) {
      const back = at + (20 + random() * 200) * MINUTE_MS;
      if (back < START + DAY)
        returns.push({
          order: order.order,
          reason: draw([
            ['changed my mind', 3],
            ['damaged', isDoubtful ? 6 : 1],
            ['wrong size', 2],
          ]),
          ts: back,
        });
    }
  }
}

const write = (name, text) => writeData('big-screen', name, text);
write('orders.jsonl', jsonLines(inOrderOfArrival(orders, 30_000, random)));
write('returns.jsonl', jsonLines(inOrderOfArrival(returns, 30_000, random)));
write(
  'products.csv',
  `product,category,seller\n${products.map((p) => `${p.product},${p.category},${p.seller}`).join('\n')}\n`,
);
write(
  'provinces.csv',
  `code,name,region\n${PROVINCES.map(([code, name, region]) => `${code},${name},${region}`).join('\n')}\n`,
);
