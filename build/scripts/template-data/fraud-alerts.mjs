/**
 * Writes the data of the template fraud-alerts: six hours of card payments and logins, with frauds planted among them. Always the same rows.
 * `node build/scripts/template-data/fraud-alerts.mjs`.
 */
import { Chance, inOrderOfArrival, jsonLines, MINUTE_MS, writeData } from './made-up.mjs';

const START = Date.UTC(2026, 10, 20, 8);
const HOURS = 6;
const CARDS = 240;

const chance = new Chance(20261120);
const random = () => chance.next();
const pick = (list) => list[Math.floor(random() * list.length)];
const minutes = (n) => n * MINUTE_MS;

const COUNTRIES = [
  { country: 'DE', currency: 'EUR' },
  { country: 'FR', currency: 'EUR' },
  { country: 'GB', currency: 'GBP' },
  { country: 'US', currency: 'USD' },
  { country: 'JP', currency: 'JPY' },
];
/** Worth of one euro at eight o'clock. */
const RATES = { EUR: 1, GBP: 0.8421, USD: 1.0934, JPY: 163.42 };
const SHOPS = ['grocery', 'fuel', 'restaurant', 'fashion', 'electronics', 'travel', 'games'];
const TYPICAL = { grocery: 42, fuel: 61, restaurant: 35, fashion: 78, electronics: 190, travel: 260, games: 19 };

const cards = Array.from({ length: CARDS }, (_, i) => ({
  card: `4000-${String(1000 + i)}`,
  customer: `C${String(i).padStart(4, '0')}`,
  home: COUNTRIES[i % 7 < 3 ? 0 : i % COUNTRIES.length],
  segment: i % 9 === 0 ? 'business' : 'private',
}));

const payments = [];
const logins = [];

function pay(card, at, euros, more = {}) {
  const { country, currency } = more.home ?? card.home;
  const amount = (euros * RATES[currency]).toFixed(currency === 'JPY' ? 0 : 2);
  const shop = more.shop ?? pick(SHOPS);
  payments.push({
    id: '',
    card: card.card,
    shop,
    country,
    amount: Number(amount),
    currency,
    present: more.present ?? shop !== 'games',
    approved: more.approved ?? random() > 0.02,
    ts: at,
  });
}

// An ordinary day: each card now and then, now and then abroad online.
for (const card of cards) {
  let at = START + random() * minutes(55);
  while (at < START + HOURS * minutes(60)) {
    const shop = pick(SHOPS);
    const isOnlineAbroad = random() < 0.03;
    pay(card, at, TYPICAL[shop] * (0.4 + 1.4 * random()), {
      shop,
      ...(isOnlineAbroad ? { home: pick(COUNTRIES), present: false } : {}),
    });
    at += minutes(6 + 55 * random());
  }
  if (random() < 0.6) logins.push({ customer: card.customer, event: 'login', ts: START + random() * minutes(340) });
  if (random() < 0.05)
    logins.push({ customer: card.customer, event: 'new_device', ts: START + random() * minutes(300) });
}

// Stolen numbers are tried out with cents, and then used.
for (const [i, n] of [11, 58, 97, 143].entries()) {
  const card = cards[n];
  let at = START + minutes(70 + i * 55);
  for (let k = 0; k < 3 + (i % 2); k++) {
    pay(card, at, 0.5 + random(), { shop: 'games', present: false, approved: k > 0 });
    at += minutes(0.4 + random());
  }
  pay(card, at + minutes(1), 480 + 300 * random(), { shop: 'electronics', present: false, approved: true });
}

// A script empties cards as fast as it can.
for (const [i, n] of [23, 120, 201].entries()) {
  const at = START + minutes(45 + i * 110);
  for (let k = 0; k < 9; k++) pay(cards[n], at + k * 11_000, 35 + 20 * random(), { shop: 'fashion', present: false });
}

// The same card in two countries within minutes.
for (const [i, n] of [5, 77, 166, 230].entries()) {
  const at = START + minutes(100 + i * 47);
  const card = cards[n];
  const away = COUNTRIES.find(({ country }) => country !== card.home.country && country !== 'FR');
  pay(card, at, 40, { shop: 'grocery', present: true, approved: true });
  pay(card, at + minutes(7 + i), 310, { shop: 'travel', present: true, approved: true, home: away });
}

// Somebody else's device, the password changed, and shopping.
for (const [i, n] of [34, 150, 188].entries()) {
  const at = START + minutes(130 + i * 66);
  const card = cards[n];
  logins.push({ customer: card.customer, event: 'new_device', ts: at });
  logins.push({ customer: card.customer, event: 'password_reset', ts: at + minutes(2) });
  pay(card, at + minutes(6), 520 + 90 * i, { shop: 'electronics', present: false, approved: true });
}

const write = (name, text) => writeData('fraud-alerts', name, text);

const arrived = inOrderOfArrival(payments, 20_000, random).map((row, i) => ({
  ...row,
  id: `p${String(i).padStart(5, '0')}`,
}));
const text = jsonLines(arrived).split('\n');
// What a terminal with a broken line sends.
text.splice(700, 0, '{"id":"p9","card":"4000-10');
text.splice(
  2100,
  0,
  '{"id":"pX","card":"4000-1042","shop":"fuel","country":"DE","amount":"many","currency":"EUR","present":true,"approved":true,"ts":"2026-11-20T10:11:12.000Z"}',
);
write('payments.jsonl', text.join('\n'));
write('logins.jsonl', jsonLines(inOrderOfArrival(logins, 5_000, random)));
write(
  'customers.csv',
  `card,customer,home,segment\n${cards.map((c) => `${c.card},${c.customer},${c.home.country},${c.segment}`).join('\n')}\n`,
);

const rates = ['currency,rate,ts'];
for (let hour = -1; hour <= HOURS; hour++) {
  for (const [currency, rate] of Object.entries(RATES)) {
    const moved = currency === 'EUR' ? 1 : rate * (1 + 0.004 * Math.sin(hour + currency.charCodeAt(0)));
    rates.push(`${currency},${moved.toFixed(4)},${new Date(START + hour * minutes(60)).toISOString()}`);
  }
}
write('rates.csv', `${rates.join('\n')}\n`);
