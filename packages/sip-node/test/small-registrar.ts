/**
 * A registrar with Digest, small enough to be read at once (RFC 3261 10.3, 22.4).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  createHa1,
  createResponse,
  DigestServer,
  findContacts,
  findNumber,
  formatContact,
  parseNameAddr,
  SealedNonces,
  type ServerTransaction,
  type SipRequest,
} from '@wicgate/sip';

export interface SmallRegistrarOptions {
  readonly realm: string;
  readonly username: string;
  readonly password: string;
  /** Names of Digest algorithms; SHA-256 and MD5 unless given. */
  readonly algorithms?: readonly string[];
}

export class SmallRegistrar {
  /** Contacts by address-of-record. */
  readonly bindings: Map<string, readonly string[]> = new Map();
  /** How often each status code was answered. */
  readonly tally: Record<number, number> = {};
  readonly #options: SmallRegistrarOptions;
  readonly #digest: DigestServer;

  constructor(options: SmallRegistrarOptions) {
    const { realm, algorithms = ['SHA-256', 'MD5'] } = options;
    this.#options = options;
    const nonces = new SealedNonces({ key: randomBytes(32), lifetimeMs: 60_000, now: Date.now, random: randomBytes });
    this.#digest = new DigestServer({ realm, nonces, random: randomBytes, algorithms });
  }

  onRegister(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { realm, username, password } = this.#options;
    const outcome = this.#digest.authenticate(request, (claim) =>
      claim.username === username ? createHa1(claim.algorithm.hash, { username, realm, password }) : undefined,
    );
    if (outcome.kind === 'accepted') {
      const info = ['Authentication-Info', outcome.authenticationInfo()] as const;
      this.#answer(transaction, 200, [...this.#bind(request), info]);
    } else this.#answer(transaction, 401, this.#digest.challenge({ stale: outcome.kind === 'stale' }));
  }

  #bind({ headers }: SipRequest): readonly (readonly [string, string])[] {
    const { uri } = parseNameAddr(headers.first('To') ?? '', 'To');
    const expires = findNumber(headers, 'Expires') ?? 3_600;
    const contacts = findContacts(headers);
    const kept = contacts === '*' ? [] : contacts.filter(({ expiresSeconds = expires }) => expiresSeconds > 0);
    this.bindings.set(
      uri,
      kept.map((contact) => contact.uri),
    );
    return kept.map(({ expiresSeconds = expires, ...contact }) => {
      const params = new Map([...contact.params, ['expires', String(expiresSeconds)]]);
      return ['Contact', formatContact({ ...contact, params })];
    });
  }

  #answer(transaction: ServerTransaction, statusCode: number, headers: readonly (readonly [string, string])[]): void {
    this.tally[statusCode] = (this.tally[statusCode] ?? 0) + 1;
    transaction.respond(createResponse(transaction.request, statusCode, { toTag: 'registrar', headers }));
  }
}
