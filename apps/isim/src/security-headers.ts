/**
 * Headers of every answer: the page may load from its own server alone, and only WICs of known WWSFs may frame it.
 *
 * Nobody else reads anything: no cookies, no CORS, and the page is kept apart from the processes of other origins.
 *
 * @module
 */

export function securityHeaders(frameAncestors: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      `frame-ancestors ${frameAncestors.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'permissions-policy':
      'camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=(), clipboard-read=()',
    // A document in a frame has the opener policy of its top; this one is for the page opened by itself.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
