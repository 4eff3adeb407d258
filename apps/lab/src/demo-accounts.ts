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
  readonly username: string;
  readonly password: string;
  readonly impi: string;
  readonly impu: string;
  /** H(A1) with the private identity as user name: 32 hexadecimal digits. */
  readonly md5Ha1: string;
}

/** Who registers by SIP Digest, with MD5 only: clients that read the first challenge only know no other. */
export function digestAccounts(homeDomain: string): readonly DigestAccount[] {
  return ['dora'].map((username) => {
    const impi = `${username}@${homeDomain}`;
    const password = `${username}-demo`;
    const md5Ha1 = createHash('md5').update(`${impi}:${homeDomain}:${password}`).digest('hex');
    return { username, password, impi, impu: `sip:${impi}`, md5Ha1 };
  });
}

export interface AkaAccount {
  readonly impi: string;
  readonly impu: string;
  /** Hexadecimal digits, as are the others: test set 1 of TS 35.207. */
  readonly k: string;
  readonly op: string;
  readonly amf: string;
  /** The last one used. */
  readonly sqn: string;
}

/** Who registers with a SIM. */
export function akaAccounts(homeDomain: string): readonly AkaAccount[] {
  return [
    {
      impi: `erik@${homeDomain}`,
      impu: `sip:erik@${homeDomain}`,
      k: '465b5ce8b199b49faa5f0a2ee238a6bc',
      op: 'cdc202d5123e20f62b6d676ac72cb318',
      amf: '8000',
      sqn: '000000000020',
    },
  ];
}

/** The profile that the soft ISIM takes: what an operator would hand out with the card. */
export function isimProfile({ impi, impu, k, op, amf }: AkaAccount): Readonly<Record<string, string>> {
  return { impi, impu, K: k, OP: op, AMF: amf, SQN: '000000000000' };
}

/** The WWSF's pool of identities for guests (TS 33.203 X.4). */
export function guestIdentities(homeDomain: string): readonly { readonly impi: string; readonly impu: string }[] {
  return Array.from({ length: 20 }, (_, index) => {
    const impi = `guest-${String(index + 1).padStart(3, '0')}@${homeDomain}`;
    return { impi, impu: `sip:${impi}` };
  });
}
