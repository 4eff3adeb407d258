/**
 * An INVITE by way of two proxies, and answers to it, for tests of dialogs.
 *
 * @module
 */
import { createDialogResponse } from '../dialogs/create-dialog-response.ts';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipRequest, type SipResponse } from '../messages/message.ts';

/** As Bob receives it. */
export const invitation: SipRequest = {
  method: 'INVITE',
  requestUri: 'sip:bob@192.0.2.4',
  headers: Headers.of(
    ['Via', 'SIP/2.0/TLS p2.example;branch=z9hG4bK3'],
    ['Record-Route', '<sip:p2.example;lr>, <sip:p1.example;lr>'],
    ['Max-Forwards', '68'],
    ['From', '"Alice" <sip:alice@atlanta.com>;tag=alice'],
    ['To', 'Bob <sip:bob@biloxi.com>'],
    ['Call-ID', 'a84b4c76e66710'],
    ['CSeq', '314159 INVITE'],
    ['Contact', '<sip:alice@pc33.atlanta.com;transport=tls>'],
  ),
  body: noBody,
};

/** As Bob sends it, with the tag `toTag`. */
export function answer(statusCode: number, toTag = 'bob', contact = '<sip:bob@192.0.2.4>'): SipResponse {
  return createDialogResponse(invitation, statusCode, { toTag, contact });
}

/** A response to a later request of the dialog, with these header fields in the place of others. */
export function respondTo(
  request: SipRequest,
  statusCode: number,
  ...headers: readonly [string, string][]
): SipResponse {
  const names = ['From', 'To', 'Call-ID', 'CSeq'];
  const copied = names.map((name): [string, string] => [name, request.headers.first(name) ?? '']);
  return { statusCode, reasonPhrase: '', headers: Headers.of(...copied, ...headers), body: noBody };
}
