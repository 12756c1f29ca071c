/**
 * Writes the data of the template attack-alerts: two hours of a web server's access log, with attacks planted in it, and the crash reports of an app of
 * which one version is bad. Always the same rows. `node build/scripts/template-data/attack-alerts.mjs`.
 */
import { Chance, inOrderOfArrival, jsonLines, MINUTE_MS, writeData } from './made-up.mjs';

const START = Date.UTC(2026, 10, 21, 14);
const LENGTH = 120 * MINUTE_MS;

const chance = new Chance(1434);
const random = () => chance.next();
const pick = (list) => list[Math.floor(random() * list.length)];
const between = (low, high) => Math.floor(low + random() * (high - low + 1));

const PAGES = [
  '/',
  '/shop',
  '/shop/shoes',
  '/shop/hats',
  '/cart',
  '/help',
  '/about',
  '/api/items?page=1',
  '/api/items?page=2',
];
const requests = [];

function request(ip, at, method, url, status, user = null) {
  requests.push({ ip, method, url, status, bytes: status < 300 ? between(400, 9000) : between(80, 300), user, ts: at });
}

// Ordinary people: pages, a login now and then, some of them mistyped.
for (let i = 0; i < 420; i++) {
  const ip = `203.0.${between(1, 200)}.${between(1, 250)}`;
  let at = START + random() * (LENGTH - 6 * MINUTE_MS);
  const user = `user${between(1, 300)}`;
  for (let page = between(2, 8); page > 0; page--) {
    request(ip, at, 'GET', pick(PAGES), random() < 0.02 ? 404 : 200);
    at += 2_000 + random() * 40_000;
  }
  if (random() < 0.4) {
    if (random() < 0.2) request(ip, (at += 8_000), 'POST', '/login', 401, user);
    request(ip, (at += 6_000), 'POST', '/login', 200, user);
  }
}

// Passwords are guessed: two give up, one gets in.
for (const [ip, minute, tries, getsIn] of [
  ['198.51.100.7', 12, 40, false],
  ['198.51.100.23', 47, 26, true],
  ['192.0.2.99', 88, 60, false],
]) {
  let at = START + minute * MINUTE_MS;
  const user = pick(['admin', 'root', 'user77']);
  for (let i = 0; i < tries; i++) request(ip, (at += 900 + random() * 1200), 'POST', '/login', 401, user);
  if (getsIn) {
    request(ip, (at += 2_000), 'POST', '/login', 200, user);
    request(ip, (at += 5_000), 'GET', '/admin/export?table=customers', 200, user);
  }
}

// Somebody looks for doors.
for (const [ip, minute] of [
  ['192.0.2.15', 30],
  ['198.51.100.200', 101],
]) {
  let at = START + minute * MINUTE_MS;
  for (const name of [
    'wp-login.php',
    '.env',
    '.git/config',
    'phpmyadmin',
    'admin.php',
    'backup.zip',
    'config.php',
    'shell.php',
  ])
    for (const folder of ['', 'old/', 'blog/', 'test/'])
      request(ip, (at += 350 + random() * 400), 'GET', `/${folder}${name}`, 404);
}

// And somebody writes SQL into the address bar.
for (const [ip, minute, url] of [
  ['192.0.2.44', 21, '/api/items?id=1%27%20OR%20%271%27=%271'],
  ['192.0.2.44', 22, '/api/items?id=1%20UNION%20SELECT%20name,password%20FROM%20users'],
  ['203.0.77.5', 64, '/shop?q=%3Cscript%3Ealert(1)%3C/script%3E'],
  ['198.51.100.77', 70, '/download?file=../../../../etc/passwd'],
])
  request(ip, START + minute * MINUTE_MS, 'GET', url, url.includes('passwd') ? 403 : 500);

const crashes = [];
// Every version crashes a little; 5.3.0 is rolled out at a quarter to four and crashes a lot on one screen.
for (let minute = 0; minute < 120; minute++) {
  for (const version of ['5.1.4', '5.2.0', '5.3.0']) {
    const isBad = version === '5.3.0' && minute >= 75 && minute < 95;
    const count = version === '5.3.0' && minute < 40 ? 0 : isBad ? between(16, 24) : between(0, 3);
    for (let i = 0; i < count; i++)
      crashes.push({
        version,
        screen: isBad && random() < 0.9 ? 'checkout' : pick(['home', 'search', 'checkout', 'profile']),
        error: isBad ? 'NullPointerException' : pick(['OutOfMemoryError', 'TimeoutException', 'NullPointerException']),
        device: `d${between(1, 900)}`,
        ts: START + minute * MINUTE_MS + random() * MINUTE_MS,
      });
  }
}

writeData('attack-alerts', 'access.jsonl', jsonLines(inOrderOfArrival(requests, 3_000, random)));
writeData('attack-alerts', 'crashes.jsonl', jsonLines(inOrderOfArrival(crashes, 20_000, random)));
