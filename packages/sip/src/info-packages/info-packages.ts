/**
 * Which INFO may be sent and taken in a dialog (RFC 6086 4, 5).
 *
 * @module
 */
import { InfoPackageRefused } from '../errors.ts';
import { type InfoPackage, parseInfoPackage } from '../headers/info-package.ts';
import { formatRecvInfo, parseRecvInfo } from '../headers/recv-info.ts';
import type { SipMessage, SipRequest } from '../messages/message.ts';

/** What an INFO is. */
export type ReceivedInfo =
  | { readonly type: 'package'; readonly infoPackage: InfoPackage }
  /** Without Info-Package, as of RFC 2976: its Content-Type says what it is for (RFC 6086 4.3). */
  | { readonly type: 'legacy' };

/** The info packages of one dialog: those this end takes, and those the far end has named. */
export class InfoPackages {
  readonly #taken: readonly InfoPackage[];
  #peer: readonly InfoPackage[] | undefined;

  /** `taken` are the packages this end takes; any number from none up. */
  constructor(taken: readonly InfoPackage[] = []) {
    this.#taken = taken;
  }

  /**
   * Value of Recv-Info for INVITE, UPDATE, PRACK, ACK, reliable 18x and 2xx: '' says that none is taken, and yet that
   * RFC 6086 is known (5.2.3).
   */
  get recvInfo(): string {
    return formatRecvInfo(this.#taken);
  }

  /** Whether the far end has said anything of packages; if not, it knows INFO as of RFC 2976 at best. */
  get isKnownToPeer(): boolean {
    return this.#peer !== undefined;
  }

  /**
   * Reads Recv-Info of a message of the dialog; without it, what was said before goes on to hold (5.2.2).
   *
   * @throws {HeaderMalformed} @throws {MessageTooLarge} Nothing has changed then.
   */
  learn({ headers }: SipMessage): void {
    const fields = [...headers].filter(({ key }) => key === 'recv-info');
    if (fields.length === 0) return;
    this.#peer = parseRecvInfo(fields.map(({ value }) => value).join(','));
  }

  /** Whether the far end takes INFO of package `name` (4.2.1). */
  maySend(name: string): boolean {
    return this.#peer !== undefined && has(this.#peer, name);
  }

  /**
   * What a received INFO is.
   *
   * @throws {InfoPackageRefused} a package that is not taken: 469 with Recv-Info (4.2.2). @throws {HeaderMalformed}
   */
  receive({ headers }: SipRequest): ReceivedInfo {
    const value = headers.first('Info-Package');
    if (value === undefined) return { type: 'legacy' };
    const infoPackage = parseInfoPackage(value);
    if (!has(this.#taken, infoPackage.name)) throw new InfoPackageRefused(this.recvInfo);
    return { type: 'package', infoPackage };
  }
}

function has(packages: readonly InfoPackage[], name: string): boolean {
  const wanted = name.toLowerCase();
  return packages.some((each) => each.name.toLowerCase() === wanted);
}
