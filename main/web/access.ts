/**
 * Who may talk to the web host: whoever opened the link with the token, from a page of this very server. The loopback address
 * alone is not enough: any page in the user's browser can reach it, under any name (DNS rebinding).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export class Access {
  readonly #token = randomBytes(32).toString('base64url');
  readonly #hosts: ReadonlySet<string>;
  readonly #cookie: string;

  constructor(port: number) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
    // Cookies do not tell ports apart, and two servers may run.
    this.#cookie = `millrace-${port}`;
  }

  /** Path of the link that lets its opener in. */
  get entryPath(): string {
    return `/?token=${this.#token}`;
  }

  /** Sets the cookie that stands for the token from then on. */
  get cookieHeader(): string {
    return `${this.#cookie}=${this.#token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Asked by one of our own names. */
  isOwnHost(request: IncomingMessage): boolean {
    return this.#hosts.has(request.headers.host ?? '');
  }

  /** Sent by a page of ours: asked of what a browser sends without checks of its own. */
  isOwnOrigin(request: IncomingMessage): boolean {
    const { origin = '', host = '' } = request.headers;
    return origin === `http://${host}` && this.#hosts.has(host);
  }

  hasToken(url: URL): boolean {
    return this.#isToken(url.searchParams.get('token') ?? '');
  }

  /** Sent by a program that was given the token, such as a Prometheus server. */
  hasBearer(request: IncomingMessage): boolean {
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    return this.#isToken(token);
  }

  hasCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
    const own = cookies.find((one) => one.startsWith(`${this.#cookie}=`));
    return own !== undefined && this.#isToken(own.slice(this.#cookie.length + 1));
  }

  /** In constant time: hashes have one length, and a near miss looks like any other. */
  #isToken(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), digest(this.#token));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
