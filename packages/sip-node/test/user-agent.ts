/**
 * A user agent of this stack on UDP and TCP of 127.0.0.1, for strangers to talk to.
 *
 * @module
 */
import {
  type CallEnd,
  Calls,
  type CallsOptions,
  type CallUser,
  type IncomingCall,
  type OutgoingCall,
} from '@wicgate/sip';
import { Endpoint, type NodeFlow } from '@wicgate/sip-node';
import { EventLog } from '@wicgate/sip-node/testing';
import { onTestFinished } from 'vitest';
import { findFreePort } from './free-port.ts';
import { sessionDescription } from './session-description.ts';

type Transport = 'UDP' | 'TCP';

export interface UserAgentOptions {
  readonly transport: Transport;
  /** What is done with a call; it is answered unless given. */
  readonly onCall?: (call: IncomingCall<NodeFlow>) => void | Promise<void>;
  readonly onRequest?: CallsOptions<NodeFlow>['onRequest'];
}

/** What is done when something happens, by what the log calls it. */
export type Reactions = Readonly<Record<string, (call: OutgoingCall<NodeFlow>) => void | Promise<void>>>;

/** `fault <code>` and `ended <by>` among what happens in the calls. */
export class UserAgent {
  readonly endpoint: Endpoint;
  readonly calls: Calls<NodeFlow>;
  readonly log: EventLog<string> = new EventLog();
  readonly port: number;
  readonly #transport: Transport;

  constructor(port: number, { transport, onCall = (call) => answer(call), onRequest }: UserAgentOptions) {
    this.port = port;
    this.#transport = transport;
    this.endpoint = new Endpoint({
      sentBy: () => `127.0.0.1:${port}`,
      user: {
        onRequest: (transaction) => {
          this.log.add(transaction.request.method);
          this.calls.onRequest(transaction);
        },
        onAck: (ack) => this.calls.onAck(ack),
        onStrayResponse: (response) => this.calls.onStrayResponse(response),
        onFault: (_flow, error) => this.log.add(`fault ${error.code}`),
      },
    });
    this.calls = new Calls({
      clock: this.endpoint.clock,
      random: Math.random,
      contact: `<sip:ours@127.0.0.1:${port};transport=${transport.toLowerCase()}>`,
      onCall: (call) => {
        call.use(this.#createUser());
        void onCall(call);
      },
      ...(onRequest === undefined ? {} : { onRequest }),
    });
    this.calls.attach(this.endpoint.layer);
  }

  /** Calls so many times at once and does what `reactions` say to what happens; resolves when all have ended. */
  async call(port: number, times: number, reactions: Reactions): Promise<void> {
    const flow = await this.connect(port);
    const requestUri = `sip:service@127.0.0.1:${port};transport=${this.#transport.toLowerCase()}`;
    const callOnce = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const react = (event: string): void => void made.then((call) => reactions[event]?.(call)).catch(reject);
        const target = { requestUri, from: `<sip:ours@127.0.0.1:${this.port}>` };
        const made = this.calls.call(target, this.#createUser(react, resolve), flow);
      });
    await Promise.all(Array.from({ length: times }, callOnce));
  }

  connect(port: number): Promise<NodeFlow> {
    const destination = { host: '127.0.0.1', port };
    return this.#transport === 'UDP' ? this.endpoint.connectUdp(destination) : this.endpoint.connectTcp(destination);
  }

  /** How often each thing happened. */
  get tally(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const happened of this.log.all) counts[happened] = (counts[happened] ?? 0) + 1;
    return counts;
  }

  /** Takes part in a call, and writes down how it goes. */
  #createUser(react: (event: string) => void = () => undefined, onEnded: () => void = () => undefined): CallUser {
    let version = 0;
    const describe = (): Uint8Array => {
      version += 1;
      return sessionDescription(version);
    };
    const tell = (event: string): void => {
      this.log.add(event);
      react(event);
    };
    return {
      media: { createOffer: describe, createAnswer: describe, acceptAnswer: () => tell('answer taken') },
      onProgress: ({ statusCode }) => tell(`progress ${statusCode}`),
      onAnswered: () => tell('answered'),
      onEnded: (end) => {
        tell(`ended ${nameOf(end)}`);
        onEnded();
      },
    };
  }
}

/** Stops when the test has finished. */
export async function startUserAgent(options: UserAgentOptions): Promise<UserAgent> {
  const port = await findFreePort();
  const agent = new UserAgent(port, options);
  onTestFinished(() => agent.endpoint.stop());
  await agent.endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host: '127.0.0.1', port });
  return agent;
}

/** Rings, with a session description if `isDescribed`, then answers. */
export async function answer(call: IncomingCall<NodeFlow>, { isDescribed = false } = {}): Promise<void> {
  await call.ring(180, isDescribed);
  await call.accept();
}

function nameOf(end: CallEnd): string {
  return end.by === 'refusal' ? String(end.response.statusCode) : end.by;
}
