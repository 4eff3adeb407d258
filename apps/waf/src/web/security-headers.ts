/**
 * Headers that every answer of the WAF carries, whoever writes the rest.
 *
 * @module
 */

const oneYearSeconds = 31_536_000;

/**
 * HSTS is left out on loopback names: it covers all ports of a host, so the lab would forbid plain http to every other
 * program on this machine's `localhost`.
 */
export function securityHeaders(issuer: string): Readonly<Record<string, string>> {
  const hsts = isLoopback(new URL(issuer).hostname) ? {} : { 'strict-transport-security': `max-age=${oneYearSeconds}` };
  return {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...hsts,
  };
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
