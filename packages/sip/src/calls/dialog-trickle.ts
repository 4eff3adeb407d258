/**
 * Candidates of one dialog of a call, by INFO (RFC 8840 4.3, 10).
 *
 * @module
 */
import { createInfo } from '../info-packages/create-info.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import { type TrickleFragment, type TrickleOutcome, TrickleSender } from '../trickle-ice/trickle-sender.ts';
import { trickleFragmentType, trickleIce } from '../trickle-ice/trickle-support.ts';
import type { CallParts } from './call-context.ts';
import { guard } from './guard-user.ts';

/** These say that the far end takes no candidates this way. */
const refusals: ReadonlySet<number> = new Set([405, 415, 469, 501]);

/** The end that sent the INVITE has a dialog only where the far end has it too; the other one waits to hear of it. */
export class DialogTrickle<F extends Flow = Flow> {
  readonly #parts: CallParts<F>;
  readonly #ask: (request: SipRequest) => Promise<SipResponse>;
  #sender: TrickleSender | undefined;
  #isKnownToPeer: boolean;

  /** `ask` sends an INFO. */
  constructor(parts: CallParts<F>, ask: (request: SipRequest) => Promise<SipResponse>) {
    this.#parts = parts;
    this.#ask = ask;
    this.#isKnownToPeer = parts.dialog.ownsCallId;
  }

  /** Undefined where the far end takes no candidates. */
  start(readFragment: () => TrickleFragment | undefined): TrickleSender | undefined {
    const { context, dialog, infoPackages, isOver } = this.#parts;
    if (isOver() || !infoPackages.maySend(trickleIce)) return undefined;
    this.stop();
    const role = dialog.ownsCallId ? 'offerer' : 'answerer';
    const send = (octets: Uint8Array, onEnd: (outcome: TrickleOutcome) => void): void => this.#send(octets, onEnd);
    const read = (): TrickleFragment | undefined => guard(readFragment, context.report);
    this.#sender = new TrickleSender({ clock: context.clock, role, readFragment: read, send });
    if (this.#isKnownToPeer) this.#sender.handle('request received');
    return this.#sender;
  }

  /** A request of the dialog has come, ACK and PRACK too. */
  heard(): void {
    this.#isKnownToPeer = true;
    this.#sender?.handle('request received');
  }

  stop(): void {
    this.#sender?.stop();
  }

  #send(octets: Uint8Array, onEnd: (outcome: TrickleOutcome) => void): void {
    const body = { contentType: trickleFragmentType, octets };
    const info = createInfo(this.#parts.dialog, { name: trickleIce, params: new Map() }, body);
    this.#ask(info).then(
      ({ statusCode }) => onEnd(outcomeOf(statusCode)),
      () => onEnd('failed'),
    );
  }
}

function outcomeOf(statusCode: number): TrickleOutcome {
  if (statusCode < 300) return 'taken';
  return refusals.has(statusCode) ? 'refused' : 'failed';
}
