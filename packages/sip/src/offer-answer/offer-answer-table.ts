/**
 * Where an offer and its answer may stand (RFC 3264 4, RFC 3261 13.2.1, RFC 3262 5, RFC 3311 5, RFC 6337 table 1).
 *
 * The table is the same at both ends: what one sends, the other receives. Within it, the `offerer` is who sent, or has
 * to send, the offer; the `answerer` is the other one.
 *
 * @module
 */

/** A message that may carry a session description. `success` and `failure` are final. */
export type Carrier =
  | ('INVITE' | 'unreliable 1xx' | 'reliable 1xx' | 'INVITE success' | 'INVITE failure' | 'ACK')
  | ('PRACK' | 'PRACK success' | 'PRACK failure')
  | ('UPDATE' | 'UPDATE success' | 'UPDATE failure');

/** `full` has a session description, `empty` none. */
export type CarrierEvent = `${'full' | 'empty'} ${Carrier}`;

/** Where an offer waits for its answer, if one does. */
export type OfferAnswerState =
  /** Nothing waits for an answer. */
  | 'stable'
  /** An INVITE without offer asks the far end to make one. */
  | 'offer wanted'
  | 'offer in INVITE'
  | 'offer in reliable 1xx'
  | 'offer in INVITE success'
  | 'offer in PRACK'
  | 'offer in UPDATE';

/** What a description, or its absence, means. */
export type DescriptionRole =
  | 'offer'
  | 'answer'
  /** Of the answer that is to come; it counts for early media, but settles nothing (RFC 6337 3.1.1). */
  | 'preview'
  /** Of the answer that was given; to be ignored (RFC 3261 13.2.1). */
  | 'repeat'
  | 'none'
  /** There should have been an offer or an answer, and none comes any more: the session cannot go on as it is. */
  | 'missing'
  /** The offer is void; what held before holds again (RFC 3261 14.1, RFC 3311 5.2, RFC 3264 4). */
  | 'rollback';

/** What a description means in one state, and what comes next. */
export interface OfferAnswerRow {
  readonly next: OfferAnswerState;
  readonly role: DescriptionRole;
  /** Who sends this message, seen from the state. */
  readonly from: 'offerer' | 'answerer' | 'anybody';
}

type Rows = Readonly<Partial<Record<CarrierEvent, OfferAnswerRow>>>;

const row = (
  next: OfferAnswerState,
  role: DescriptionRole,
  from: OfferAnswerRow['from'] = 'answerer',
): OfferAnswerRow => ({ next, role, from });

/**
 * What has no row: an offer is refused where another is open, a description in a response or an ACK is a `repeat`, and
 * an empty message means nothing.
 */
export const offerAnswerTable: Readonly<Record<OfferAnswerState, Rows>> = {
  'stable': {
    'full INVITE': row('offer in INVITE', 'offer', 'anybody'),
    'empty INVITE': row('offer wanted', 'none', 'anybody'),
    'full PRACK': row('offer in PRACK', 'offer', 'anybody'),
    'full UPDATE': row('offer in UPDATE', 'offer', 'anybody'),
  },
  'offer wanted': {
    // RFC 3262 5: the first reliable response brings it.
    'full reliable 1xx': row('offer in reliable 1xx', 'offer', 'offerer'),
    'empty reliable 1xx': row('offer wanted', 'missing', 'offerer'),
    'full INVITE success': row('offer in INVITE success', 'offer', 'offerer'),
    'empty INVITE success': row('stable', 'missing', 'offerer'),
    'full INVITE failure': row('stable', 'none', 'offerer'),
    'empty INVITE failure': row('stable', 'none', 'offerer'),
  },
  'offer in INVITE': {
    'full unreliable 1xx': row('offer in INVITE', 'preview'),
    'full reliable 1xx': row('stable', 'answer'),
    'full INVITE success': row('stable', 'answer'),
    'empty INVITE success': row('stable', 'missing'),
    'full INVITE failure': row('stable', 'rollback'),
    'empty INVITE failure': row('stable', 'rollback'),
  },
  'offer in reliable 1xx': {
    'full PRACK': row('stable', 'answer'),
    'empty PRACK': row('offer in reliable 1xx', 'missing'),
    // RFC 3262 3 keeps a 2xx back until the PRACK is there; who sends it nevertheless gets no answer.
    'full INVITE success': row('stable', 'missing', 'offerer'),
    'empty INVITE success': row('stable', 'missing', 'offerer'),
    'full INVITE failure': row('stable', 'rollback', 'offerer'),
    'empty INVITE failure': row('stable', 'rollback', 'offerer'),
  },
  'offer in INVITE success': {
    'full ACK': row('stable', 'answer'),
    'empty ACK': row('stable', 'missing'),
  },
  'offer in PRACK': {
    'full PRACK success': row('stable', 'answer'),
    'empty PRACK success': row('stable', 'missing'),
    'full PRACK failure': row('stable', 'rollback'),
    'empty PRACK failure': row('stable', 'rollback'),
  },
  'offer in UPDATE': {
    'full UPDATE success': row('stable', 'answer'),
    'empty UPDATE success': row('stable', 'missing'),
    'full UPDATE failure': row('stable', 'rollback'),
    'empty UPDATE failure': row('stable', 'rollback'),
  },
};
