/**
 * What a person is called on screen.
 *
 * @module
 */
import type { Call } from '@wicgate/wic-sdk';

const longestName = 60;

/**
 * The display name that came along, or the user part of the address: `sip:bob@ims.example` is "Bob".
 *
 * Both are written by the other side, so what could disguise them is taken out: control characters, and those that
 * turn the direction of writing.
 */
export function peerName({ uri, displayName }: Call['peer']): string {
  return tidy(displayName ?? '') || capitalise(tidy(userOf(uri))) || 'Unknown';
}

/** The address as people write it: `sip:bob@ims.example` is "bob@ims.example". */
export function addressOf(uri: string): string {
  return tidy(uri.replace(/^(sips?|tel):/i, '').replace(/[;?].*$/, ''));
}

/** The part before the @, or the whole when there is none: `sip:ims.example` is "ims.example". */
export function userOf(uri: string): string {
  const [user = ''] = addressOf(uri).split('@');
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** At most two letters that stand for a name where there is no picture. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toUpperCase() || '?';
}

function capitalise(name: string): string {
  return name.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

function tidy(name: string): string {
  const text = name.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '').trim();
  return [...text].slice(0, longestName).join('');
}
