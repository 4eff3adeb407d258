/**
 * A phone without a certificate, at the listeners for everybody.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { DigestClient, type SipRequest } from '@wicgate/sip';
import { Endpoint, type NodeFlow } from '@wicgate/sip-node';
import { onTestFinished } from 'vitest';
import { Exchange, type RegisterFields } from './scripted-edge.ts';
import type { TestNetwork } from './test-network.ts';

export type Transport = 'tcp' | 'udp';

/** A phone without a certificate. */
export class Stranger {
  readonly #network: TestNetwork;
  readonly #user: string;
  readonly #endpoint = new Endpoint({
    sentBy: () => '127.0.0.1:5060',
    user: { onRequest: () => {}, onAck: () => {}, onStrayResponse: () => {} },
  });
  #flow: NodeFlow | undefined;
  #cseq = 0;

  constructor(network: TestNetwork, user = 'dora') {
    this.#network = network;
    this.#user = user;
    onTestFinished(() => this.#endpoint.stop());
  }

  async connect(transport: Transport, port = this.#network.core.iCscfPort): Promise<this> {
    if (transport === 'tcp') {
      this.#flow = await this.#endpoint.connectTcp({ host: '127.0.0.1', port });
      return this;
    }
    await this.#endpoint.listenUdp({ name: 'udp', host: '127.0.0.1', port: 0 });
    this.#flow = await this.#endpoint.connectUdp({ host: '127.0.0.1', port });
    return this;
  }

  createRegister(fields: RegisterFields = {}): SipRequest {
    this.#cseq += 1;
    return this.#network.edge.createRegister(this.#user, {
      authorization: [],
      path: [],
      callId: 'call-of-stranger',
      cseq: this.#cseq,
      contacts: [`<sip:${this.#user}@192.0.2.1>`],
      ...fields,
    });
  }

  send(request: SipRequest): Promise<Awaited<Exchange['final']>> {
    if (this.#flow === undefined) throw new TypeError('expected to be connected');
    return new Exchange(this.#endpoint, request, this.#flow).final;
  }
}

/** What answers challenges for dora. */
export const clientOf = (password: string): DigestClient =>
  new DigestClient({
    findUser: () => ({ username: 'dora@ims.example', password }),
    random: (length) => randomBytes(length),
    requireServerProof: true,
  });
