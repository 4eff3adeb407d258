/**
 * What an INVITE with Replaces does to the dialogs of its receiver (RFC 3891 3).
 *
 * @module
 */
import type { Dialog, DialogState } from '../dialogs/dialog.ts';
import type { DialogId } from '../dialogs/dialog-id.ts';
import { HeaderMalformed, HeaderMissing } from '../errors.ts';
import { parseReplaces, type Replaces } from '../headers/replaces.ts';
import type { SipRequest } from '../messages/message.ts';

/** What the receiver of Replaces does (RFC 3891 3). */
export type ReplacesOutcome =
  /** Accept the INVITE without asking the user further, and end `dialog` by `BYE` or `CANCEL`, once it is authorized. */
  | { readonly type: 'replace'; readonly dialog: Dialog; readonly endBy: 'BYE' | 'CANCEL' }
  | { readonly type: 'refuse'; readonly statusCode: 481 | 486 | 603 };

type Rule = 'BYE' | 'CANCEL' | 481 | 486 | 603;
type Column = 'started here' | 'started there';

/** By the state of the dialog that matches, and by which end sent its INVITE. */
export const replacesRules: Readonly<Record<DialogState, Readonly<Record<Column, Rule>>>> = {
  confirmed: { 'started here': 'BYE', 'started there': 'BYE' },
  // A phone that rings here is picked up by nobody else's Replaces.
  early: { 'started here': 'CANCEL', 'started there': 481 },
  terminated: { 'started here': 603, 'started there': 603 },
};
/** With `early-only` a dialog that was answered stays. */
export const confirmedEarlyOnly: Rule = 486;

/**
 * The Replaces of an INVITE; undefined where it has none.
 *
 * @throws {HeaderMissing} there are several. @throws {HeaderMalformed} also beside Join, or in another method: 400.
 */
export function findReplaces({ method, headers }: SipRequest): Replaces | undefined {
  const count = headers.count('Replaces');
  if (count === 0) return undefined;
  if (count > 1) throw new HeaderMissing('Replaces', count);
  if (method !== 'INVITE' || headers.has('Join')) throw new HeaderMalformed('Replaces', 0, 'an INVITE without Join');
  return parseReplaces(headers.first('Replaces') ?? '');
}

/**
 * What follows from `replaces`. `find` gives the dialog of an INVITE, seen from this end; one that ended a moment ago
 * too, for as long as it is known.
 */
export function matchReplaces(replaces: Replaces, find: (id: DialogId) => Dialog | undefined): ReplacesOutcome {
  const dialog = findDialog(replaces, find);
  if (dialog === undefined) return { type: 'refuse', statusCode: 481 };
  const isSpared = replaces.isEarlyOnly && dialog.state === 'confirmed';
  const column = dialog.ownsCallId ? 'started here' : 'started there';
  const rule = isSpared ? confirmedEarlyOnly : replacesRules[dialog.state][column];
  return typeof rule === 'number' ? { type: 'refuse', statusCode: rule } : { type: 'replace', dialog, endBy: rule };
}

/** How this end names `dialog` to its peer in Replaces: the peer's tag is the to-tag there. */
export function replacesOf(dialog: Dialog, isEarlyOnly = false): Replaces {
  const { callId, localTag, remoteTag } = dialog.id;
  // Section 3: a tag of a peer of RFC 2543, which has none, is written as 0.
  return { callId, toTag: remoteTag || '0', fromTag: localTag || '0', isEarlyOnly, params: new Map() };
}

/** A tag of 0 matches a dialog without that tag as well; two that match are none (RFC 3891 3). */
function findDialog(
  { callId, toTag, fromTag }: Replaces,
  find: (id: DialogId) => Dialog | undefined,
): Dialog | undefined {
  const tagsOf = (tag: string): readonly string[] => (tag === '0' ? ['0', ''] : [tag]);
  const ids = tagsOf(toTag).flatMap((localTag) =>
    tagsOf(fromTag).map((remoteTag) => ({ callId, localTag, remoteTag })),
  );
  const found = new Set(ids.map(find).filter((dialog) => dialog !== undefined));
  const [dialog] = found;
  return found.size === 1 ? dialog : undefined;
}
