import type { Clock } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type FlowAuthorization,
  type FlowEnd,
  findRegisteredImpu,
  RegisteredFlows,
  type Registration,
} from './registered-flows.ts';

const name = { impi: 'alice@ims.example', instance: 'urn:uuid:1', regId: 1 };
const registration: Registration = {
  aor: 'sip:alice@ims.example',
  impus: ['sip:alice@ims.example', 'tel:+49-30-1234'],
  serviceRoute: ['sip:127.0.0.1:8453;lr'],
  contactUri: 'sip:alice@alice.invalid;transport=ws',
  isOutbound: true,
  expiresSeconds: 600,
};
const work: Registration = { ...registration, aor: 'sip:work@ims.example', impus: ['sip:work@ims.example'] };

class VirtualClock implements Clock {
  readonly timers = new Map<object, { at: number; run: () => void }>();
  #now = 0;

  now(): number {
    return this.#now;
  }
  after(ms: number, run: () => void): () => void {
    const key = {};
    this.timers.set(key, { at: this.#now + ms, run });
    return () => this.timers.delete(key);
  }
  advance(ms: number): void {
    this.#now += ms;
    for (const [key, { at, run }] of [...this.timers]) if (at <= this.#now && this.timers.delete(key)) run();
  }
}

function connection(): NodeFlow {
  return { isOpen: true } as NodeFlow;
}

let clock: VirtualClock;
let ends: FlowEnd[];
let flows: RegisteredFlows;

beforeEach(() => {
  clock = new VirtualClock();
  ends = [];
  flows = new RegisteredFlows({ clock, onEnd: (_flow, end) => ends.push(end) });
});

describe('registered flows', () => {
  it('[X.3.2.3-7] binds a connection to IMPI and IMPUs, and to nobody before', () => {
    const alice = connection();
    expect(flows.ofConnection(alice)).toBeUndefined();
    flows.bind(name, alice, registration);
    expect(flows.ofConnection(alice)).toMatchObject({ name, registrations: [registration] });
    expect(flows.find(name)?.connection).toBe(alice);
    expect(flows.ofConnection(connection())).toBeUndefined();
  });

  it('[X.3.2.3-7] holds every registered identity, in any spelling, and no other', () => {
    flows.bind(name, connection(), registration);
    const flow = flows.find(name);
    if (flow === undefined) throw new TypeError('expected a flow');
    expect(findRegisteredImpu(flow, 'sip:alice@IMS.example:5060;user=phone')?.impu).toBe('sip:alice@ims.example');
    expect(findRegisteredImpu(flow, 'tel:+49301234')?.impu).toBe('tel:+49-30-1234');
    expect(findRegisteredImpu(flow, 'sip:bob@ims.example')).toBeUndefined();
  });

  it('[X.3.2.3-7] ends the binding when the granted time passes without refresh', () => {
    const alice = connection();
    flows.bind(name, alice, registration);
    clock.advance(599_000);
    flows.bind(name, alice, registration);
    clock.advance(599_999);
    expect(flows.size).toBe(1);
    clock.advance(1);
    expect(flows.size).toBe(0);
    expect(flows.ofConnection(alice)).toBeUndefined();
    expect(ends).toEqual(['expired']);
    expect(clock.timers.size).toBe(0);
  });

  it('[24.229 5.2.2] ends the binding with its last registration, not before', () => {
    const alice = connection();
    flows.bind(name, alice, registration);
    flows.bind(name, alice, work);
    flows.unbind(name, 'tel:+49301234');
    expect(flows.ofConnection(alice)?.registrations).toEqual([work]);
    flows.unbind(name, 'sip:work@ims.example');
    expect(flows.ofConnection(alice)).toBeUndefined();
    expect(ends).toEqual(['deregistered']);
    expect(clock.timers.size).toBe(0);
  });

  it('[RFC 3261 10.2.2] ends all flows of one user, and of nobody else', () => {
    const bob = connection();
    flows.bind(name, connection(), registration);
    flows.bind({ ...name, instance: 'urn:uuid:2' }, connection(), registration);
    flows.bind({ ...name, impi: 'bob@ims.example' }, bob, registration);
    flows.unbindAll('alice@ims.example', 'sip:alice@ims.example');
    expect(flows.size).toBe(1);
    expect(flows.ofConnection(bob)).toBeDefined();
  });

  it('[RFC 5626 5.3] hands the flow to a newer connection of the same IMPI, instance and reg-id', () => {
    const [old, newer] = [connection(), connection()];
    flows.bind(name, old, registration);
    flows.bind(name, newer, registration);
    expect(flows.find(name)?.connection).toBe(newer);
    expect(flows.ofConnection(old)).toBeUndefined();
    expect(ends).toEqual(['replaced']);
    flows.connectionClosed(old);
    expect(flows.find(name)?.connection).toBe(newer);
  });

  it('[RFC 5626 5.3] keeps flows of another reg-id or instance apart', () => {
    flows.bind(name, connection(), registration);
    flows.bind({ ...name, regId: 2 }, connection(), registration);
    flows.bind({ ...name, instance: 'urn:uuid:2' }, connection(), registration);
    expect(flows.size).toBe(3);
  });

  it('[X.3.2.3-7] refuses a second flow on one connection', () => {
    const alice = connection();
    flows.bind(name, alice, registration);
    expect(() => flows.bind({ ...name, impi: 'bob@ims.example' }, alice, registration)).toThrow(TypeError);
  });

  it('[O.4.1] ends the binding with the connection, and on clear leaves no timer', () => {
    const alice = connection();
    flows.bind(name, alice, registration);
    flows.connectionClosed(alice);
    expect(flows.find(name)).toBeUndefined();
    flows.bind(name, connection(), registration);
    flows.clear();
    expect(clock.timers.size).toBe(0);
    expect(ends).toEqual(['connection closed', 'connection closed']);
  });

  it('[X.3.2.3-7] stands on the token of the last registration, and is found and ended by it', () => {
    const token = (jti: string): FlowAuthorization => ({
      token: { issuer: 'https://waf', jti, sid: undefined },
      thirdParty: undefined,
    });
    const alice = connection();
    flows.bind(name, alice, registration, token('first'));
    flows.bind(name, alice, work, token('second'));
    flows.bind({ ...name, impi: 'dora@ims.example' }, connection(), registration);
    expect(flows.findByToken(({ jti }) => jti === 'first')).toEqual([]);
    expect(flows.findByToken(() => true).map(({ connection: found }) => found)).toEqual([alice]);
    flows.revoke(name);
    flows.revoke({ ...name, regId: 9 });
    expect(ends).toEqual(['revoked']);
    expect(flows.size).toBe(1);
    flows.clear();
    expect(clock.timers.size).toBe(0);
  });

  it('[24.229 5.2.3] ends a flow when the network does', () => {
    flows.bind(name, connection(), registration);
    flows.endByNetwork(name, registration.aor);
    expect(flows.size).toBe(0);
    expect(ends).toEqual(['ended by the network']);
  });

  it('[RFC 3680 5.1] [eP-CSCF 22] cuts a registration short, and a refresh makes it whole again', () => {
    flows.bind(name, connection(), registration);
    flows.shorten(name, registration.aor, 10);
    clock.advance(9_000);
    flows.bind(name, flows.find(name)?.connection ?? connection(), registration);
    clock.advance(60_000);
    expect(flows.size).toBe(1);
    flows.shorten(name, registration.aor, 10);
    flows.shorten(name, 'sip:other@ims.example', 1);
    clock.advance(10_000);
    expect([flows.size, ends, clock.timers.size]).toEqual([0, ['expired'], 0]);
  });

  it('[TS 24.229 5.2.3] [eP-CSCF 22] takes identities away, and ends with the last one', () => {
    flows.bind(name, connection(), registration);
    flows.withdraw(name, registration.aor, ['tel:+49301234', 'sip:bob@ims.example']);
    expect(flows.find(name)?.registrations[0]?.impus).toEqual(['sip:alice@ims.example']);
    flows.withdraw(name, registration.aor, ['sip:alice@ims.example']);
    expect([flows.size, ends, clock.timers.size]).toEqual([0, ['ended by the network'], 0]);
  });

  it('[TS 24.229 7.2A.13] keeps an emergency registration of the same flow beside the ordinary one', () => {
    const emergency = { ...name, isEmergency: true };
    const alice = connection();
    flows.bind(name, alice, registration);
    flows.bind(emergency, alice, registration);
    expect([flows.ofConnection(alice)?.name, flows.emergencyOf(alice)?.name]).toEqual([name, emergency]);
    flows.unbindAll(name.impi, registration.aor);
    expect([flows.ofConnection(alice), flows.anyOf(alice)?.name]).toEqual([undefined, emergency]);
    flows.bind(name, connection(), registration);
    expect(flows.emergencyOf(alice)?.name).toEqual(emergency);
    flows.connectionClosed(alice);
    expect([flows.size, flows.find(emergency), ends]).toEqual([1, undefined, ['deregistered', 'connection closed']]);
  });
});
