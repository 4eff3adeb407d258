/**
 * One forwarded request and the branches it went out on (RFC 3261 16.7).
 *
 * @module
 */
import { ResponseOutOfTurn } from '../errors.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1 } from '../transactions/timers.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import { bestResponse } from './best-response.ts';
import { shareBreadth } from './max-breadth.ts';
import { type BranchUser, ProxyBranch, type Surroundings } from './proxy-branch.ts';
import type { ForwardHooks, ProxyTarget } from './stateful-proxy.ts';
import { targetGroups } from './target-groups.ts';

export interface ResponseContextOptions<F extends Flow> extends Surroundings<F> {
  readonly hooks: ForwardHooks<F>;
  /** How the branches end (16.6 step 8). */
  readonly branchEnd: string;
  /** How many branches may be open at a time, at least 1 (RFC 5393 5.3.3). */
  readonly breadth: number;
  /** How many targets a request may have, those of redirections counted in. */
  readonly maxTargets: number;
  readonly forget: () => void;
}

const answeredElsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

export class ResponseContext<F extends Flow> implements BranchUser<F> {
  readonly #transaction: ServerTransaction<F>;
  readonly #options: ResponseContextOptions<F>;
  readonly #isInvite: boolean;
  /** What is tried when all branches have ended. */
  #waiting: (readonly ProxyTarget<F>[])[] = [];
  readonly #branches: ProxyBranch<F>[] = [];
  readonly #finals: SipResponse[] = [];
  readonly #startedAt: number;
  #answered = false;
  /** Cancelled, or decided by a 2xx or 6xx: nothing more is tried. */
  #isOver = false;

  constructor(transaction: ServerTransaction<F>, options: ResponseContextOptions<F>) {
    this.#transaction = transaction;
    this.#options = options;
    this.#isInvite = transaction.request.method === 'INVITE';
    this.#startedAt = options.clock.now();
  }

  start(targets: readonly ProxyTarget<F>[]): void {
    this.#waiting = [...targetGroups(targets, this.#options.breadth)];
    this.#startNext();
  }

  /** Cancels every branch that has no final response yet, and starts no other. */
  cancel(reason?: string): void {
    this.#isOver = true;
    for (const branch of this.#branches) branch.cancel(reason);
  }

  onResponse(branch: ProxyBranch<F>, received: SipResponse): void {
    const { statusCode } = received;
    // 100 is for one hop; of other provisional ones a non-INVITE transaction knows nothing (RFC 4320 4.1).
    if (statusCode === 100 || (statusCode < 200 && !this.#isInvite)) return;
    const response = this.#throughHook(branch, this.#withoutOurVia(received));
    if (response.statusCode >= 300) this.#onRefusal(branch, response);
    else if (response.statusCode >= 200) this.#onSuccess(response);
    else if (!this.#answered) this.#respond(response);
  }

  onFailure(_branch: ProxyBranch<F>, statusCode: number): void {
    this.#conclude(this.#local(statusCode));
  }

  #startNext(): void {
    const group = this.#waiting.shift() ?? [];
    const { breadth, branchEnd } = this.#options;
    const shares = shareBreadth(breadth, group.length);
    const started = group.map((target) => new ProxyBranch(target, this, this.#options));
    this.#branches.push(...started);
    for (const [at, branch] of started.entries()) branch.start(branchEnd, shares[at] ?? 1);
  }

  /**
   * 16.7 step 3. What is left below our Via is what came with the request; it is taken from there, so that no branch
   * can lead the response astray.
   */
  #withoutOurVia(received: SipResponse): SipResponse {
    const own = this.#transaction.request.headers.all('Via');
    const left = received.headers.all('Via');
    const isSame = left.length === own.length + 1 && own.every((via, at) => via === left[at + 1]);
    const headers = isSame
      ? received.headers.withoutFirst('Via')
      : own.reduceRight((all, via) => all.prepend('Via', via), received.headers.without('Via'));
    return { statusCode: received.statusCode, reasonPhrase: received.reasonPhrase, headers, body: received.body };
  }

  /** A final response that the user cannot make anything of ends its branch all the same (21.5.3). */
  #throughHook({ target }: ProxyBranch<F>, response: SipResponse): SipResponse {
    try {
      return this.#options.hooks.onResponse?.(response, target) ?? response;
    } catch (error) {
      if (response.statusCode >= 200) this.#conclude(this.#local(502));
      throw error;
    }
  }

  #onSuccess(response: SipResponse): void {
    try {
      // Every 2xx to an INVITE goes upstream, also a repeated one (16.7 step 5).
      if (this.#isInvite || !this.#answered) this.#answer(response);
    } finally {
      this.cancel(answeredElsewhere);
      this.#settle();
    }
  }

  #onRefusal(branch: ProxyBranch<F>, response: SipResponse): void {
    if (response.statusCode >= 600) this.cancel();
    let isRedirected = false;
    try {
      isRedirected = response.statusCode < 400 && this.#redirect(branch, response);
    } finally {
      this.#conclude(isRedirected ? undefined : response);
    }
  }

  /** One branch less to wait for; `final` is what came of it, if that counts. */
  #conclude(final: SipResponse | undefined): void {
    if (final !== undefined) this.#finals.push(final);
    this.#settle();
  }

  /** Whether the user goes where a 3xx leads to; then the response has done its work (16.7 step 4). */
  #redirect(branch: ProxyBranch<F>, response: SipResponse): boolean {
    const { hooks, breadth, maxTargets } = this.#options;
    if (this.#isOver || hooks.onRedirect === undefined) return false;
    const known = [...this.#branches.map(({ target }) => target), ...this.#waiting.flat()];
    const added: ProxyTarget<F>[] = [];
    for (const target of hooks.onRedirect(response, branch.target)) {
      // No target twice (16.5).
      const isKnown = [...known, ...added].some((other) => isSameTarget(other, target));
      if (!isKnown && known.length + added.length < maxTargets) added.push(target);
    }
    this.#waiting.unshift(...targetGroups(added, breadth));
    return added.length > 0;
  }

  /** When every branch has ended: goes on with the next targets, else answers and forgets. */
  #settle(): void {
    if (this.#branches.some(({ hasEnded }) => !hasEnded)) return;
    if (this.#waiting.length > 0 && this.#mayGoOn()) {
      this.#startNext();
      return;
    }
    try {
      if (!this.#answered) this.#answerBest();
    } finally {
      this.#options.forget();
    }
  }

  /** For another method than INVITE nobody upstream waits longer than 64*T1 (RFC 4320 4.2). */
  #mayGoOn(): boolean {
    const isLate = !this.#isInvite && this.#options.clock.now() - this.#startedAt >= 64 * T1;
    return !this.#isOver && !isLate;
  }

  /** RFC 4320 4.2: a 408 tells a non-INVITE client nothing but comes too late; silence tells it the same. */
  #answerBest(): void {
    const worthy = this.#isInvite ? this.#finals : this.#finals.filter(({ statusCode }) => statusCode !== 408);
    if (worthy.length > 0) {
      this.#answer(bestResponse(worthy));
      return;
    }
    this.#answered = true;
    this.#options.hooks.onFinal?.(this.#local(408));
  }

  #answer(response: SipResponse): void {
    const isFirst = !this.#answered;
    this.#answered = true;
    this.#respond(response);
    if (isFirst) this.#options.hooks.onFinal?.(response);
  }

  /** A 2xx that comes when the server transaction has ended finds nobody upstream; its callee will send BYE. */
  #respond(response: SipResponse): void {
    try {
      this.#transaction.respond(response);
    } catch (error) {
      if (!(error instanceof ResponseOutOfTurn)) throw error;
    }
  }

  #local(statusCode: number): SipResponse {
    return createResponse(this.#transaction.request, statusCode, { toTag: this.#options.layer.createToken() });
  }
}

function isSameTarget<F extends Flow>(left: ProxyTarget<F>, right: ProxyTarget<F>): boolean {
  return left.flow === right.flow && left.request.requestUri === right.request.requestUri;
}
