/**
 * One forwarded request and the branches it went out on (RFC 3261 16.7, 16.8).
 *
 * @module
 */
import { ResponseOutOfTurn } from '../errors.ts';
import { Headers } from '../headers/headers.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1 } from '../transactions/timers.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { ClientTransaction, ServerTransaction, TransactionLayer } from '../transactions/transaction-layer.ts';
import { bestResponse } from './best-response.ts';
import type { ForwardHooks, ProxyTarget } from './stateful-proxy.ts';

interface Surroundings<F extends Flow> {
  readonly layer: TransactionLayer<F>;
  readonly clock: Clock;
  readonly forget: () => void;
}

interface Branch<F extends Flow> {
  readonly target: ProxyTarget<F>;
  client: ClientTransaction<F> | undefined;
  /** What it ended with, whether received or concluded here. */
  final: SipResponse | undefined;
  /** Before a provisional response no CANCEL may go out (9.1). */
  hasProvisional: boolean;
  cancel: 'no' | 'wanted' | 'sent';
  /** Reason of the CANCEL (RFC 3326). */
  reason: string | undefined;
  stopTimer: (() => void) | undefined;
}

/** Timer C: more than three minutes (16.6 step 11). */
const timerC = 181_000;
const answeredElsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

export class ResponseContext<F extends Flow> {
  readonly #transaction: ServerTransaction<F>;
  readonly #hooks: ForwardHooks<F>;
  readonly #around: Surroundings<F>;
  readonly #branches: readonly Branch<F>[];
  readonly #isInvite: boolean;
  #answered = false;

  constructor(
    transaction: ServerTransaction<F>,
    targets: readonly ProxyTarget<F>[],
    hooks: ForwardHooks<F>,
    around: Surroundings<F>,
  ) {
    this.#transaction = transaction;
    this.#hooks = hooks;
    this.#around = around;
    this.#isInvite = transaction.request.method === 'INVITE';
    this.#branches = targets.map((target) => ({
      target,
      client: undefined,
      final: undefined,
      hasProvisional: false,
      cancel: 'no',
      reason: undefined,
      stopTimer: undefined,
    }));
  }

  start(): void {
    for (const branch of this.#branches) {
      const { request, flow } = branch.target;
      if (this.#isInvite) this.#startTimer(branch, timerC);
      branch.client = this.#around.layer.request(request, flow, (event) => this.#onEvent(branch, event));
    }
  }

  /** Cancels every branch that has no final response yet. */
  cancel(reason?: string): void {
    for (const branch of this.#branches) this.#cancelBranch(branch, reason);
  }

  #onEvent(branch: Branch<F>, event: ClientEvent): void {
    if (event.type === 'response') this.#onResponse(branch, event.response);
    // 16.8 and 16.9: as if 408 or 503 had come; who was told to stop has stopped.
    else if (branch.cancel !== 'no') this.#conclude(branch, this.#local(487));
    else this.#conclude(branch, this.#local(event.type === 'timeout' ? 408 : (branch.target.failureStatusCode ?? 503)));
  }

  #onResponse(branch: Branch<F>, received: SipResponse): void {
    const stripped = this.#withoutOurVia(received);
    if (received.statusCode < 200) {
      this.#onProvisional(branch, stripped);
      return;
    }
    const response = this.#hooks.onResponse?.(stripped, branch.target) ?? stripped;
    if (response.statusCode < 300) this.#onSuccess(branch, response);
    else this.#conclude(branch, response);
  }

  /**
   * 16.7 step 3. What is left below our Via is what came with the request; it is taken from there, so that no branch
   * can lead the response astray.
   */
  #withoutOurVia(received: SipResponse): SipResponse {
    const vias = [...this.#transaction.request.headers].filter(({ key }) => key === 'via');
    const others = [...received.headers].filter(({ key }) => key !== 'via');
    return { ...received, headers: new Headers([...vias, ...others]) };
  }

  #onSuccess(branch: Branch<F>, response: SipResponse): void {
    branch.final ??= response;
    branch.stopTimer?.();
    // Every 2xx to an INVITE goes upstream, also a repeated one (16.7 step 5).
    if (this.#isInvite || !this.#answered) this.#answer(response);
    this.cancel(answeredElsewhere);
    this.#settle();
  }

  #onProvisional(branch: Branch<F>, stripped: SipResponse): void {
    branch.hasProvisional = true;
    if (branch.cancel === 'wanted') this.#sendCancel(branch);
    if (stripped.statusCode === 100 || branch.final !== undefined) return;
    if (this.#isInvite && branch.cancel === 'no') this.#startTimer(branch, timerC);
    const response = this.#hooks.onResponse?.(stripped, branch.target) ?? stripped;
    if (!this.#answered) this.#respond(response);
  }

  #conclude(branch: Branch<F>, response: SipResponse): void {
    if (branch.final !== undefined) return;
    branch.final = response;
    branch.stopTimer?.();
    if (response.statusCode >= 600) this.cancel();
    this.#settle();
  }

  /** Answers when every branch has ended, and forgets. */
  #settle(): void {
    const finals = this.#branches.map(({ final }) => final).filter((final) => final !== undefined);
    if (finals.length < this.#branches.length) return;
    if (!this.#answered) this.#answer(bestResponse(finals));
    this.#around.forget();
  }

  #answer(response: SipResponse): void {
    const isFirst = !this.#answered;
    this.#answered = true;
    this.#respond(response);
    if (isFirst) this.#hooks.onFinal?.(response);
  }

  /** A 2xx that comes when the server transaction has ended finds nobody upstream; its callee will send BYE. */
  #respond(response: SipResponse): void {
    try {
      this.#transaction.respond(response);
    } catch (error) {
      if (!(error instanceof ResponseOutOfTurn)) throw error;
    }
  }

  #cancelBranch(branch: Branch<F>, reason?: string): void {
    if (!this.#isInvite || branch.final !== undefined || branch.cancel !== 'no') return;
    branch.cancel = 'wanted';
    branch.reason = reason;
    // 9.1: the branch counts as ended when nothing has come 64*T1 after its CANCEL.
    this.#startTimer(branch, 64 * T1);
    if (branch.hasProvisional) this.#sendCancel(branch);
  }

  #sendCancel(branch: Branch<F>): void {
    if (branch.client === undefined) return;
    branch.cancel = 'sent';
    this.#around.layer.cancel(branch.client, () => {}, branch.reason);
  }

  #startTimer(branch: Branch<F>, ms: number): void {
    branch.stopTimer?.();
    branch.stopTimer = this.#around.clock.after(ms, () => {
      if (branch.cancel === 'no' && branch.hasProvisional) this.#cancelBranch(branch);
      else this.#giveUp(branch, branch.cancel === 'no' ? 408 : 487);
    });
  }

  /** As if that response had come (16.8): the client transaction, which waits for one without limit, ends too. */
  #giveUp(branch: Branch<F>, statusCode: number): void {
    const { layer } = this.#around;
    const { client, target } = branch;
    if (client !== undefined) {
      layer.receive(createResponse(client.request, statusCode, { toTag: layer.createToken() }), target.flow);
    }
    this.#conclude(branch, this.#local(statusCode));
  }

  #local(statusCode: number): SipResponse {
    return createResponse(this.#transaction.request, statusCode, { toTag: this.#around.layer.createToken() });
  }
}
