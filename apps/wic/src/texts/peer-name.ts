/**
 * What a person is called on screen.
 *
 * @module
 */
import { isAnonymous, type Peer } from '@wicgate/wic-sdk';

const longestName = 60;
const unknownCaller = 'Unknown caller';
/** The blocks of scripts that are written from right to left. */
const writtenLeftwards = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * The display name that came along, or the user part of the address: `sip:bob@ims.example` is "Bob".
 *
 * Both are written by the other side, so what could disguise them is taken out: control characters, and those that
 * turn the direction of writing.
 */
export function peerName(peer: Peer): string {
  const { uri, displayName } = peer;
  if (isAnonymous(peer)) return unknownCaller;
  return tidy(displayName ?? '') || capitalise(tidy(userOf(uri))) || 'Unknown';
}

/** The same within a sentence. */
export function peerNameWithin(peer: Peer): string {
  return isAnonymous(peer) ? 'an unknown caller' : isolate(peerName(peer));
}

/** A name that is written from right to left, so marked that it does not turn the sentence round it (UAX 9 2.4). */
export function isolate(name: string): string {
  return writtenLeftwards.test(name) ? `\u2068${name}\u2069` : name;
}

/** What stands below the name: the address, or why there is none. */
export function peerDetail(peer: Peer): string {
  return isAnonymous(peer) ? 'The network could not confirm who is calling' : addressOf(peer.uri);
}

/** The address as people write it: `sip:bob@ims.example` is "bob@ims.example". */
export function addressOf(uri: string): string {
  return strip(uri.replace(/^(sips?|tel):/i, '').replace(/[;?].*$/, ''));
}

/** The part before the @, or the whole when there is none: `sip:ims.example` is "ims.example". */
export function userOf(uri: string): string {
  const [user = ''] = addressOf(uri).split('@');
  try {
    return strip(decodeURIComponent(user));
  } catch {
    return user;
  }
}

/** At most two letters that stand for a name where there is no picture. */
export function initialsOf(name: string): string {
  if (name === unknownCaller) return '?';
  const words = name.split(/[\s._-]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toUpperCase() || '?';
}

function capitalise(name: string): string {
  return name.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

function tidy(name: string): string {
  return [...strip(name)].slice(0, longestName).join('');
}

/** Without what could disguise a name or an address. */
function strip(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '').trim();
}
