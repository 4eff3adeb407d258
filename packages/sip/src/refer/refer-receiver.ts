/**
 * Takes REFERs, and the SUBSCRIBEs that renew or end what they subscribed to (RFC 3515 2.4).
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import { dialogIdOf, dialogKey } from '../dialogs/dialog-id.ts';
import { findTarget } from '../dialogs/peer-headers.ts';
import { HeaderMissing, SipError } from '../errors.ts';
import { parseEvent } from '../headers/event.ts';
import { findNumber } from '../headers/number-header.ts';
import { parseReferSub } from '../headers/refer-sub.ts';
import { parseReferTo } from '../headers/refer-to.ts';
import { parseReferredBy } from '../headers/referred-by.ts';
import { parseTargetDialog } from '../headers/target-dialog.ts';
import { hasToken } from '../headers/token-list.ts';
import { createResponse, type ResponseOptions } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { Authorize } from '../usages/send-authorized.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { IncomingRefer, type ReferRequest } from './incoming-refer.ts';
import { readReferTarget } from './refer-target.ts';

/** Who is asked, and how NOTIFYs leave. */
export interface ReferReceiverOptions<F extends Flow = Flow> {
  readonly clock: Clock;
  readonly createToken: () => string;
  /** Value of Contact. */
  readonly contact: string;
  readonly createSender: (transaction: ServerTransaction<F>) => SendRequest;
  readonly authorize?: Authorize;
  /** Header fields of a Refer-To URI that the new request may have, besides Replaces. None unless given. */
  readonly allowedHeaders?: readonly string[];
  /** The user is asked. */
  readonly onRefer: (refer: IncomingRefer<F>) => void;
  /** How long NOTIFYs go on at most; 180 unless given. */
  readonly expiresSeconds?: number;
  /** How many at a time; further ones get 503. 100 unless given. */
  readonly maxRefers?: number;
}

const retryAfter = [['Retry-After', '30']] as const;

/** The REFERs under way at one element. */
export class ReferReceiver<F extends Flow = Flow> {
  readonly #options: ReferReceiverOptions<F>;
  readonly #refers = new Set<IncomingRefer<F>>();

  constructor(options: ReferReceiverOptions<F>) {
    this.#options = options;
  }

  get size(): number {
    return this.#refers.size;
  }

  /**
   * Takes a REFER or a SUBSCRIBE to one; false for anything else. `dialog` is the one it came in, if any, which has
   * looked at its order.
   */
  receive(transaction: ServerTransaction<F>, dialog?: Dialog): boolean {
    const { request } = transaction;
    try {
      if (request.method === 'REFER') this.#receiveRefer(transaction, dialog);
      else if (request.method === 'SUBSCRIBE') return this.#receiveSubscribe(transaction, dialog !== undefined);
      else return false;
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#refuse(transaction, error.statusCode);
    }
    return true;
  }

  #receiveRefer(transaction: ServerTransaction<F>, dialog: Dialog | undefined): void {
    const { request } = transaction;
    const { clock, createToken, contact, createSender, authorize, onRefer, expiresSeconds = 180 } = this.#options;
    // A To tag without a dialog is one that is not here (RFC 3261 12.2.2).
    if (dialog === undefined && dialogIdOf(request, 'received').localTag !== '') {
      this.#refuse(transaction, 481);
      return;
    }
    if (hasToken(request.headers, 'Require', 'explicitsub')) {
      this.#refuse(transaction, 420, { headers: [['Unsupported', 'explicitsub']] });
      return;
    }
    if (findTarget(request) === undefined) throw new HeaderMissing('Contact', 0);
    const asked = readReferRequest(request, this.#options.allowedHeaders ?? []);
    if (this.#refers.size >= (this.#options.maxRefers ?? 100)) {
      this.#refuse(transaction, 503, { headers: retryAfter });
      return;
    }
    const refer = new IncomingRefer<F>({
      clock,
      createToken,
      contact,
      send: createSender(transaction),
      authorize,
      transaction,
      asked,
      dialog,
      expiresSeconds,
      onEnd: (each) => this.#refers.delete(each),
    });
    this.#refers.add(refer);
    onRefer(refer);
  }

  #receiveSubscribe(transaction: ServerTransaction<F>, isOrdered: boolean): boolean {
    const { headers } = transaction.request;
    const event = parseEvent(headers.first('Event') ?? '');
    const id = dialogKey(dialogIdOf(transaction.request, 'received'));
    const found = [...this.#refers].find(({ subscription }) => {
      if (subscription === undefined || dialogKey(subscription.dialog.id) !== id) return false;
      return event.type === 'refer' && (event.id === undefined || event.id === subscription.event.id);
    });
    if (found?.subscription === undefined) return false;
    if (!isOrdered) found.subscription.dialog.receiveRequest(transaction.request);
    const { contact, expiresSeconds = 180 } = this.#options;
    const seconds = Math.min(findNumber(headers, 'Expires') ?? expiresSeconds, expiresSeconds);
    const fields = [['Contact', contact] as const, ['Expires', String(seconds)] as const];
    transaction.respond(createResponse(transaction.request, 200, { headers: fields }));
    found.subscription.start(seconds);
    return true;
  }

  #refuse(transaction: ServerTransaction<F>, statusCode: number, options: ResponseOptions = {}): void {
    const toTag = this.#options.createToken();
    transaction.respond(createResponse(transaction.request, statusCode, { toTag, ...options }));
  }
}

/** @throws {HeaderMissing} no Refer-To, or several (RFC 3515 2.4.2). @throws {SipError} */
function readReferRequest({ headers }: SipRequest, allowed: readonly string[]): ReferRequest {
  const count = headers.count('Refer-To');
  if (count !== 1) throw new HeaderMissing('Refer-To', count);
  const { uri } = parseReferTo(headers.first('Refer-To') ?? '');
  const referredBy = headers.first('Referred-By');
  const targetDialog = headers.first('Target-Dialog');
  const referSub = headers.first('Refer-Sub');
  const isSilent = referSub !== undefined && !parseReferSub(referSub).subscribes;
  return {
    target: readReferTarget(uri, allowed),
    referredBy: referredBy === undefined ? undefined : parseReferredBy(referredBy),
    targetDialog: targetDialog === undefined ? undefined : parseTargetDialog(targetDialog),
    reporting: hasToken(headers, 'Require', 'nosub') ? 'nosub' : isSilent ? 'Refer-Sub: false' : 'NOTIFY',
  };
}
