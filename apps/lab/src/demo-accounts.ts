/**
 * The people of the lab. They exist nowhere else: a function started alone has none.
 *
 * @module
 */
import { createHash } from 'node:crypto';

export interface DemoAccount {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly impi: string;
  readonly impu: string;
}

/** Those who sign in on the web. */
export function webAccounts(homeDomain: string): readonly DemoAccount[] {
  return ['alice', 'bob', 'carol', 'dave'].map((username) => ({
    username,
    displayName: `${username.charAt(0).toUpperCase()}${username.slice(1)}`,
    password: `${username}-demo`,
    impi: `${username}@${homeDomain}`,
    impu: `sip:${username}@${homeDomain}`,
  }));
}

export interface DigestAccount {
  readonly impi: string;
  readonly impu: string;
  /** H(A1) with the private identity as user name: 32 hexadecimal digits. */
  readonly md5Ha1: string;
}

/** Who registers by SIP Digest, with MD5 only: clients that read the first challenge only know no other. */
export function digestAccounts(homeDomain: string): readonly DigestAccount[] {
  return ['dora'].map((user) => {
    const impi = `${user}@${homeDomain}`;
    const md5Ha1 = createHash('md5').update(`${impi}:${homeDomain}:${user}-demo`).digest('hex');
    return { impi, impu: `sip:${impi}`, md5Ha1 };
  });
}

/** The other identities of the home network: AKA users, and the WWSF's pool of guests. */
export function unassignedIdentities(homeDomain: string): readonly { readonly impi: string; readonly impu: string }[] {
  const guests = Array.from({ length: 20 }, (_, index) => `guest-${String(index + 1).padStart(3, '0')}`);
  return ['erik', ...guests].map((user) => ({
    impi: `${user}@${homeDomain}`,
    impu: `sip:${user}@${homeDomain}`,
  }));
}
