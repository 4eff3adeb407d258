import { VirtualClock } from '@wicgate/sip/testing';
import type { NodeFlow } from '@wicgate/sip-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { EmergencyCalls } from './emergency-calls.ts';

const busy = expect.objectContaining({ code: 'ERR_EP_CSCF_TOO_MANY_REQUESTS', retryAfterSeconds: 5 });

let clock: VirtualClock;
let idle: NodeFlow[];
let calls: EmergencyCalls;

beforeEach(() => {
  clock = new VirtualClock();
  idle = [];
  calls = new EmergencyCalls({ clock, maxPerAddress: 3, onIdle: (connection) => idle.push(connection) });
});

function connection(address = '192.0.2.1'): NodeFlow {
  return { isOpen: true, peer: { address } } as NodeFlow;
}

describe('emergency calls', () => {
  it('[X.2.3.3] are up until their end, and with the last one the connection is idle', () => {
    const bob = connection();
    calls.start(bob, 'bob', 'one');
    calls.start(bob, 'bob', 'two');
    calls.end(bob, 'one');
    expect([calls.isUp(bob), idle, calls.size]).toEqual([true, [], 1]);
    calls.end(bob, 'two');
    calls.end(bob, 'two');
    expect([calls.isUp(bob), idle, calls.size]).toEqual([false, [bob], 0]);
  });

  it('[X.2.3.3] stay up where one more try of theirs comes to nothing', () => {
    const bob = connection();
    calls.start(bob, 'bob', 'one');
    calls.start(bob, 'bob', 'one');
    calls.fail(bob, 'one');
    expect([calls.isUp(bob), calls.size]).toEqual([true, 1]);
    calls.fail(bob, 'one');
    expect([calls.isUp(bob), idle, calls.size]).toEqual([false, [bob], 0]);
  });

  it('[X.2.3.3] have a flow that no registration has, found by its name as long as the connection stands', () => {
    const bob = connection();
    const flow = calls.start(bob, 'bob', 'one');
    expect(flow).toMatchObject({ name: { impi: '', instance: 'bob' }, registrations: [] });
    expect([calls.ofConnection(bob), calls.find(flow.name)]).toEqual([flow, flow]);
    calls.end(bob, 'one');
    expect(calls.find(flow.name)).toBe(flow);
    calls.connectionClosed(bob);
    expect([calls.ofConnection(bob), calls.find(flow.name), idle.length]).toEqual([undefined, undefined, 1]);
  });

  it('[limits] are two a connection; one that is tried again counts once', () => {
    const bob = connection();
    calls.start(bob, 'bob', 'one');
    calls.start(bob, 'bob', 'one');
    calls.start(bob, 'bob', 'two');
    expect(() => calls.start(bob, 'bob', 'three')).toThrow(busy);
    calls.end(bob, 'one');
    clock.advance(60_000);
    expect(() => calls.start(bob, 'bob', 'three')).not.toThrow();
  });

  it('[limits] are bounded for an address, whatever its connections; other addresses are not harmed', () => {
    const connections = Array.from({ length: 4 }, () => connection());
    for (const each of connections.slice(0, 3)) calls.start(each, 'x', 'one');
    clock.advance(60_000);
    expect(() => calls.start(connections[3] as NodeFlow, 'y', 'one')).toThrow(busy);
    expect(() => calls.start(connection('192.0.2.2'), 'z', 'one')).not.toThrow();
    calls.connectionClosed(connections[0] as NodeFlow);
    expect(() => calls.start(connections[3] as NodeFlow, 'y', 'one')).not.toThrow();
  });

  it('[limits] are bounded for a whole /64 of IPv6 addresses: whoever has one has them all', () => {
    for (let host = 1; host <= 3; host += 1) calls.start(connection(`2001:db8:0:1::${host}`), `${host}`, 'one');
    clock.advance(60_000);
    expect(() => calls.start(connection('2001:db8:0:1:ffff::9'), 'next', 'one')).toThrow(busy);
    expect(() => calls.start(connection('2001:db8:0:2::1'), 'other', 'one')).not.toThrow();
  });

  it('[limits] that come to nothing are tried as often in a minute, also over new connections', () => {
    for (let count = 0; count < 3; count += 1) {
      const one = connection();
      calls.start(one, `${count}`, 'one');
      calls.end(one, 'one');
      calls.connectionClosed(one);
    }
    expect(() => calls.start(connection(), 'again', 'one')).toThrow(busy);
    clock.advance(60_000);
    expect(() => calls.start(connection(), 'again', 'one')).not.toThrow();
  });

  it('[X.2.3.3] of a connection that is gone leave no trace', () => {
    calls.start({ ...connection(), isOpen: false } as NodeFlow, 'gone', 'one');
    expect(calls.size).toBe(0);
  });
});
