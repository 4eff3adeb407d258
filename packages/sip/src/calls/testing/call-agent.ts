/**
 * A user agent in memory: its calls, what its user heard, and descriptions that are mere words.
 *
 * @module
 */
import { SipError } from '../../errors.ts';
import { decodeUtf8, encodeUtf8 } from '../../grammar/utf8.ts';
import { parseNameAddr } from '../../headers/name-addr.ts';
import { checkMessage } from '../../messages/check-message.ts';
import { isRequest, type SipMessage } from '../../messages/message.ts';
import { MemoryFlow } from '../../testing/memory-flow.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { TransactionLayer } from '../../transactions/transaction-layer.ts';
import type { CallMedia, CallUser } from '../call-user.ts';
import { Calls, type CallsOptions } from '../calls.ts';
import type { IncomingCall } from '../incoming-call.ts';
import type { OutgoingCall } from '../outgoing-call.ts';

export type AgentOptions = Partial<Omit<CallsOptions<MemoryFlow>, 'clock' | 'contact' | 'onCall'>>;

export class CallAgent {
  readonly name: string;
  readonly calls: Calls<MemoryFlow>;
  readonly layer: TransactionLayer<MemoryFlow>;
  readonly flow: MemoryFlow;
  readonly incoming: IncomingCall<MemoryFlow>[] = [];
  /** What the user and the media heard, in order. */
  readonly log: string[] = [];
  /** Answers an INVITE at once unless a test says otherwise. */
  onCall: (call: IncomingCall<MemoryFlow>) => void | Promise<void> = (call) =>
    void call.accept().catch(() => undefined);
  /** Throws where a test wants the media to fail. */
  checkMedia: (what: string) => void = () => undefined;
  #tokens = 0;
  #descriptions = 0;

  constructor(name: string, clock: VirtualClock, flow: MemoryFlow, options: AgentOptions = {}) {
    this.name = name;
    this.flow = flow;
    this.calls = new Calls<MemoryFlow>({
      clock,
      random: () => 0.5,
      contact: `<sip:${name}@${flow.sentBy}>`,
      ...options,
      onCall: (call) => {
        this.incoming.push(call);
        call.use(this.user);
        return this.onCall(call);
      },
    });
    const createToken = (): string => {
      this.#tokens += 1;
      return `${name}-${this.#tokens}`;
    };
    this.layer = new TransactionLayer<MemoryFlow>({ clock, createToken, user: this.calls });
    this.calls.attach(this.layer);
  }

  get user(): CallUser {
    return {
      media: this.#media(),
      onProgress: ({ statusCode }) => void this.log.push(`progress ${statusCode}`),
      onAnswered: () => void this.log.push('answered'),
      onEnded: (end) =>
        void this.log.push(end.by === 'refusal' ? `ended ${end.response.statusCode}` : `ended ${end.by}`),
      onInfo: ({ body }) => {
        this.log.push(`info ${textOf(body)}`);
        return undefined;
      },
    };
  }

  /** Calls `name`, and lets time stand still. */
  call(name: string, hasOffer = true): Promise<OutgoingCall<MemoryFlow>> {
    const target = { requestUri: `sip:${name}@b.example`, from: `<sip:${this.name}@a.example>`, hasOffer };
    return this.calls.call(target, this.user, this.flow);
  }

  /** What is no SIP is dropped. */
  receive(message: SipMessage): void {
    if (isSound(message)) this.layer.receive(message, this.flow);
  }

  #media(): CallMedia {
    const describe = (kind: string): Uint8Array => {
      this.checkMedia(kind);
      this.#descriptions += 1;
      return encodeUtf8(`${kind} ${this.#descriptions} of ${this.name}`);
    };
    return {
      createOffer: () => describe('offer'),
      createAnswer: (offer) => {
        const answer = describe('answer');
        this.log.push(`answers ${textOf(offer)}`);
        return answer;
      },
      acceptAnswer: (answer) => {
        this.checkMedia('accept');
        this.log.push(`takes ${textOf(answer)}`);
      },
      preview: (description) => void this.log.push(`previews ${textOf(description)}`),
      rollback: () => void this.log.push('rollback'),
    };
  }
}

/** Alice on one end of a flow; those she may call on the other, as if a proxy forked there. */
export class CallScene {
  readonly clock = new VirtualClock();
  readonly alice: CallAgent;
  readonly callees: readonly CallAgent[];
  readonly ours: MemoryFlow;
  readonly theirs: MemoryFlow;

  /** `options` are those of all, unless `calleeOptions` says otherwise for the others. */
  constructor(
    transport: string,
    names: readonly string[] = ['bob'],
    options: AgentOptions = {},
    calleeOptions: AgentOptions = options,
  ) {
    const [ours, theirs] = MemoryFlow.pair({ clock: this.clock, transport, sentBy: 'a.example' }, 'b.example');
    this.ours = ours;
    this.theirs = theirs;
    this.alice = new CallAgent('alice', this.clock, ours, options);
    this.callees = names.map((name) => new CallAgent(name, this.clock, theirs, calleeOptions));
    ours.onMessage = (message) => this.alice.receive(message);
    theirs.onMessage = (message) => this.#route(message);
  }

  get bob(): CallAgent {
    const [bob] = this.callees;
    if (bob === undefined) throw new TypeError('expected somebody to call');
    return bob;
  }

  /** Methods and status codes that both ends sent, in order, those of Alice first. */
  get wire(): { readonly ours: readonly string[]; readonly theirs: readonly string[] } {
    return { ours: this.ours.sent.map(nameOf), theirs: this.theirs.sent.map(nameOf) };
  }

  /** Nothing runs any more, and nobody holds anything. */
  get left(): readonly number[] {
    const agents = [this.alice, ...this.callees];
    return [this.clock.pending, ...agents.map(({ calls, layer }) => calls.size + layer.size)];
  }

  /** By To tag where there is one, which begins with the name; to all else. */
  #route(message: SipMessage): void {
    if (!isSound(message)) return;
    const name = isRequest(message) ? 'To' : 'From';
    const tag = parseNameAddr(message.headers.first(name) ?? '').params.get('tag') ?? '';
    for (const callee of this.callees) {
      if (tag === '' || tag.startsWith(`${callee.name}-`)) callee.receive(message);
    }
  }
}

function nameOf(message: SipMessage): string {
  return isRequest(message)
    ? message.method
    : `${message.statusCode} ${(message.headers.first('CSeq') ?? '').split(' ')[1]}`;
}

function textOf(octets: Uint8Array): string {
  return decodeUtf8(octets) ?? '?';
}

function isSound(message: SipMessage): boolean {
  try {
    checkMessage(message);
    return true;
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}
