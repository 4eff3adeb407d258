/**
 * The REFER (RFC 3515 2), with or without a subscription (RFC 4488), for a dialog of its receiver (RFC 4538).
 *
 * @module
 */
import { Headers } from '../headers/headers.ts';
import { formatNameAddr } from '../headers/name-addr.ts';
import { formatReferSub } from '../headers/refer-sub.ts';
import { formatReferTo } from '../headers/refer-to.ts';
import { formatReferredBy, type ReferredBy } from '../headers/referred-by.ts';
import { formatTargetDialog, type TargetDialog } from '../headers/target-dialog.ts';
import { noBody, type SipRequest } from '../messages/message.ts';

/** What a REFER asks. */
export interface ReferFields {
  /** URI to refer to: see `formatReferTarget` for one with Replaces. */
  readonly referTo: string;
  readonly referredBy: ReferredBy | undefined;
  /** The dialog of the receiver that this is about; undefined inside that dialog. */
  readonly targetDialog: TargetDialog | undefined;
  /** False asks for no NOTIFY. */
  readonly subscribes: boolean;
  /** Value of Contact. */
  readonly contact: string;
}

/** What a REFER of its own says besides. */
export interface OutOfDialogReferFields extends ReferFields {
  /** URI of the receiver, best its GRUU: Request-URI and To (RFC 7647 3). */
  readonly target: string;
  /** URI of this end, for From. */
  readonly from: string;
  readonly fromTag: string;
  readonly callId: string;
  /** Route, Supported and so on. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

const none: ReadonlyMap<string, string> = new Map();

/** The header fields of a REFER inside a dialog, for `Dialog.createRequest`. @throws {TypeError} one could break out. */
export function referHeaders(fields: ReferFields): readonly (readonly [name: string, value: string])[] {
  const { referTo, referredBy, targetDialog, subscribes, contact } = fields;
  const headers: (readonly [string, string])[] = [
    ['Contact', contact],
    ['Refer-To', formatReferTo({ displayName: undefined, uri: referTo, params: none })],
  ];
  if (referredBy !== undefined) headers.push(['Referred-By', formatReferredBy(referredBy)]);
  if (targetDialog !== undefined) {
    headers.push(['Target-Dialog', formatTargetDialog(targetDialog)], ['Supported', 'tdialog']);
  }
  if (!subscribes) {
    headers.push(['Refer-Sub', formatReferSub({ subscribes, params: none })], ['Supported', 'norefersub']);
  }
  return headers;
}

/** A REFER of its own, as RFC 6665 4.5.2 wants it; without Via. @throws {TypeError} a value could break out. */
export function createRefer(fields: OutOfDialogReferFields): SipRequest {
  const { target, from, fromTag, callId, headers = [] } = fields;
  return {
    method: 'REFER',
    requestUri: target,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', formatNameAddr({ displayName: undefined, uri: from, params: new Map([['tag', fromTag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: target, params: none })],
      ['Call-ID', callId],
      ['CSeq', '1 REFER'],
      ...referHeaders(fields),
      ...headers,
    ),
    body: noBody,
  };
}
