/**
 * The people of the lab. They exist nowhere else: a function started alone has none.
 *
 * @module
 */

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

/** The other identities of the home network: SIP Digest and AKA users, and the WWSF's pool of guests. */
export function unassignedIdentities(homeDomain: string): readonly { readonly impi: string; readonly impu: string }[] {
  const guests = Array.from({ length: 20 }, (_, index) => `guest-${String(index + 1).padStart(3, '0')}`);
  return ['dora', 'erik', ...guests].map((user) => ({
    impi: `${user}@${homeDomain}`,
    impu: `sip:${user}@${homeDomain}`,
  }));
}
