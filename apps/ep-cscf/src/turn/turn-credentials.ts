/**
 * TURN credentials for WICs that ask with 3gpp-ext-turn-cred (TS 33.203 X.5.2.2 steps 2 to 4).
 *
 * The TURN server counts by Tid, so a user has one in each session at the WAF, however often and on however many
 * connections it asks; the next one is made when less than half of its lifetime is left. What was given stays known
 * until Texp, so that it can be revoked. A Tid is random: nothing in it names anybody (X.5.3.1 c).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { extTurnCredHeader, formatExtTurnCred, type SipRequest, type SipResponse } from '@wicgate/sip';
import { createTurnCredential, type TurnCredential, type TurnHash, type TurnUsername } from '@wicgate/turn-credentials';
import { sessionOf, type TurnHolder } from './turn-holder.ts';

/** What became of a request for a credential: a new one, the one that the holder has, none by policy. */
export type TurnIssue = 'fresh' | 'again' | 'refused';

export interface TurnCredentialsOptions {
  /** Km. */
  readonly secret: string;
  readonly hash?: TurnHash;
  /** Seconds that a credential of this private identity is good for; undefined: it gets none. */
  readonly lifetimeOf: (impi: string) => number | undefined;
  /** Users remembered; 100,000 unless given. Beyond that the one who was given one longest ago is forgotten. */
  readonly maxUsers?: number;
  /** Unix time in seconds. */
  readonly now?: () => number;
  readonly onIssue?: (issue: TurnIssue, impi: string) => void;
  /** A user has too many at a time: these had to give way, and their quota at the TURN server with them. */
  readonly onExcess?: (given: readonly TurnUsername[]) => void;
}

interface Held {
  readonly credential: TurnCredential;
  readonly session: string;
  /** The one it was given for last. */
  holder: TurnHolder;
  /** Whether it is given again to who asks in the same session. */
  isCurrent: boolean;
}

/** Credentials of one user that live at a time: a few sessions, each with the one before. */
const maxPerUser = 16;

export class TurnCredentials {
  readonly #options: TurnCredentialsOptions;
  readonly #key: Uint8Array;
  readonly #maxUsers: number;
  readonly #now: () => number;
  /** By private identity, who was given one last at the end. */
  readonly #given = new Map<string, readonly Held[]>();

  constructor(options: TurnCredentialsOptions) {
    this.#options = options;
    this.#key = new TextEncoder().encode(options.secret);
    this.#maxUsers = options.maxUsers ?? 100_000;
    this.#now = options.now ?? unixNow;
  }

  /** How many users have a credential. */
  get size(): number {
    return this.#given.size;
  }

  /** The value of the header field for who is registered; undefined: refused. It is a secret of the WIC it goes to. */
  valueFor(holder: TurnHolder): string | undefined {
    const { lifetimeOf, onIssue = () => {} } = this.#options;
    const lifetimeSeconds = lifetimeOf(holder.impi);
    if (lifetimeSeconds === undefined) {
      onIssue('refused', holder.impi);
      return undefined;
    }
    const known = this.#findCurrent(holder, this.#now() + lifetimeSeconds / 2);
    onIssue(known === undefined ? 'fresh' : 'again', holder.impi);
    return formatExtTurnCred(known ?? this.#create(holder, this.#now() + lifetimeSeconds));
  }

  /** `response` with the credential of `holder` where `request` asks; only for who has been authorised (step 3). */
  addTo(response: SipResponse, request: SipRequest, holder: TurnHolder): SipResponse {
    const value = request.headers.has(extTurnCredHeader) ? this.valueFor(holder) : undefined;
    return value === undefined ? response : { ...response, headers: response.headers.set(extTurnCredHeader, value) };
  }

  /** The next time a holder gets another one; what it has is good until Texp. */
  forget(holder: TurnHolder): void {
    const session = sessionOf(holder);
    for (const held of this.#of(holder.impi)) if (held.session === session) held.isCurrent = false;
  }

  /** Takes back what a user was given, and says what has to be revoked. */
  take(impi: string, isMeant: (holder: TurnHolder) => boolean): readonly TurnUsername[] {
    const live = this.#of(impi);
    const taken = live.filter(({ holder }) => isMeant(holder));
    if (taken.length > 0)
      this.#keep(
        impi,
        live.filter((held) => !taken.includes(held)),
      );
    return taken.map(({ credential: { tid, expiresAtSeconds } }) => ({ tid, expiresAtSeconds }));
  }

  /** The same for all users. Runs for each revocation of a WAF: whom it does not concern costs a look, no more. */
  takeAll(isMeant: (holder: TurnHolder) => boolean): readonly TurnUsername[] {
    const now = this.#now();
    const isTaken = ({ credential, holder }: Held): boolean => credential.expiresAtSeconds > now && isMeant(holder);
    const taken: TurnUsername[] = [];
    for (const [impi, given] of this.#given) if (given.some(isTaken)) taken.push(...this.take(impi, isMeant));
    return taken;
  }

  /** What the holder has, if it is good until `soonest` at least. */
  #findCurrent(holder: TurnHolder, soonest: number): TurnCredential | undefined {
    const session = sessionOf(holder);
    const known = this.#of(holder.impi).find((held) => held.isCurrent && held.session === session);
    if (known === undefined || known.credential.expiresAtSeconds < soonest) return undefined;
    known.holder = holder;
    return known.credential;
  }

  #create(holder: TurnHolder, expiresAtSeconds: number): TurnCredential {
    this.#forgetUsers(holder.impi);
    this.forget(holder);
    const { hash } = this.#options;
    const credential = createTurnCredential({ key: this.#key, hash, expiresAtSeconds, random: randomBytes });
    const held = { credential, session: sessionOf(holder), holder, isCurrent: true };
    this.#given.set(holder.impi, [...this.#withoutExcess(this.#of(holder.impi)), held]);
    return credential;
  }

  /** What nobody is given any more goes first, the oldest of it. */
  #withoutExcess(live: readonly Held[]): readonly Held[] {
    if (live.length < maxPerUser) return live;
    const excess = live.find(({ isCurrent }) => !isCurrent) ?? live[0];
    if (excess !== undefined) this.#options.onExcess?.([excess.credential]);
    return live.filter((held) => held !== excess);
  }

  /** Those of a user that have not expired. */
  #of(impi: string): readonly Held[] {
    const now = this.#now();
    return (this.#given.get(impi) ?? []).filter(({ credential }) => credential.expiresAtSeconds > now);
  }

  #keep(impi: string, left: readonly Held[]): void {
    if (left.length === 0) this.#given.delete(impi);
    else this.#given.set(impi, left);
  }

  /** Who has nothing that lives stands in front, mostly. `impi` moves to the end. */
  #forgetUsers(impi: string): void {
    const own = this.#of(impi);
    this.#given.delete(impi);
    for (const other of this.#given.keys()) {
      if (this.#of(other).length > 0 && this.#given.size < this.#maxUsers) break;
      this.#given.delete(other);
    }
    this.#given.set(impi, own);
  }
}

function unixNow(): number {
  return Math.floor(Date.now() / 1_000);
}
