import { describe, expect, it } from 'vitest';
import { answer, invitation, respondTo } from '../testing/invitation.ts';
import { createUacDialog, createUasDialog } from './create-dialog.ts';
import { dialogKey } from './dialog-id.ts';
import { Dialogs } from './dialogs.ts';

describe('Dialogs', () => {
  it('[RFC 3261 13.2.2.4] keeps one dialog for each fork and finds each by its To tag', () => {
    const dialogs = new Dialogs();
    const desk = createUacDialog(invitation, answer(180, 'desk'));
    const mobile = createUacDialog(invitation, answer(200, 'mobile'));
    dialogs.add(desk);
    dialogs.add(mobile);
    expect(dialogs.find(answer(200, 'desk'))).toBe(desk);
    expect(dialogs.find(answer(200, 'mobile'))).toBe(mobile);
    expect(dialogs.find(answer(200, 'tablet'))).toBeUndefined();
    expect([dialogs.size, [...dialogs]]).toEqual([2, [desk, mobile]]);
  });

  it('[RFC 3261 12] finds the dialog of a request from either end', () => {
    const [callers, callees] = [new Dialogs(), new Dialogs()];
    const caller = createUacDialog(invitation, answer(200));
    const callee = createUasDialog(invitation, answer(200));
    callers.add(caller);
    callees.add(callee);
    expect(callees.find(caller.createRequest('BYE'))).toBe(callee);
    expect(callers.find(callee.createRequest('BYE'))).toBe(caller);
    expect(callers.find(respondTo(caller.createRequest('INFO'), 200))).toBe(caller);
    expect(callers.find(caller.createRequest('BYE'))).toBeUndefined();
  });

  it.each([
    { difference: 'another Call-ID', name: 'Call-ID', value: 'other' },
    { difference: 'another From tag', name: 'From', value: '<sip:bob@biloxi.com>;tag=other' },
    { difference: 'another To tag', name: 'To', value: '<sip:alice@atlanta.com>;tag=other' },
    { difference: 'no To tag', name: 'To', value: '<sip:alice@atlanta.com>' },
    { difference: 'tags in another case', name: 'To', value: '<sip:alice@atlanta.com>;tag=ALICE' },
  ])('[RFC 3261 12] finds no dialog for a request with $difference', ({ name, value }) => {
    const dialogs = new Dialogs();
    dialogs.add(createUacDialog(invitation, answer(200)));
    const bye = createUasDialog(invitation, answer(200)).createRequest('BYE');
    expect(dialogs.find(bye)).toBeDefined();
    expect(dialogs.find({ ...bye, headers: bye.headers.set(name, value) })).toBeUndefined();
  });

  it('[RFC 3261 12.3] forgets a dialog, but not the one that took its place', () => {
    const dialogs = new Dialogs();
    const [first, second] = [createUacDialog(invitation, answer(180)), createUacDialog(invitation, answer(200))];
    dialogs.add(first);
    dialogs.add(second);
    dialogs.delete(first);
    expect(dialogs.find(answer(200))).toBe(second);
    dialogs.delete(second);
    dialogs.delete(second);
    expect([dialogs.size, dialogs.find(answer(200))]).toEqual([0, undefined]);
  });

  it('[RFC 3261 12.2.2] answers 481 to a request of no dialog, or of one that is over', () => {
    const dialogs = new Dialogs();
    const dialog = createUacDialog(invitation, answer(200));
    const bye = createUasDialog(invitation, answer(200)).createRequest('BYE');
    const unknown = expect.objectContaining({ code: 'ERR_SIP_DIALOG_UNKNOWN', statusCode: 481 });
    expect(() => dialogs.read(bye)).toThrow(unknown);
    dialogs.add(dialog);
    expect(dialogs.read(bye)).toBe(dialog);
    dialog.terminate();
    expect(() => dialogs.read(bye)).toThrow(unknown);
  });

  it('[RFC 3261 21.5.4] has room for so many dialogs', () => {
    const dialogs = new Dialogs(1);
    dialogs.add(createUacDialog(invitation, answer(200)));
    expect(() => dialogs.add(createUacDialog(invitation, answer(200)))).not.toThrow();
    expect(() => dialogs.add(createUacDialog(invitation, answer(200, 'mobile')))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_DIALOGS_EXHAUSTED', statusCode: 503 }),
    );
  });

  it('[RFC 3261 12] never takes one for another, whatever stands in Call-ID and tags', () => {
    const ids = [
      { callId: 'a', localTag: 'b c', remoteTag: 'd' },
      { callId: 'a b', localTag: 'c', remoteTag: 'd' },
      { callId: 'a', localTag: 'b', remoteTag: 'c d' },
      { callId: 'a', localTag: '', remoteTag: 'b' },
      { callId: 'a', localTag: 'b', remoteTag: '' },
    ];
    expect(new Set(ids.map(dialogKey)).size).toBe(ids.length);
  });

  it('[RFC 3891 3] finds one by its name, seen from this end', () => {
    const dialogs = new Dialogs();
    const dialog = createUacDialog(invitation, answer(200));
    dialogs.add(dialog);
    const { callId, localTag, remoteTag } = dialog.id;
    expect(dialogs.get({ callId, localTag, remoteTag })).toBe(dialog);
    expect(dialogs.get({ callId, localTag: remoteTag, remoteTag: localTag })).toBeUndefined();
  });
});
