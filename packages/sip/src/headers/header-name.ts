/**
 * Header field names: case, compact forms (RFC 3261 7.3.3) and which fields are lists (7.3.1).
 *
 * @module
 */

const compactForms = new Map(
  Object.entries({
    a: 'accept-contact',
    b: 'referred-by',
    c: 'content-type',
    d: 'request-disposition',
    e: 'content-encoding',
    f: 'from',
    i: 'call-id',
    j: 'reject-contact',
    k: 'supported',
    l: 'content-length',
    m: 'contact',
    n: 'identity-info',
    o: 'event',
    r: 'refer-to',
    s: 'subject',
    t: 'to',
    u: 'allow-events',
    v: 'via',
    x: 'session-expires',
    y: 'identity',
  }),
);

const lists = new Set([
  'accept',
  'accept-contact',
  'accept-encoding',
  'accept-language',
  'alert-info',
  'allow',
  'allow-events',
  'call-info',
  'contact',
  'content-encoding',
  'content-language',
  'error-info',
  'feature-caps',
  'geolocation',
  'history-info',
  'in-reply-to',
  'p-access-network-info',
  'p-asserted-identity',
  'p-associated-uri',
  'p-preferred-identity',
  'p-visited-network-id',
  'path',
  'proxy-require',
  'reason',
  'record-route',
  'recv-info',
  'reject-contact',
  'require',
  'route',
  'security-client',
  'security-server',
  'security-verify',
  'service-route',
  'supported',
  'unsupported',
  'via',
  'warning',
]);

const keys = new Map<string, string>();
const maxRememberedKeys = 512;

/** The name by which a header field is found: long form, lower case. */
export function headerKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const key = compactForms.get(lower) ?? lower;
  if (keys.size < maxRememberedKeys && name.length <= 40) keys.set(name, key);
  return key;
}

/** Whether one header field of this key may hold several values with commas between them. */
export function isListHeader(key: string): boolean {
  return lists.has(key);
}
