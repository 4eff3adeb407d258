/**
 * The dialog that a Target-Dialog names (RFC 4538 4).
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import type { DialogId } from '../dialogs/dialog-id.ts';
import type { TargetDialog } from '../headers/target-dialog.ts';

/**
 * The dialog of this end that the sender knows of, confirmed or early: what is local to the sender is remote here. Who
 * knows both tags was in the dialog or on its path; whether that is enough to be served is for the caller.
 */
export function matchTargetDialog(
  { callId, localTag, remoteTag }: TargetDialog,
  find: (id: DialogId) => Dialog | undefined,
): Dialog | undefined {
  const dialog = find({ callId, localTag: remoteTag, remoteTag: localTag });
  return dialog?.state === 'terminated' ? undefined : dialog;
}

/** How this end names `dialog` in Target-Dialog. */
export function targetDialogOf({ id: { callId, localTag, remoteTag } }: Dialog): TargetDialog {
  return { callId, localTag, remoteTag, params: new Map() };
}
