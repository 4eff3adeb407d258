/**
 * The instance of this browser (RFC 5626 4.1): one UUID for each profile, kept in its storage.
 *
 * @module
 */
import type { Platform } from '../platform.ts';

const storageKey = 'wicgate.instance';
const uuidUrn = /^urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/** The URN for `+sip.instance`; a new one where none is kept, which lasts as long as the page may store it. */
export function readInstanceId(platform: Pick<Platform, 'storage' | 'randomOctets'>): string {
  const kept = readKept(platform.storage);
  if (kept !== undefined && uuidUrn.test(kept)) return kept;
  const created = createUuidUrn(platform.randomOctets(16));
  keep(platform.storage, created);
  return created;
}

function readKept(storage: Platform['storage']): string | undefined {
  try {
    return storage?.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A storage that is full or forbidden only costs the reuse after a reload. */
function keep(storage: Platform['storage'], urn: string): void {
  try {
    storage?.setItem(storageKey, urn);
  } catch {
    return;
  }
}

/** A version 4 UUID (RFC 9562 5.4) of 16 random octets. */
function createUuidUrn(random: Uint8Array): string {
  const octets = Uint8Array.from(random);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `urn:uuid:${parts.join('-')}`;
}
