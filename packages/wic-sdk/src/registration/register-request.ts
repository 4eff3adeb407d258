/**
 * The REGISTER of a WIC, without credentials (TS 24.229 5.1.1.2, TS 24.371 7.2.1).
 *
 * @module
 */
import { extTurnCredHeader, formatNameAddr, Headers, noBody, type SipRequest } from '@wicgate/sip';

export interface RegisterFields {
  readonly impu: string;
  readonly displayName: string | undefined;
  readonly homeDomain: string;
  /** URI of this page, without angle brackets. */
  readonly contactUri: string;
  readonly instanceId: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly sequence: number;
  /** 0 ends the registration. */
  readonly expiresSeconds: number;
}

const multimediaTelephony = 'urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel';

export function createRegister(fields: RegisterFields): SipRequest {
  const { impu, displayName, homeDomain, callId, fromTag, sequence, expiresSeconds } = fields;
  const asksForTurn: [string, string][] = expiresSeconds > 0 ? [[extTurnCredHeader, 'request']] : [];
  return {
    method: 'REGISTER',
    requestUri: `sip:${homeDomain}`,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', formatNameAddr({ displayName, uri: impu, params: new Map([['tag', fromTag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: impu, params: new Map() })],
      ['Call-ID', callId],
      ['CSeq', `${sequence} REGISTER`],
      ['Contact', formatContact(fields)],
      ['Expires', String(expiresSeconds)],
      ['Supported', 'path, gruu, outbound'],
      ...asksForTurn,
    ),
    body: noBody,
  };
}

function formatContact({ contactUri, instanceId }: RegisterFields): string {
  const params = new Map([
    ['reg-id', '1'],
    ['+sip.instance', `"<${instanceId}>"`],
    ['+g.3gpp.icsi-ref', `"${multimediaTelephony}"`],
  ]);
  return formatNameAddr({ displayName: undefined, uri: contactUri, params });
}
