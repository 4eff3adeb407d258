/**
 * Sends our late candidates to the far end of one dialog by INFO (RFC 8840 4, RFC 6086).
 *
 * One INFO at a time; each repeats what the ones before said of this ICE session, so that none needs the others.
 *
 * @module
 */
import { type Dialog, encodeUtf8 } from '@wicgate/sip';
import { type CandidateFragment, formatFragment } from '../media/candidate-fragment.ts';
import { type Access, fragmentType, infoPackage } from './access.ts';

export interface TrickleOptions {
  readonly access: Access;
  readonly dialog: Dialog;
  readonly readLateCandidates: () => CandidateFragment | undefined;
  /** The far end said that the dialog is no more. */
  readonly onDialogGone: () => void;
}

/** Candidates come in bursts; this long a burst may be. */
const burstMs = 20;

export class Trickle {
  readonly #options: TrickleOptions;
  #said = '';
  #isSending = false;
  #isStopped = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: TrickleOptions) {
    this.#options = options;
  }

  /** There may be something new to say. */
  update(): void {
    if (this.#isStopped || this.#isSending || this.#stopTimer !== undefined) return;
    this.#stopTimer = this.#options.access.platform.clock.after(burstMs, () => {
      this.#stopTimer = undefined;
      this.#send();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #send(): void {
    const { access, dialog, readLateCandidates } = this.#options;
    const fragment = readLateCandidates();
    const text = fragment === undefined ? '' : formatFragment(fragment);
    if (text === '' || text === this.#said || this.#isStopped || access.registered === undefined) return;
    this.#said = text;
    this.#isSending = true;
    const request = dialog.createRequest('INFO', {
      headers: [
        ['Info-Package', infoPackage],
        ['Content-Disposition', 'Info-Package'],
        ['Content-Type', fragmentType],
      ],
      body: encodeUtf8(text),
    });
    access.line.ask(request).then(
      (response) => this.#onAnswer(response),
      () => this.#onFault(),
    );
  }

  #onAnswer(response: Parameters<Dialog['receiveResponse']>[0]): void {
    this.#isSending = false;
    const { dialog, onDialogGone } = this.#options;
    dialog.receiveResponse(response);
    if (dialog.state === 'terminated') {
      if (!this.#isStopped) onDialogGone();
    } else if (response.statusCode === 469 || response.statusCode === 415 || response.statusCode === 405) {
      // The far end takes no candidates this way after all.
      this.stop();
    } else this.update();
  }

  /** The flow broke: the repair of the dialog brings a description with all candidates. */
  #onFault(): void {
    this.#isSending = false;
    this.#said = '';
  }
}
