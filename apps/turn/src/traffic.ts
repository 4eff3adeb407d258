/**
 * What the relay has done, in plain numbers: counting must cost next to nothing on the way of media.
 *
 * @module
 */
import type { CredentialKind } from './authentication/turn-user.ts';
import type { RefusalCode } from './errors.ts';

export type Direction = 'to_peer' | 'to_client';

/** Why something was dropped without an answer. */
export type DropReason =
  | 'malformed'
  | 'unexpected'
  | 'no_allocation'
  | 'no_permission'
  | 'no_channel'
  | 'own_address'
  | 'bandwidth'
  | 'challenge_limit'
  | 'slow_receiver';

export class Traffic {
  readonly packets: Record<Direction, number> = { to_peer: 0, to_client: 0 };
  readonly octets: Record<Direction, number> = { to_peer: 0, to_client: 0 };
  readonly dropped = new Map<DropReason, number>();
  readonly refused = new Map<RefusalCode, number>();
  /** Requests with a right credential, by its kind. */
  readonly authenticated = new Map<CredentialKind, number>();

  relayed(direction: Direction, octets: number): void {
    this.packets[direction] += 1;
    this.octets[direction] += octets;
  }

  drop(reason: DropReason): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + 1);
  }

  authenticate(kind: CredentialKind): void {
    this.authenticated.set(kind, (this.authenticated.get(kind) ?? 0) + 1);
  }

  refuse(code: RefusalCode): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }
}
