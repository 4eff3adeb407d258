/**
 * The dialogs of one end, and which of them a message belongs to (RFC 3261 12.2).
 *
 * @module
 */
import type { SipMessage } from '../messages/message.ts';
import type { Dialog } from './dialog.ts';
import { dialogIdOf, dialogKey } from './dialog-id.ts';

export class Dialogs implements Iterable<Dialog> {
  readonly #dialogs = new Map<string, Dialog>();

  get size(): number {
    return this.#dialogs.size;
  }

  [Symbol.iterator](): Iterator<Dialog> {
    return this.#dialogs.values();
  }

  add(dialog: Dialog): void {
    this.#dialogs.set(dialogKey(dialog.id), dialog);
  }

  delete(dialog: Dialog): void {
    const key = dialogKey(dialog.id);
    if (this.#dialogs.get(key) === dialog) this.#dialogs.delete(key);
  }

  /**
   * The dialog of a received message. A response with a To tag that is new, as a fork gives it (13.2.2.4), finds none.
   *
   * @throws {HeaderMalformed}
   */
  find(message: SipMessage): Dialog | undefined {
    return this.#dialogs.get(dialogKey(dialogIdOf(message, 'received')));
  }
}
