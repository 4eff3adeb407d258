/**
 * Why a far end says BYE, where it is not that somebody hung up (RFC 3326 2; values of TS 24.229 7.2A.18.11).
 *
 * @module
 */
import { formatReason, parseReason, SipError } from '@wicgate/sip';

const protocol = 'RELEASE_CAUSE';
const mediaBearerLoss = 3;

/** For the Reason of a BYE: no way for media was found, or it was lost. */
export const mediaLost = formatReason({
  protocol,
  cause: mediaBearerLoss,
  text: 'Media bearer loss',
  params: new Map(),
});

/** Whether the values of Reason say that. One that cannot be read says nothing. */
export function saysMediaLost(reasons: readonly string[]): boolean {
  return reasons.some((value) => {
    try {
      const reason = parseReason(value);
      return reason.protocol.toUpperCase() === protocol && reason.cause === mediaBearerLoss;
    } catch (error) {
      if (error instanceof SipError) return false;
      throw error;
    }
  });
}
