/**
 * Records that only the PIN opens: AES-GCM under a key that PBKDF2 makes of the PIN and of a key of this browser.
 *
 * PINs are short. The key of the browser can be read by no script, those of this page included, so that nothing a page can
 * take away is of use to whoever guesses PINs. Against a copy of the browser's own files stand the rounds alone.
 *
 * @module
 */

/** What a record says of itself. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

type Octets = Uint8Array<ArrayBuffer>;

export const iterations = 1_000_000;
const saltOctets = 16;
const ivOctets = 12;

export function createSalt(): Octets {
  return crypto.getRandomValues(new Uint8Array(saltOctets));
}

/** Not extractable; lives in the store of the browser. */
export async function createDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** Not extractable either, and never stored. */
export async function deriveKey(pin: string, salt: Octets, deviceKey: CryptoKey): Promise<CryptoKey> {
  const secret = new Uint8Array(await crypto.subtle.sign('HMAC', deviceKey, new TextEncoder().encode(pin)));
  const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  secret.fill(0);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(algorithm, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** `label` says what it is: no record opens in the place of another. */
export async function seal(key: CryptoKey, label: string, octets: Octets): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(ivOctets));
  return { iv, data: await crypto.subtle.encrypt(parameters(iv, label), key, octets) };
}

/** Undefined where the key, and so the PIN, is another one, or the record was changed. */
export async function open(key: CryptoKey, label: string, sealed: unknown): Promise<Octets | undefined> {
  if (!isSealed(sealed)) return undefined;
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(sealed.iv, label), key, sealed.data));
  } catch {
    return undefined;
  }
}

function parameters(iv: Octets, label: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(label) };
}

function isSealed(value: unknown): value is Sealed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'iv' in value &&
    value.iv instanceof Uint8Array &&
    'data' in value &&
    value.data instanceof ArrayBuffer
  );
}
