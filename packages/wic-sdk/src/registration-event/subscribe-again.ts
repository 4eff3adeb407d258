/**
 * When to subscribe again after a subscription has ended or was refused (RFC 6665 4.1.2.2, 4.1.3; TS 24.229 5.1.1.3).
 *
 * @module
 */
import { findNumber, SipError, type SipResponse, type SubscriptionEnd } from '@wicgate/sip';

const leastMs = 60_000;
const mostMs = 3_600_000;

export interface Course {
  /** Subscriptions in a row that ended within a minute, this one among them; 0 if it lasted longer. */
  readonly failures: number;
  /** From 0 up to 1. */
  readonly random: number;
}

/** Milliseconds to wait; undefined: not before the next registration. */
export function subscribeAgainMs(end: SubscriptionEnd, { failures, random }: Course): number | undefined {
  const asked = askedMs(end);
  if (asked === undefined || (asked === 0 && failures === 0)) return asked;
  const backoff = Math.min(leastMs * 2 ** Math.max(failures - 1, 0), mostMs);
  return Math.floor(Math.max(Math.min(asked, mostMs), backoff * (1 + 0.5 * random)));
}

/** What the network wants us to wait at least. */
function askedMs(end: SubscriptionEnd): number | undefined {
  switch (end.type) {
    case 'notified':
      return end.again === 'never' ? undefined : (end.afterSeconds ?? 0) * 1_000;
    case 'refused':
      return isPassing(end.response.statusCode) ? retryAfterMs(end.response) : undefined;
    case 'not subscribed':
    case 'closed':
      return undefined;
    default:
      return 0;
  }
}

/** 481: the notifier has forgotten it. Timeouts, overload and failures of flows and servers go by. */
function isPassing(statusCode: number): boolean {
  const isOfServer = statusCode >= 500 && statusCode < 600 && statusCode !== 501;
  return isOfServer || statusCode === 408 || statusCode === 430 || statusCode === 480 || statusCode === 481;
}

function retryAfterMs({ headers }: SipResponse): number {
  try {
    return (findNumber(headers, 'Retry-After') ?? 0) * 1_000;
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return 0;
  }
}
