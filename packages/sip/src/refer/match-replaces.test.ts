import { describe, expect, it } from 'vitest';
import { createUacDialog, createUasDialog } from '../dialogs/create-dialog.ts';
import type { Dialog } from '../dialogs/dialog.ts';
import type { DialogId } from '../dialogs/dialog-id.ts';
import { formatReplaces, parseReplaces } from '../headers/replaces.ts';
import type { SipRequest } from '../messages/message.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { findReplaces, matchReplaces, replacesOf } from './match-replaces.ts';

const uac = (statusCode: number): Dialog => createUacDialog(invitation, answer(statusCode));
const uas = (statusCode: number): Dialog => createUasDialog(invitation, answer(statusCode));
const ended = (dialog: Dialog): Dialog => {
  dialog.terminate();
  return dialog;
};
const among =
  (...dialogs: readonly Dialog[]) =>
  ({ callId, localTag, remoteTag }: DialogId): Dialog | undefined =>
    dialogs.find(({ id }) => id.callId === callId && id.localTag === localTag && id.remoteTag === remoteTag);

describe('matchReplaces', () => {
  it.each([
    { title: 'a call that Alice made', dialog: uac(200), early: '', endBy: 'BYE' },
    { title: 'a call that Bob took', dialog: uas(200), early: '', endBy: 'BYE' },
    { title: 'a call that rings at the other end', dialog: uac(180), early: '', endBy: 'CANCEL' },
    {
      title: 'a call that rings at the other end, early-only',
      dialog: uac(180),
      early: ';early-only',
      endBy: 'CANCEL',
    },
  ])('[RFC 3891 3] replaces $title by $endBy', ({ dialog, early, endBy }) => {
    const { callId, localTag, remoteTag } = dialog.id;
    const replaces = parseReplaces(`${callId};to-tag=${localTag};from-tag=${remoteTag}${early}`);
    expect(matchReplaces(replaces, among(dialog))).toEqual({ type: 'replace', dialog, endBy });
  });

  it.each([
    { title: 'a call that rings here', dialog: uas(180), early: '', statusCode: 481 },
    { title: 'an answered call, early-only', dialog: uac(200), early: ';early-only', statusCode: 486 },
    { title: 'an answered call taken here, early-only', dialog: uas(200), early: ';early-only', statusCode: 486 },
    { title: 'a call that is over', dialog: ended(uac(200)), early: '', statusCode: 603 },
    { title: 'a call that is over, early-only', dialog: ended(uas(200)), early: ';early-only', statusCode: 603 },
  ])('[RFC 3891 3] refuses $title with $statusCode', ({ dialog, early, statusCode }) => {
    const { callId, localTag, remoteTag } = dialog.id;
    const replaces = parseReplaces(`${callId};to-tag=${localTag};from-tag=${remoteTag}${early}`);
    expect(matchReplaces(replaces, among(dialog))).toEqual({ type: 'refuse', statusCode });
  });

  it.each([
    'other;to-tag=alice;from-tag=bob',
    'a84b4c76e66710;to-tag=bob;from-tag=alice',
    'a84b4c76e66710;to-tag=alice;from-tag=x',
  ])('[RFC 3891 3] finds no dialog for %s', (value) => {
    expect(matchReplaces(parseReplaces(value), among(uac(200)))).toEqual({ type: 'refuse', statusCode: 481 });
  });

  it('[RFC 3891 3] lets 0 stand for a tag that a peer of RFC 2543 does not have', () => {
    const response = answer(200);
    const old = createUacDialog(invitation, {
      ...response,
      headers: response.headers.set('To', '<sip:bob@biloxi.com>'),
    });
    const replaces = parseReplaces('a84b4c76e66710;to-tag=alice;from-tag=0');
    expect(matchReplaces(replaces, among(old))).toMatchObject({ type: 'replace', endBy: 'BYE' });
    const zero = createUacDialog(invitation, answer(200, '0'));
    expect(matchReplaces(replaces, among(old, zero))).toEqual({ type: 'refuse', statusCode: 481 });
  });

  it('[RFC 3891 3] matches at the far end what this end wrote', () => {
    const [alice, bob] = [uac(200), uas(200)];
    expect(formatReplaces(replacesOf(alice))).toBe('a84b4c76e66710;to-tag=bob;from-tag=alice');
    expect(matchReplaces(replacesOf(alice), among(bob))).toMatchObject({ type: 'replace', dialog: bob });
    expect(matchReplaces(replacesOf(bob), among(alice))).toMatchObject({ type: 'replace', dialog: alice });
  });
});

describe('findReplaces', () => {
  const value = 'a;to-tag=1;from-tag=2';
  const withField = (name: string, text: string, request: SipRequest = invitation): SipRequest => ({
    ...request,
    headers: request.headers.with(name, text),
  });

  it('[RFC 3891 3] finds the one there is', () => {
    expect(findReplaces(invitation)).toBeUndefined();
    expect(findReplaces(withField('Replaces', value))).toEqual(parseReplaces(value));
  });

  it.each([
    { fault: 'two of them', request: withField('Replaces', value, withField('Replaces', value)) },
    { fault: 'Join beside it', request: withField('Join', value, withField('Replaces', value)) },
    { fault: 'another method', request: { ...withField('Replaces', value), method: 'REFER' } },
    { fault: 'a broken one', request: withField('Replaces', 'a') },
  ])('[RFC 3891 3] refuses $fault with 400', ({ request }) => {
    expect(() => findReplaces(request)).toThrow(expect.objectContaining({ statusCode: 400 }));
  });
});
