import { expect, it } from 'vitest';
import { createUacDialog, createUasDialog } from '../dialogs/create-dialog.ts';
import { formatTargetDialog, parseTargetDialog } from '../headers/target-dialog.ts';
import { answer, invitation } from '../testing/invitation.ts';
import { matchTargetDialog, targetDialogOf } from './match-target-dialog.ts';

it('[RFC 4538 4] finds at the far end what this end named, while it lives', () => {
  const alice = createUacDialog(invitation, answer(200));
  const bob = createUasDialog(invitation, answer(200));
  const named = parseTargetDialog(formatTargetDialog(targetDialogOf(alice)));
  expect(named).toMatchObject({ localTag: 'alice', remoteTag: 'bob' });
  const find = ({ localTag, remoteTag }: { localTag: string; remoteTag: string }) =>
    localTag === 'bob' && remoteTag === 'alice' ? bob : undefined;
  expect(matchTargetDialog(named, find)).toBe(bob);
  expect(matchTargetDialog({ ...named, localTag: 'mallory' }, find)).toBeUndefined();
  bob.terminate();
  expect(matchTargetDialog(named, find)).toBeUndefined();
});
