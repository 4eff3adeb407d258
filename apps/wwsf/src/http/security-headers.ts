/**
 * Headers of every answer. The page may run, show and connect to only what its origin serves, the eP-CSCF, and
 * the soft ISIM.
 *
 * @module
 */

export interface Surroundings {
  readonly origin: string;
  /** The WebSocket that the page connects to: `'self'` does not cover another port. */
  readonly epCscfUrl: string;
  /** Where the page of the soft ISIM is, which the page frames; undefined: it frames nothing. */
  readonly isimOrigin: string | undefined;
}

export function securityHeaders({ origin, epCscfUrl, isimOrigin }: Surroundings): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(epCscfUrl, isimOrigin),
    'permissions-policy':
      'camera=(self), microphone=(self), autoplay=(self), display-capture=(), geolocation=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...strictTransport(origin),
  };
}

function contentSecurityPolicy(epCscfUrl: string, isimOrigin: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    `connect-src 'self' ${new URL(epCscfUrl).origin}`,
    "manifest-src 'self'",
    ...(isimOrigin === undefined ? [] : [`frame-src ${isimOrigin}`]),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** Strict transport is for a host with all its ports: on localhost it would break other programs of the developer. */
function strictTransport(origin: string): Readonly<Record<string, string>> {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' ? {} : { 'strict-transport-security': 'max-age=31536000' };
}
