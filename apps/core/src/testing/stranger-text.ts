/**
 * What a sender outside the home network writes.
 *
 * @module
 */
import { type RequestParts, requestText } from '@wicgate/sip-node/testing';

/** A request in wire format, From a user of another network. */
export function strangerText(parts: RequestParts = {}): string {
  return requestText(parts).replace('From: <sip:alice@ims.example>', 'From: <sip:mallory@elsewhere.example>');
}
