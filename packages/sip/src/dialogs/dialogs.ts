/**
 * The dialogs of one end, and which of them a message belongs to (RFC 3261 12.2).
 *
 * @module
 */
import { DialogsExhausted, DialogUnknown } from '../errors.ts';
import type { SipMessage, SipRequest } from '../messages/message.ts';
import type { Dialog } from './dialog.ts';
import { type DialogId, dialogIdOf, dialogKey } from './dialog-id.ts';

/** The dialogs that live, by Call-ID and tags. */
export class Dialogs implements Iterable<Dialog> {
  readonly #dialogs = new Map<string, Dialog>();
  readonly #max: number;

  /** At most `max` dialogs live at a time. */
  constructor(max = 100_000) {
    this.#max = max;
  }

  get size(): number {
    return this.#dialogs.size;
  }

  [Symbol.iterator](): Iterator<Dialog> {
    return this.#dialogs.values();
  }

  /** @throws {DialogsExhausted} there is no room for another one. */
  add(dialog: Dialog): void {
    const key = dialogKey(dialog.id);
    if (this.#dialogs.size >= this.#max && !this.#dialogs.has(key)) throw new DialogsExhausted(this.#max);
    this.#dialogs.set(key, dialog);
  }

  delete(dialog: Dialog): void {
    const key = dialogKey(dialog.id);
    if (this.#dialogs.get(key) === dialog) this.#dialogs.delete(key);
  }

  /** The dialog that `id` names, seen from this end. */
  get(id: DialogId): Dialog | undefined {
    return this.#dialogs.get(dialogKey(id));
  }

  /**
   * The dialog of a received message. A response with a To tag that is new, as a fork gives it (13.2.2.4), finds none.
   *
   * @throws {HeaderMalformed}
   */
  find(message: SipMessage): Dialog | undefined {
    return this.get(dialogIdOf(message, 'received'));
  }

  /**
   * The dialog of a received request that has a To tag (12.2.2).
   *
   * @throws {DialogUnknown} there is none, or it is over: 481. @throws {HeaderMalformed}
   */
  read(request: SipRequest): Dialog {
    const dialog = this.find(request);
    if (dialog === undefined || dialog.state === 'terminated') throw new DialogUnknown();
    return dialog;
  }
}
