/**
 * Browsers in which a person has signed in before: they hold a signed cookie that names the account.
 *
 * It lets nobody in. It only counts the failures of such a browser apart from those of strangers, who could otherwise
 * keep the person out by failing on purpose.
 *
 * @module
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { type Keys, keyedHash } from '../keys.ts';

export interface KnownBrowser {
  /** Of the browser, and different at each sign-in. */
  readonly id: string;
  readonly accountId: string;
}

const lifetimeSeconds = 90 * 86_400;

export class KnownBrowsers {
  readonly #keys: Pick<Keys, 'hashing'>;
  readonly #name: string;
  readonly #now: () => number;

  constructor(keys: Pick<Keys, 'hashing'>, issuer: string, now: () => number = Date.now) {
    this.#keys = keys;
    // The name carries function and port, because cookies know no ports (RFC 6265 8.5).
    this.#name = `__Host-waf-${new URL(issuer).port || '443'}-known`;
    this.#now = now;
  }

  /** A `Set-Cookie` for the browser in which somebody has just signed in. */
  createCookie(accountId: string): string {
    const content = `${accountId}.${randomUUID()}.${this.#now() + lifetimeSeconds * 1_000}`;
    const attributes = `Max-Age=${lifetimeSeconds}; Path=/; Secure; HttpOnly; SameSite=Strict`;
    return `${this.#name}=${content}.${this.#sign(content)}; ${attributes}`;
  }

  /** Which browser sends these cookies; undefined if it is a stranger, or its cookie forged or too old. */
  find(cookies: string | undefined): KnownBrowser | undefined {
    const prefix = `${this.#name}=`;
    const pair = cookies?.split('; ').find((text) => text.startsWith(prefix));
    const [accountId, id, endsAtMs, signature, ...more] = pair?.slice(prefix.length).split('.') ?? [];
    if (accountId === undefined || id === undefined || signature === undefined || more.length > 0) return undefined;
    const given = Buffer.from(signature);
    const expected = Buffer.from(this.#sign(`${accountId}.${id}.${endsAtMs}`));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return Number(endsAtMs) > this.#now() ? { id, accountId } : undefined;
  }

  #sign(content: string): string {
    return keyedHash(this.#keys, 'known browser', content);
  }
}
