/**
 * An engine without sockets: one client, and relay sockets that open when the test says so.
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import { createProcessContext, Operations } from '@wicgate/node-kit';
import { attribute, decodeMessage, encodeMessage, longTermKey, method, type StunAttribute } from '@wicgate/stun';
import { encodeUnprotected, outcomeOf, requestedUdp, textOf } from '@wicgate/turn-client';
import { Bandwidth } from '../allocations/bandwidth.ts';
import { PeerPolicy } from '../allocations/peer-policy.ts';
import { createAuthenticator } from '../authentication/create-authenticator.ts';
import { readConfig } from '../config.ts';
import { TurnEngine } from '../engine.ts';
import type { ClientFlow } from '../listeners/client-flow.ts';
import { Admission } from '../operations/admission.ts';
import { Drain } from '../operations/drain.ts';
import { Revocations } from '../operations/revocations.ts';
import type { RelaySocket } from '../relay/relay-socket.ts';
import { testCredential, testRealm, testSecret } from './test-server.ts';
import { VirtualClock } from './virtual-clock.ts';

const relayed = { family: 'IPv4', address: '192.0.2.1', port: 50_000 } as const;

export class EngineBench {
  readonly clock = new VirtualClock();
  readonly answers: string[] = [];
  readonly log: string[] = [];
  readonly opening: { resolve: (relay: RelaySocket) => void; reject: (error: Error) => void }[] = [];
  closedCount = 0;
  nonce = '';
  readonly login = testCredential(this.clock);
  readonly revocations = new Revocations();
  readonly drain = new Drain([]);
  readonly engine = new TurnEngine({
    clock: this.clock,
    authenticator: createAuthenticator(readConfig({ TURN_REALM: testRealm, TURN_SECRET: testSecret })),
    peers: new PeerPolicy({ allowLoopback: true, allowed: [], denied: [] }),
    quotas: { user: 1, total: 1, address: undefined },
    bandwidth: new Bandwidth({ userKbps: undefined, totalKbps: undefined }, this.clock.now()),
    admission: new Admission({
      clock: this.clock,
      revocations: this.revocations,
      drain: this.drain,
      challenges: undefined,
    }),
    lifetimes: { defaultSeconds: 600, maxSeconds: 3_600 },
    relays: {
      families: new Set(['IPv4']),
      open: () => new Promise((resolve, reject) => this.opening.push({ resolve, reject })),
    },
    log: createProcessContext('turn', {
      operations: new Operations(),
      level: 'info',
      write: (line) => this.log.push(line),
    }).log,
    onAllocationEnd: () => undefined,
  });

  readonly flow: ClientFlow = {
    key: 'TCP 192.0.2.7 4000 1',
    transport: 'TCP',
    remote: { family: 'IPv4', address: '192.0.2.7', port: 4_000 },
    sendResponse: (octets) => {
      const answer = decodeMessage(octets);
      this.answers.push(outcomeOf(answer));
      if (outcomeOf(answer) === 'error 401') this.nonce = textOf(answer, 'NONCE');
    },
    sendMedia: () => true,
  };

  readonly relay: RelaySocket = {
    local: relayed,
    locals: [relayed],
    serves: (family) => family === 'IPv4',
    listen: () => undefined,
    send: () => true,
    close: () => {
      this.closedCount += 1;
    },
  };

  /** An Allocate request with right credentials. */
  async allocateRequest(): Promise<Buffer> {
    await this.learnNonce();
    return this.encodeRequest(method.Allocate, [requestedUdp]);
  }

  async learnNonce(): Promise<void> {
    this.engine.receive(this.flow, encodeUnprotected('request', method.Allocate, []));
    await settled();
    this.answers.length = 0;
  }

  /** With right credentials. */
  encodeRequest(code: number, attributes: readonly StunAttribute[], transactionId: Buffer = randomBytes(12)): Buffer {
    const { username, password } = this.login;
    const texts = { USERNAME: username, REALM: testRealm, NONCE: this.nonce };
    const credentials = Object.entries(texts).map(([name, text]) =>
      attribute(name as keyof typeof texts, Buffer.from(text)),
    );
    return encodeMessage(
      {
        class: 'request',
        method: code,
        transactionId,
        attributes: [...attributes, ...credentials],
      },
      { integrityKey: longTermKey(username, testRealm, password), fingerprint: true },
    );
  }
}

/** Lets promises that are ready run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
