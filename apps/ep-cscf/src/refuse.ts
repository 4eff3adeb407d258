/**
 * Answers to requests that are refused or fail, and what follows: log, count, close.
 *
 * @module
 */
import {
  createRefusal,
  MaxForwardsExceeded,
  type Refusal,
  ResponseOutOfTurn,
  refusalOf,
  refuse,
  type ServerTransaction,
  SipError,
  type SipResponse,
} from '@wicgate/sip';
import type { NodeFlow, WebSocketRefusal } from '@wicgate/sip-node';
import {
  AuthenticationRefused,
  CoreUnreachable,
  EpCscfError,
  type RefusalReason,
  RequestUnfit,
  reasonOf,
  WafUnreachable,
} from './errors.ts';
import type { EpCscfLogger } from './log-event.ts';
import type { Metrics } from './metrics.ts';
import type { BearerChallenge } from './registration/bearer-challenge.ts';
import { policyViolation } from './w2/close-codes.ts';
import type { TokenBucket } from './w2/token-bucket.ts';

export interface RefusalOptions {
  readonly log: EpCscfLogger;
  /** Bounds the lines about refusals. */
  readonly lines: Pick<TokenBucket, 'take'>;
  /** The same for what fails here or behind. */
  readonly faultLines: Pick<TokenBucket, 'take'>;
  readonly metrics: Pick<Metrics, 'countRefusal'>;
  readonly challenge: BearerChallenge;
  readonly createToken: () => string;
  /** Closes a connection, unless nobody may cut it off. */
  readonly closeConnection: (flow: NodeFlow, code: number) => void;
  /** The user of a connection is put out by the network. */
  readonly putOut: (flow: NodeFlow) => void;
  /** The IMPI that a connection is bound to, as the log shows it. */
  readonly identify: (flow: NodeFlow) => string | undefined;
}

export class Refusals {
  readonly #options: RefusalOptions;

  constructor(options: RefusalOptions) {
    this.#options = options;
  }

  /** Answers as `error` says, and closes the WebSocket behind the answer where it says so. */
  refuse(transaction: ServerTransaction<NodeFlow>, error: unknown): void {
    this.#note(transaction, error);
    const { request, flow } = transaction;
    const isOfCore = error instanceof AuthenticationRefused;
    respond(
      transaction,
      isOfCore ? error.response : refuse(request, this.#refusalFor(error), this.#options.createToken()),
    );
    if (error instanceof EpCscfError && error.putsOut) this.#options.putOut(flow);
    if (error instanceof EpCscfError && error.closes) this.#options.closeConnection(flow, policyViolation);
  }

  /** A message that cannot be answered, such as an ACK: it is only noted. */
  drop(flow: NodeFlow, error: unknown): void {
    this.#note({ request: { method: 'ACK' }, flow }, error);
  }

  /** What came was no SIP message. */
  noteFault({ listener, peer }: NodeFlow, { code }: SipError): void {
    const { log, lines, metrics } = this.#options;
    const side = listener === 'w2' ? 'w2' : 'mw';
    metrics.countRefusal(side, 'malformed');
    if (lines.take()) log.warn({ event: 'message.malformed', side, code, address: peer.address });
  }

  /** A connection on W2 was refused. */
  noteUpgrade(reason: WebSocketRefusal): void {
    const { log, lines, metrics } = this.#options;
    metrics.countRefusal('w2', `upgrade: ${reason}`);
    if (lines.take()) log.warn({ event: 'upgrade.refused', clause: 'TS 33.203 X.3.1 REQ 2.6', reason });
  }

  #refusalFor(error: unknown): Refusal {
    if (error instanceof SipError) return refusalOf(error);
    if (error instanceof RequestUnfit) return error.refusal;
    if (!(error instanceof EpCscfError)) return createRefusal(500);
    const headers: (readonly [name: string, value: string])[] = [];
    if (error.challenge !== undefined) headers.push(['WWW-Authenticate', this.#options.challenge(error.challenge)]);
    if (error.retryAfterSeconds !== undefined) headers.push(['Retry-After', String(error.retryAfterSeconds)]);
    return { statusCode: error.statusCode, reasonPhrase: error.reasonPhrase, headers };
  }

  /** The log names the reason; the request, and with it any credential, stays out. */
  #note({ request, flow }: { request: { method: string }; flow: NodeFlow }, error: unknown): void {
    const { log, metrics, identify } = this.#options;
    const side = flow.listener === 'w2' ? 'w2' : 'mw';
    const reason = findReason(error);
    metrics.countRefusal(side, reason ?? 'internal fault');
    const facts = { side, method: request.method, address: flow.peer.address, impi: identify(flow) };
    if (side === 'mw' && ordinaryOnMw.has(reason)) {
      log.debug({ event: 'request.refused', ...facts, reason });
      return;
    }
    if (!this.#mayNote(error)) return;
    if (error instanceof WafUnreachable) {
      log.error({ event: 'waf.unreachable', issuer: error.issuer, cause: error.cause, ...wafGone });
    }
    if (error instanceof CoreUnreachable) log.error({ event: 'core.unreachable', cause: error.cause, ...coreGone });
    const event = request.method === 'REGISTER' ? 'register.refused' : 'request.refused';
    if (reason !== undefined) log.warn({ event, ...facts, reason });
    else log.error({ event: 'request.failed', ...facts, cause: error, ...failed });
  }

  /** What somebody does wrong over and over shall not hide what fails here. */
  #mayNote(error: unknown): boolean {
    const { lines, faultLines } = this.#options;
    const isUnreachable = error instanceof WafUnreachable || error instanceof CoreUnreachable;
    return (isUnreachable || findReason(error) === undefined ? faultLines : lines).take();
  }
}

/** Whoever closes a page or signs out crosses what the core has sent already; both get to know by the answers. */
const ordinaryOnMw: ReadonlySet<string | undefined> = new Set<RefusalReason>(['flow gone', 'no such dialog']);

const wafGone = {
  effect: 'nobody can register with a token of this WAF',
  action: 'look whether the WAF runs and its certificate comes from the configured authority',
};
const coreGone = {
  effect: 'nobody can register',
  action: 'look whether the I-CSCF runs, and that its certificate and ours come from the configured authority',
};
const failed = { effect: 'the request was answered 500', action: 'report this line to the developers' };

function findReason(error: unknown): string | undefined {
  if (error instanceof EpCscfError) return reasonOf(error);
  if (error instanceof MaxForwardsExceeded) return 'too many hops';
  return error instanceof SipError ? error.code.slice('ERR_SIP_'.length).toLowerCase().replaceAll('_', ' ') : undefined;
}

/** Responds where somebody still waits: the flow may have gone while the core was asked. */
export function respond(transaction: ServerTransaction<NodeFlow>, response: SipResponse): void {
  try {
    transaction.respond(response);
  } catch (error) {
    if (!(error instanceof ResponseOutOfTurn)) throw error;
  }
}
