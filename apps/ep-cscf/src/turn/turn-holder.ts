/**
 * Whose TURN credential it is: a user in one session at the WAF. Who registered without a token has one session.
 *
 * @module
 */
import type { TokenName } from '../authorization/access-token.ts';
import type { RegisteredFlow } from '../registration/registered-flows.ts';

export interface TurnHolder {
  /** In canonical spelling. */
  readonly impi: string;
  /** The token that the registration stands on; undefined: the core asked the user. */
  readonly token: TokenName | undefined;
}

/** The same for all tokens of a session, and for nobody else's of that user. */
export function sessionOf({ token }: Pick<TurnHolder, 'token'>): string {
  return token?.sid === undefined ? '' : JSON.stringify([token.issuer, token.sid]);
}

export function holderOf({ name, authorization }: Pick<RegisteredFlow, 'name' | 'authorization'>): TurnHolder {
  return { impi: name.impi, token: authorization?.token };
}
