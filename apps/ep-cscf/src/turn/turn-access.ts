/**
 * What becomes of the TURN credentials of a user whose registration ends.
 *
 * Whoever the network puts out loses them: their allocations end, and the next registration gets others. Whoever merely
 * loses the connection, or registers late, keeps them, for the call goes on while the WIC comes back; so does whoever is
 * asked to register anew. Whoever signs out has the media they have until the call ends, and is somebody else to the
 * TURN server afterwards. Nobody cuts off who calls for help (TS 33.203 X.2.3.3).
 *
 * @module
 */
import type { NodeFlow } from '@wicgate/sip-node';
import type { TurnUsername } from '@wicgate/turn-credentials';
import type { TokenName } from '../authorization/access-token.ts';
import type { EpCscfLogger } from '../log-event.ts';
import type { FlowEnd, RegisteredFlow, RegisteredFlows } from '../registration/registered-flows.ts';
import type { TurnCredentials } from './turn-credentials.ts';
import { holderOf, sessionOf, type TurnHolder } from './turn-holder.ts';
import type { TurnRevocations } from './turn-revocations.ts';

export interface TurnAccessOptions {
  readonly credentials: Pick<TurnCredentials, 'forget' | 'take' | 'takeAll'>;
  readonly revocations: Pick<TurnRevocations, 'revoke'>;
  readonly flows: Pick<RegisteredFlows, 'ofUser'>;
  /** Whether somebody calls for help on the connection, or can be called back. */
  readonly isSpared: (connection: NodeFlow) => boolean;
  readonly log: EpCscfLogger;
  readonly hashIdentity: (impi: string) => string;
}

type Fate = 'kept' | 'forgotten' | 'revoked' | 'revoked with all';

const fates: Readonly<Record<FlowEnd, Fate>> = {
  'connection closed': 'kept',
  'replaced': 'kept',
  'expired': 'kept',
  // Asked to register anew, by its own doing elsewhere, or lost by the core: nobody has been barred.
  'ended by the network': 'kept',
  'deregistered': 'forgotten',
  'revoked': 'revoked',
  'rejected by the network': 'revoked with all',
};

const clause = 'TS 33.203 X.5.2.2';

export class TurnAccess {
  readonly #options: TurnAccessOptions;

  constructor(options: TurnAccessOptions) {
    this.#options = options;
  }

  /** A flow has ended, and is none of its user's any more. */
  flowEnded(flow: RegisteredFlow, end: FlowEnd): void {
    const fate = fates[end];
    if (fate === 'kept' || flow.name.isEmergency === true) return;
    const holder = holderOf(flow);
    const others = this.#options.flows.ofUser(holder.impi);
    if (fate === 'forgotten') {
      const isLeft = others.some((other) => isOfSession(holderOf(other), holder));
      if (!isLeft) this.#options.credentials.forget(holder);
    } else if (fate === 'revoked with all' && others.length === 0) {
      this.#end(holder.impi, [flow], () => true);
    } else this.putOut(flow);
  }

  /** The network puts the user of `flow` out: what its session has ends. Undefined: nobody was in. */
  putOut(flow: RegisteredFlow | undefined): void {
    if (flow === undefined) return;
    const holder = holderOf(flow);
    this.#end(holder.impi, [flow], (each) => isOfSession(each, holder));
  }

  /**
   * A WAF has revoked tokens: what was given for them ends, whether or not a connection stands on it. To be called while
   * the flows that stand on them still do. Whoever has registered again with another token keeps it.
   */
  tokensRevoked(isMeant: (token: TokenName) => boolean): void {
    const isRevoked = ({ token }: TurnHolder): boolean => token !== undefined && isMeant(token);
    const hasOther = (holder: TurnHolder): boolean =>
      this.#options.flows
        .ofUser(holder.impi)
        .map(holderOf)
        .some((other) => isOfSession(other, holder) && !isRevoked(other));
    const users = new Set<string>();
    const given = this.#options.credentials.takeAll((holder) => {
      if (!isRevoked(holder) || hasOther(holder) || this.#isSpared(holder.impi, [])) return false;
      users.add(holder.impi);
      return true;
    });
    this.#revoke(given, users);
  }

  #end(impi: string, ended: readonly RegisteredFlow[], isMeant: (holder: TurnHolder) => boolean): void {
    if (this.#isSpared(impi, ended)) return;
    this.#revoke(this.#options.credentials.take(impi, isMeant), [impi]);
  }

  #isSpared(impi: string, ended: readonly RegisteredFlow[]): boolean {
    const { flows, isSpared } = this.#options;
    return [...ended, ...flows.ofUser(impi)].some(({ connection }) => isSpared(connection));
  }

  #revoke(given: readonly TurnUsername[], users: Iterable<string>): void {
    if (given.length === 0) return;
    const { revocations, log, hashIdentity } = this.#options;
    revocations.revoke(given);
    for (const impi of users) log.info({ event: 'turn-access.ended', clause, impi: hashIdentity(impi) });
  }
}

function isOfSession(left: TurnHolder, right: TurnHolder): boolean {
  return sessionOf(left) === sessionOf(right);
}
