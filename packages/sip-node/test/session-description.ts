/**
 * A session description for calls that carry no media (RFC 8866).
 *
 * @module
 */
import { encodeUtf8 } from '@wicgate/sip';

/** Octets of application/sdp; `version` grows with each change of the session. */
export function sessionDescription(version = 1): Uint8Array {
  return encodeUtf8(
    [
      'v=0',
      `o=- 7 ${version} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      'm=audio 9 RTP/AVP 0',
      'a=rtpmap:0 PCMU/8000',
      '',
    ].join('\r\n'),
  );
}
