/**
 * The calls of a WIC, and what comes in for them (RFC 3261 8.2, 9.2, 12.2.2).
 *
 * Everything that comes in is untrusted: it is answered with an error, or dropped.
 *
 * @module
 */
import {
  type Dialog,
  Dialogs,
  parseCSeq,
  parseNameAddr,
  type ServerEvent,
  type ServerTransaction,
  type SipRequest,
  type SipResponse,
  type TransactionUser,
} from '@wicgate/sip';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import { ObservableValue } from '../observable-value.ts';
import { createToken, type Platform } from '../platform.ts';
import type { Call, Observable } from '../wic.ts';
import { type Access, capabilities, contentTypeOf, type DialogUser, descriptionType, fragmentType } from './access.ts';
import { answerFaults, refuseExtensions, refuseMethod, respond } from './in-dialog-requests.ts';
import { IncomingCall } from './incoming-call.ts';
import type { LiveCall } from './live-call.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { readPeer } from './peer-identity.ts';
import { parseTarget } from './target.ts';

/** How long a call that is over stays in the list. */
const overMs = 5_000;
/** In case somebody makes calls in a loop. */
const maxDialogs = 256;

type Transaction = ServerTransaction<WebSocketFlow>;

export class CallList implements TransactionUser<WebSocketFlow> {
  readonly #calls = new ObservableValue<readonly LiveCall[]>([]);
  readonly #dialogs = new Dialogs();
  readonly #users = new Map<Dialog, DialogUser>();
  readonly #platform: Platform;
  #access: Access | undefined;
  #turnUsername: string | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Needed before anything comes in or goes out. */
  connect(access: Omit<Access, 'addDialog' | 'deleteDialog'>): void {
    // Getters stay getters: what an access says changes.
    this.#access = Object.defineProperties({} as Access, {
      ...Object.getOwnPropertyDescriptors(access),
      addDialog: { value: (dialog: Dialog, user: DialogUser) => this.#addDialog(dialog, user) },
      deleteDialog: { value: (dialog: Dialog) => this.#deleteDialog(dialog) },
    });
  }

  get calls(): Observable<readonly Call[]> {
    return this.#calls;
  }

  /** Whether one rings or runs. */
  get isBusy(): boolean {
    return this.#calls.getSnapshot().some((call) => !call.isOver);
  }

  /** @throws {TargetInvalid} */
  call(target: string, media: { readonly video: boolean }): Call {
    const access = this.#readAccess();
    const uri = parseTarget(target, access.homeDomain);
    const call = new OutgoingCall({
      access,
      peer: { uri, displayName: undefined },
      onOver: (over) => this.#onOver(over),
    });
    this.#add(call);
    call.start(uri, media);
    return call;
  }

  /** Hangs up everything; `now` where the page goes away. */
  leaveAll(now: boolean): void {
    for (const call of this.#calls.getSnapshot()) call.leave({ now });
  }

  /** A registration holds; `isNewFlow` unless the connection is the one there was. */
  onRegistered(isNewFlow: boolean): void {
    const username = this.#readAccess().registered?.turnCredential?.username;
    const isNewPath = username !== undefined && username !== this.#turnUsername;
    this.#turnUsername = username;
    for (const call of this.#calls.getSnapshot()) call.configure();
    for (const user of [...this.#users.values()]) {
      if (isNewFlow) user.repair?.();
      else if (isNewPath) user.restartIce?.();
    }
  }

  /** The registration is gone, `forGood` unless a new one is on its way. */
  onUnregistered(forGood: boolean): void {
    for (const user of [...this.#users.values()]) user.flowLost?.();
    if (!forGood) return;
    for (const call of this.#calls.getSnapshot()) call.finish({ by: 'local', cause: 'connection lost' });
  }

  onRequest(transaction: Transaction): void {
    answerFaults(transaction, () => {
      const { method, headers } = transaction.request;
      if (method === 'CANCEL') return this.#onCancel(transaction);
      const isInDialog = parseNameAddr(headers.first('To') ?? '', 'To').params.has('tag');
      if (isInDialog) this.#onDialogRequest(transaction);
      else if (method === 'INVITE') this.#onInvite(transaction);
      else if (method === 'OPTIONS') this.#onOptions(transaction);
      else refuseMethod(transaction, createToken(this.#platform));
    });
  }

  onAck(ack: SipRequest): void {
    this.#findUser(ack)?.onAck(ack);
  }

  onStrayResponse(response: SipResponse): void {
    const { method } = parseCSeq(response.headers.first('CSeq') ?? '');
    const isSuccess = response.statusCode >= 200 && response.statusCode < 300;
    if (method === 'INVITE' && isSuccess) this.#findUser(response)?.onLateSuccess(response);
  }

  onServerEvent(transaction: Transaction, event: ServerEvent): void {
    if (event.type === 'transport error') this.#findIncoming(transaction)?.transactionLost();
  }

  #onDialogRequest(transaction: Transaction): void {
    const user = this.#findUser(transaction.request);
    if (user === undefined) respond(transaction, 481);
    else user.onRequest(transaction);
  }

  #onCancel(transaction: Transaction): void {
    const { layer } = this.#readAccess().line;
    const invite = layer.findInvite(transaction.request);
    if (invite === undefined) {
      respond(transaction, 481, { toTag: createToken(this.#platform) });
      return;
    }
    respond(transaction, 200, { toTag: createToken(this.#platform) });
    this.#findIncoming(invite)?.cancel(transaction.request.headers.all('Reason'));
  }

  #onOptions(transaction: Transaction): void {
    const accept: [string, string] = ['Accept', `${descriptionType}, ${fragmentType}`];
    respond(transaction, 200, { toTag: createToken(this.#platform), headers: [...capabilities, accept] });
  }

  #onInvite(transaction: Transaction): void {
    const { request } = transaction;
    const toTag = createToken(this.#platform);
    if (refuseExtensions(transaction, toTag)) return;
    if (request.body.length > 0 && contentTypeOf(request) !== descriptionType) {
      respond(transaction, 415, { toTag, headers: [['Accept', descriptionType]] });
      return;
    }
    const live = this.#calls.getSnapshot().filter((call) => !call.isOver);
    const isMerged = live.some((call) => call instanceof IncomingCall && call.isMerged(request));
    if (isMerged) {
      respond(transaction, 482, { toTag });
      return;
    }
    if (live.length > 0 || this.#dialogs.size >= maxDialogs) {
      respond(transaction, 486, { toTag });
      return;
    }
    const onOver = (over: LiveCall): void => this.#onOver(over);
    this.#add(new IncomingCall({ access: this.#readAccess(), peer: readPeer(request), onOver }, transaction));
  }

  #findIncoming(transaction: Transaction): IncomingCall | undefined {
    const isOf = (call: LiveCall): call is IncomingCall => call instanceof IncomingCall && call.isOf(transaction);
    return this.#calls.getSnapshot().find(isOf);
  }

  #findUser(message: SipRequest | SipResponse): DialogUser | undefined {
    const dialog = this.#dialogs.find(message);
    return dialog === undefined ? undefined : this.#users.get(dialog);
  }

  #addDialog(dialog: Dialog, user: DialogUser): void {
    this.#dialogs.add(dialog);
    this.#users.set(dialog, user);
  }

  #deleteDialog(dialog: Dialog): void {
    this.#dialogs.delete(dialog);
    this.#users.delete(dialog);
  }

  #add(call: LiveCall): void {
    this.#calls.set([...this.#calls.getSnapshot(), call]);
  }

  #onOver(call: LiveCall): void {
    this.#platform.clock.after(overMs, () => {
      this.#calls.set(this.#calls.getSnapshot().filter((other) => other !== call));
    });
  }

  #readAccess(): Access {
    if (this.#access === undefined) throw new TypeError('expected connect() first');
    return this.#access;
  }
}
