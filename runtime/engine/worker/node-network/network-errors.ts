/** What Node says of the network, as errors that name place and remedy. */
import { StreamError } from '../../../core/errors.ts';
import { say } from '../../../core/say.ts';

const CHECK_ADDRESS = say`Check host and port, and that the other side is running and can be reached from here.`;
const CHECK_TRUST = say`Have the other side present a certificate that is valid for this host name, or name the certificate of its authority in the environment variable NODE_EXTRA_CA_CERTS.`;
const CHECK_SCHEME = say`The other side does not speak TLS there: write http:// or ws://, or give the port of its TLS.`;

const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: CHECK_ADDRESS,
  ETIMEDOUT: CHECK_ADDRESS,
  EHOSTUNREACH: CHECK_ADDRESS,
  ENETUNREACH: CHECK_ADDRESS,
  ENOTFOUND: say`The name of the host is not known: check its spelling and the name server.`,
  EAI_AGAIN: say`The name server does not answer: check the network of this machine.`,
  ECONNRESET: say`The other side broke the connection off: its log may say why.`,
  EPIPE: say`The other side broke the connection off: its log may say why.`,
  EADDRINUSE: say`Another program, or another node of this pipeline, listens there: end it or choose another port.`,
  EACCES: say`Ports below 1024 need privileges: choose a higher one.`,
  EADDRNOTAVAIL: say`The host is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all of its addresses.`,
  CERT_HAS_EXPIRED: CHECK_TRUST,
  DEPTH_ZERO_SELF_SIGNED_CERT: CHECK_TRUST,
  SELF_SIGNED_CERT_IN_CHAIN: CHECK_TRUST,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CHECK_TRUST,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CHECK_TRUST,
  ERR_TLS_CERT_ALTNAME_INVALID: CHECK_TRUST,
  ERR_SSL_WRONG_VERSION_NUMBER: CHECK_SCHEME,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: CHECK_SCHEME,
  EPROTO: CHECK_SCHEME,
  ERR_INVALID_URL: say`Check the URL.`,
  ERR_INVALID_CHAR: say`Check the URL and the headers: they hold a character that may not be there.`,
  ERR_INVALID_HTTP_TOKEN: say`Check the names of the headers.`,
};

/** What no further attempt mends. */
const LASTING = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  ...Object.keys(REMEDIES).filter((code) => code.startsWith('ERR_')),
  ...Object.entries(REMEDIES).flatMap(([code, remedy]) =>
    remedy === CHECK_TRUST || remedy === CHECK_SCHEME ? [code] : [],
  ),
]);

/** `what` begins the message: "http://host/ cannot be reached". */
export function networkError(code: 'MR2111' | 'MR2112', what: string, error: unknown): StreamError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const errno = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const remedy = REMEDIES[errno] ?? CHECK_ADDRESS;
  return new StreamError(code, say`${what}: ${messageOf(cause)}`, {
    cause,
    domain: LASTING.has(errno) ? 'user' : 'external',
    retryable: !LASTING.has(errno),
    remedy,
  });
}

/** A host of several addresses fails with an error each, and no message of its own. */
function messageOf(error: Error): string {
  if (error.message !== '') return error.message;
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first instanceof Error ? first.message : 'code' in error ? String(error.code) : error.name;
}
