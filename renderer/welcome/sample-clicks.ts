const PAGES = ['/home', '/search', '/product', '/cart', '/checkout', '/help'];
const START = Date.UTC(2026, 0, 1, 9);
const ROWS = 600;

/** Clicks of an hour on a shop's pages, as CSV: always the same. */
export function sampleClicks(): string {
  const lines = Array.from({ length: ROWS }, (_, i) => {
    // Few pages get most of the clicks; the primes only keep the columns from repeating together.
    const page = PAGES[Math.floor((((i * 7919) % 1000) ** 2 / 1_000_000) * PAGES.length)]!;
    const user = `user-${1 + ((i * 613) % 40)}`;
    return `${new Date(START + i * 6000).toISOString()},${user},${page}`;
  });
  return `time,user,page\n${lines.join('\n')}\n`;
}
