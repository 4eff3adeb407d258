/**
 * When UPDATE may be sent, and what answers one that comes at a bad time (RFC 3311 5.1, 5.2).
 *
 * @module
 */

/** What counts, as it is when the UPDATE is about to leave, or has come. */
export interface UpdateSituation {
  readonly hasDialog: boolean;
  /** The far end's Allow lists UPDATE. */
  readonly isAllowed: boolean;
  readonly hasOffer: boolean;
  /** An UPDATE of this end has no final response yet. */
  readonly isOwnUnanswered: boolean;
  /** The same for the far end's. */
  readonly isPeerUnanswered: boolean;
  /** This end has offered, and waits; or it has to offer, for the INVITE brought none. */
  readonly isOwnOfferOpen: boolean;
  /** The far end has offered, and waits; or it has to offer. */
  readonly isPeerOfferOpen: boolean;
  /** A reliable response of this end has no PRACK yet. */
  readonly isPrackDue: boolean;
  /** Somebody has to be asked before the session may change. */
  readonly needsUser: boolean;
}

/** One condition of RFC 3311. */
export interface UpdateRule {
  readonly clause: string;
  readonly applies: (situation: UpdateSituation) => boolean;
}

/** Each forbids sending. */
export const updateSendRules: readonly (UpdateRule & { readonly why: string })[] = [
  { clause: 'RFC 3311 5.1', why: 'a dialog', applies: ({ hasDialog }) => !hasDialog },
  { clause: 'RFC 3311 5.1', why: 'a far end that allows UPDATE', applies: ({ isAllowed }) => !isAllowed },
  { clause: 'RFC 3311 5.2', why: 'the last UPDATE answered', applies: ({ isOwnUnanswered }) => isOwnUnanswered },
  {
    clause: 'RFC 3311 5.1',
    why: 'no offer under way',
    applies: ({ hasOffer, isOwnOfferOpen, isPeerOfferOpen }) => hasOffer && (isOwnOfferOpen || isPeerOfferOpen),
  },
  {
    clause: 'RFC 3311 5.1',
    why: 'the reliable response acknowledged',
    // Without its PRACK the far end may not even know the dialog.
    applies: ({ isPrackDue }) => isPrackDue,
  },
];

/** The first that applies answers the UPDATE. 500 has a Retry-After of 0 to 10 s. */
export const updateReceiveRules: readonly (UpdateRule & { readonly statusCode: 481 | 491 | 500 | 504 })[] = [
  { clause: 'RFC 3261 12.2.2', statusCode: 481, applies: ({ hasDialog }) => !hasDialog },
  { clause: 'RFC 3311 5.2', statusCode: 500, applies: ({ isPeerUnanswered }) => isPeerUnanswered },
  {
    clause: 'RFC 3311 5.2',
    statusCode: 491,
    applies: ({ hasOffer, isOwnOfferOpen }) => hasOffer && isOwnOfferOpen,
  },
  {
    clause: 'RFC 3311 5.2',
    statusCode: 500,
    applies: ({ hasOffer, isPeerOfferOpen }) => hasOffer && isPeerOfferOpen,
  },
  { clause: 'RFC 3311 5.2', statusCode: 504, applies: ({ needsUser }) => needsUser },
];

/** What is missing for an UPDATE to be sent; undefined where nothing is. */
export function findUpdateObstacle(situation: UpdateSituation): string | undefined {
  return updateSendRules.find(({ applies }) => applies(situation))?.why;
}

/** The status code that refuses an UPDATE; undefined where it is taken. */
export function findUpdateRefusal(situation: UpdateSituation): 481 | 491 | 500 | 504 | undefined {
  return updateReceiveRules.find(({ applies }) => applies(situation))?.statusCode;
}
