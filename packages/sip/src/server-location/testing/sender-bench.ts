/**
 * A request sender with servers in memory, on a clock that the test moves.
 *
 * @module
 */
import { createResponse } from '../../messages/create-response.ts';
import { isRequest, type SipRequest } from '../../messages/message.ts';
import { createOutgoing, MemoryElement } from '../../testing/memory-element.ts';
import type { MemoryFlow } from '../../testing/memory-flow.ts';
import type { ClientEvent } from '../../transactions/transaction-host.ts';
import { RequestSender, type RequestSenderOptions, type SendOptions, type SentRequest } from '../request-sender.ts';
import type { ServerTarget } from '../server-target.ts';

/** Status codes with which a server answers, in order; `null` is a server that cannot be reached. */
export type Server = readonly number[] | null;

/** By address, or by `transport address`. */
export type Servers = Readonly<Record<string, Server>>;

export interface Shape extends SendOptions {
  readonly request?: SipRequest;
  readonly targets?: readonly ServerTarget[];
  readonly options?: Partial<RequestSenderOptions<MemoryFlow>>;
}

export class SenderBench {
  readonly element = new MemoryElement();
  /** What became of each attempt to connect, as `transport address`. */
  readonly connected: string[] = [];
  /** Status codes, and what else the sender told. */
  readonly events: (string | number)[] = [];

  /** As the clock does, with time for a search of several servers to settle. */
  async pass(ms: number): Promise<void> {
    await this.element.clock.run(ms);
    for (let turn = 0; turn < 10; turn += 1) await this.element.clock.run(0);
  }

  connect(servers: Servers): RequestSenderOptions<MemoryFlow>['connect'] {
    return async ({ address, transport }) => {
      this.connected.push(`${transport} ${address}`);
      const codes = servers[`${transport} ${address}`] ?? servers[address];
      if (codes === null || codes === undefined) throw new Error('refused');
      const [ours, theirs] = this.element.connect(transport);
      theirs.onMessage = (message) => {
        if (isRequest(message) && message.method === 'CANCEL') return answer(theirs, message, [200]);
        if (isRequest(message) && message.method !== 'ACK') answer(theirs, message, codes);
      };
      return ours;
    };
  }

  /** To the targets, which are the servers unless given. */
  send(servers: Servers, shape: Shape = {}): SentRequest<MemoryFlow> {
    const { request = createOutgoing('OPTIONS'), options = {}, ...rest } = shape;
    const { targets = Object.keys(servers).map((address) => target(address)), ...sendOptions } = rest;
    const sender = new RequestSender<MemoryFlow>({
      layer: this.element.layer,
      clock: this.element.clock,
      locate: async function* () {
        yield* targets;
      },
      connect: this.connect(servers),
      ...options,
    });
    return sender.send(request, (event) => this.events.push(nameOf(event)), sendOptions);
  }
}

export const target = (address: string, transport: ServerTarget['transport'] = 'TCP'): ServerTarget => ({
  transport,
  address,
  port: 5_060,
  domain: 'example.com',
});

function answer(flow: MemoryFlow, request: SipRequest, codes: readonly number[]): void {
  for (const code of codes) void flow.send(createResponse(request, code, { toTag: 'them' }));
}

function nameOf(event: ClientEvent): string | number {
  return event.type === 'response' ? event.response.statusCode : event.type;
}
