/**
 * Writes the data of the template engagement-analytics: three days of what people do on a site where members publish articles. Always the same rows.
 * `node build/scripts/template-data/engagement-analytics.mjs`.
 */
import { Chance, inOrderOfArrival, jsonLines, writeData } from './made-up.mjs';

const START = Date.UTC(2026, 10, 16);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const chance = new Chance(4711);
const random = () => chance.next();

const events = [];
function happen(user, event, at, article = null) {
  events.push({ user, event, article, ts: Math.round(at) });
}

// Articles come out all the time; each has its hours, and two of them catch fire late.
const articles = Array.from({ length: 36 }, (_, i) => ({
  article: `a${String(i + 1).padStart(2, '0')}`,
  at: START + (i / 36) * 2.6 * DAY,
  appeal: 0.4 + random() ** 3 * 4,
}));
const LATE_HITS = { a07: START + 1.5 * DAY, a13: START + 2.1 * DAY };

function interest({ article, at, appeal }, now) {
  if (now < at) return 0;
  const fire =
    LATE_HITS[article] !== undefined && now > LATE_HITS[article]
      ? 14 * Math.exp(-(now - LATE_HITS[article]) / (5 * HOUR))
      : 0;
  return appeal * Math.exp(-(now - at) / (7 * HOUR)) + fire;
}

function choose(now) {
  const weights = articles.map((one) => interest(one, now));
  let at = random() * weights.reduce((sum, w) => sum + w, 0);
  return articles[weights.findIndex((w) => (at -= w) < 0)] ?? null;
}

function read(user, from, count) {
  let now = from;
  for (let i = 0; i < count; i++) {
    const chosen = choose(now);
    if (chosen !== null) {
      happen(user, 'view', now, chosen.article);
      if (random() < 0.16) happen(user, 'like', now + 20_000, chosen.article);
      if (random() < 0.05) happen(user, 'comment', now + 60_000, chosen.article);
      if (random() < 0.03) happen(user, 'share', now + 70_000, chosen.article);
    }
    now += 30_000 + random() * 6 * 60_000;
  }
}

// People come by day more than by night.
for (let i = 0; i < 520; i++) {
  const user = `u${String(i + 1).padStart(3, '0')}`;
  const day = Math.floor(random() * 3);
  const at = START + day * DAY + (0.3 + 0.6 * ((random() + random()) / 2)) * DAY;
  happen(user, 'visit', at);
  read(user, at + 5_000, 1 + Math.floor(random() * 5));
  if (random() > 0.42) continue;
  const signedUp = at + (2 + 50 * random()) * 60_000;
  happen(user, 'signup', signedUp);
  // Who posts soon comes back more often.
  const posts = random() < 0.45;
  if (posts) happen(user, 'publish', signedUp + (random() < 0.8 ? 0.2 + 5 * random() : 26) * HOUR);
  if (random() < (posts ? 0.62 : 0.28)) {
    const back = signedUp + DAY + (0.02 + 0.9 * random()) * DAY;
    if (back < START + 4 * DAY) {
      happen(user, 'visit', back);
      read(user, back + 5_000, 1 + Math.floor(random() * 4));
    }
  }
}

writeData('engagement-analytics', 'events.jsonl', jsonLines(inOrderOfArrival(events, 40_000, random)));
