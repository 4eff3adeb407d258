/**
 * Where a request stands to dialogs (RFC 3261 12, RFC 6665 4.1, RFC 3515 2.4.4), and which dialog a token belongs to.
 *
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { HeaderMalformed, readNameAddr, type SipRequest } from '@wicgate/sip';
import type { FlowName } from '../registration/flow-name.ts';
import type { DialogRole, DialogToken } from '../registration/flow-token.ts';

const dialogForming = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);
const token = /^[\w\-.!%*+`'~]+$/u;
/** RFC 3261 19.3 asks for 32 random bits; nobody needs more than this. */
const maxTagCharacters = 256;
const digestOctets = 16;

/** A To tag says that the request belongs to a dialog. @throws {HeaderMalformed} a tag is empty. */
export function isInDialog(request: SipRequest): boolean {
  findTag(request, 'From');
  return findTag(request, 'To') !== undefined;
}

/** Whether a proxy that wants to see the rest of the dialog adds a Record-Route (RFC 3261 16.6 step 4). */
export function formsDialog(request: SipRequest): boolean {
  return dialogForming.has(request.method) && !isInDialog(request);
}

/** For the Record-Route of a request that forms a dialog. @throws {HeaderMalformed} */
export function createDialogToken(request: SipRequest, flow: FlowName, role: DialogRole): DialogToken {
  return { kind: 'dialog', flow, role, digest: digestOf(request, findTag(request, 'From')).toString('hex') };
}

/**
 * Whether a request belongs to the dialog of `token`: same Call-ID, and the tag of who formed the dialog stands on the
 * side of who formed it.
 *
 * @throws {HeaderMalformed}
 */
export function belongsTo({ role, digest }: DialogToken, request: SipRequest, sender: 'wic' | 'core'): boolean {
  const isFromFormer = (role === 'caller') === (sender === 'wic');
  const tag = findTag(request, isFromFormer ? 'From' : 'To');
  return timingSafeEqual(digestOf(request, tag), Buffer.from(digest, 'hex'));
}

/** No tag, as of an old peer (RFC 3261 12.1.1), counts as an empty one. */
function digestOf({ headers }: SipRequest, tag = ''): Buffer {
  const dialog = JSON.stringify([headers.first('Call-ID'), tag]);
  return createHash('sha256').update(dialog).digest().subarray(0, digestOctets);
}

function findTag({ headers }: SipRequest, name: 'From' | 'To'): string | undefined {
  const tag = readNameAddr(headers, name).params.get('tag');
  if (tag === undefined) return undefined;
  if (tag.length > maxTagCharacters || !token.test(tag)) throw new HeaderMalformed(name, 0, 'a tag with a value');
  return tag;
}
