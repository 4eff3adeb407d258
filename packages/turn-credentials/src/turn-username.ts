/**
 * The USERNAME of a TURN credential: `Tid:Texp` (TS 33.203 X.5.2.2 step 5).
 *
 * The identifier comes first. It holds a letter, so that a server that also knows the order `time:id` cannot mistake
 * it for the time.
 *
 * @module
 */
import { TurnUsernameMalformed } from './errors.ts';

export interface TurnUsername {
  /** 16 to 64 hexadecimal digits, at least one of them a letter; random, so it names nobody. */
  readonly tid: string;
  /** Texp: Unix time from which the credential is void. */
  readonly expiresAtSeconds: number;
}

const minTidLength = 16;
const maxTidLength = 64;
/** Ten digits last until the year 2286. */
const maxTexpLength = 10;

/** @throws {TurnUsernameMalformed} */
export function parseTurnUsername(username: string): TurnUsername {
  if (username.length > maxTidLength + 1 + maxTexpLength) throw new TurnUsernameMalformed('at most 75 characters');
  const colon = username.indexOf(':');
  if (colon === -1) throw new TurnUsernameMalformed('Tid, a colon and Texp');
  const tid = username.slice(0, colon);
  if (!isTid(tid)) throw new TurnUsernameMalformed('as Tid 16 to 64 hexadecimal digits, at least one a letter');
  const texp = username.slice(colon + 1);
  if (!isTexp(texp)) throw new TurnUsernameMalformed('as Texp decimal Unix seconds');
  return { tid, expiresAtSeconds: Number(texp) };
}

/** The inverse of {@link parseTurnUsername}. The caller vouches for both parts. */
export function formatTurnUsername({ tid, expiresAtSeconds }: TurnUsername): string {
  return `${tid}:${expiresAtSeconds}`;
}

function isTid(text: string): boolean {
  return text.length >= minTidLength && text.length <= maxTidLength && /^[0-9a-f]*[a-f][0-9a-f]*$/i.test(text);
}

function isTexp(text: string): boolean {
  return text.length <= maxTexpLength && /^[1-9][0-9]*$/.test(text);
}
