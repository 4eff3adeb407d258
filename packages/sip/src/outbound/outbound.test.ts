import { describe, expect, it } from 'vitest';
import { formatContact, parseContact } from '../headers/contact.ts';
import { Headers } from '../headers/headers.ts';
import { parseVia } from '../headers/via.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { decideByFlowToken, type FlowTokenFinding, wantsOutboundPath } from './edge-proxy.ts';
import { FlowRecovery } from './flow-recovery.ts';
import { flowRecoveryDelayMs } from './flow-recovery-delay.ts';
import { KeepAlive } from './keep-alive.ts';
import { keepAliveIntervalMs } from './keep-alive-interval.ts';
import { createOutboundContact, withOb } from './outbound-contact.ts';
import { decideRegistrarOutbound } from './registrar-outbound.ts';
import { grantKeep, readKeep } from './via-keep.ts';

describe('createOutboundContact', () => {
  it('[RFC 5626 4.2.1] names instance and flow', () => {
    const contact = createOutboundContact({ uri: 'sip:a@192.0.2.1', instanceId: 'urn:uuid:f81d4fae-7dec', regId: 1 });
    const text = '<sip:a@192.0.2.1>;+sip.instance="<urn:uuid:f81d4fae-7dec>";reg-id=1';
    expect(formatContact(contact)).toBe(text);
    expect(parseContact(text)).toMatchObject({ instanceId: 'urn:uuid:f81d4fae-7dec', regId: 1 });
  });

  it.each([
    { instanceId: 'urn:uuid:1', regId: 0 },
    { instanceId: 'urn:uuid:1', regId: 1.5 },
    { instanceId: 'urn:uuid:1', regId: 2_147_483_648 },
    { instanceId: 'uuid:1', regId: 1 },
    { instanceId: 'urn:uuid:1>";x="', regId: 1 },
  ])('[RFC 5626 4.1] refuses $instanceId and $regId', ({ instanceId, regId }) => {
    expect(() => createOutboundContact({ uri: 'sip:a@b', instanceId, regId })).toThrow(TypeError);
  });

  it.each([
    ['sip:a@b', 'sip:a@b;ob'],
    ['sip:a@b;ob', 'sip:a@b;ob'],
    ['tel:+1', 'tel:+1'],
  ])('[RFC 5626 4.3] marks %s in a dialog', (uri, marked) => {
    expect(withOb(uri)).toBe(marked);
  });
});

describe('keep', () => {
  const responseWith = (via: string) => ({
    statusCode: 200,
    reasonPhrase: '',
    headers: Headers.of(['Via', via]),
    body: noBody,
  });

  it.each([
    { via: 'SIP/2.0/TCP a;keep=30;branch=z', seconds: 30 },
    { via: 'SIP/2.0/TCP a;keep=0', seconds: 0 },
    { via: 'SIP/2.0/TCP a;keep', seconds: undefined },
    { via: 'SIP/2.0/TCP a', seconds: undefined },
    { via: 'SIP/2.0/TCP a;keep=x', seconds: undefined },
    { via: 'SIP/2.0/TCP a;keep=9999999999', seconds: 86_400 },
  ])('[RFC 6223 4.3] reads $via', ({ via, seconds }) => {
    expect(readKeep(responseWith(via))).toBe(seconds);
  });

  it('[RFC 6223 4.4] grants what was offered, and only that', () => {
    expect(grantKeep(parseVia('SIP/2.0/TCP a;keep;branch=z'), 30).params.get('keep')).toBe('30');
    expect(grantKeep(parseVia('SIP/2.0/TCP a;branch=z'), 30).params.has('keep')).toBe(false);
    for (const seconds of [-1, 0.5, 86_401]) {
      expect(() => grantKeep(parseVia('SIP/2.0/TCP a;keep'), seconds)).toThrow(TypeError);
    }
  });
});

describe('keepAliveIntervalMs', () => {
  const terms = { reliable: true, flowTimerSeconds: undefined, keepSeconds: undefined };

  it.each([
    { title: 'Flow-Timer', change: { flowTimerSeconds: 100, keepSeconds: 10 }, from: 80_000, to: 100_000 },
    { title: 'keep', change: { keepSeconds: 50 }, from: 40_000, to: 50_000 },
    { title: 'keep=0', change: { keepSeconds: 0 }, from: 95_000, to: 120_000 },
    { title: 'a connection', change: {}, from: 95_000, to: 120_000 },
    { title: 'datagrams', change: { reliable: false }, from: 24_000, to: 29_000 },
  ])('[RFC 5626 4.4] goes by $title', ({ change, from, to }) => {
    expect(keepAliveIntervalMs({ ...terms, ...change }, () => 0)).toBe(from);
    expect(keepAliveIntervalMs({ ...terms, ...change }, () => 1)).toBe(to);
  });
});

describe('KeepAlive', () => {
  const setUp = () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const at = (what: string) => () => void log.push(`${what} at ${clock.now()}`);
    const keepAlive = new KeepAlive({ clock, nextIntervalMs: () => 100_000, sendPing: at('ping'), onDead: at('dead') });
    return { clock, log, keepAlive };
  };

  it('[RFC 5626 4.4.1] pings while it is answered, and declares the flow dead 10 s after a ping that is not', () => {
    const { clock, log, keepAlive } = setUp();
    keepAlive.start();
    clock.advance(100_000);
    keepAlive.heard();
    keepAlive.heard();
    clock.advance(110_000);
    expect(log).toEqual(['ping at 100000', 'ping at 200000', 'dead at 210000']);
    expect(clock.pending).toBe(0);
  });

  it('[RFC 5626 4.4.1] pings at once when asked to, once', () => {
    const { clock, log, keepAlive } = setUp();
    keepAlive.start();
    clock.advance(5);
    keepAlive.probe();
    keepAlive.probe();
    expect([log, clock.pending]).toEqual([['ping at 5'], 1]);
    keepAlive.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('flowRecoveryDelayMs', () => {
  it.each([
    { failures: 0, all: [0, 0], some: [0, 0] },
    { failures: 1, all: [30, 60], some: [90, 180] },
    { failures: 2, all: [60, 120], some: [180, 360] },
    { failures: 3, all: [120, 240], some: [360, 720] },
    { failures: 4, all: [240, 480], some: [720, 1_440] },
    { failures: 5, all: [480, 960], some: [900, 1_800] },
    { failures: 6, all: [900, 1_800], some: [900, 1_800] },
    { failures: 1_000, all: [900, 1_800], some: [900, 1_800] },
  ])('[RFC 5626 4.5] waits longer after $failures failures', ({ failures, all, some }) => {
    const range = (allFailed: boolean) =>
      [0, 1].map((r) => flowRecoveryDelayMs({ failures, allFailed }, () => r) / 1_000);
    expect([range(true), range(false)]).toEqual([all, some]);
  });
});

describe('FlowRecovery', () => {
  const setUp = (areOthersDown = true) => {
    const clock = new VirtualClock();
    const tries: number[] = [];
    const recovery = new FlowRecovery({
      clock,
      random: () => 1,
      areOthersDown: () => areOthersDown,
      connect: () => tries.push(clock.now() / 1_000),
    });
    return { clock, tries, recovery };
  };

  it('[RFC 5626 4.5] tries again and again, more and more seldom', () => {
    const { clock, tries, recovery } = setUp();
    recovery.start();
    for (const seconds of [60, 120, 240, 480, 960, 1_800, 1_800]) {
      recovery.failed();
      const before = tries.length;
      clock.advance(1_000 * seconds - 1);
      expect(tries).toHaveLength(before);
      clock.advance(1);
    }
    expect(tries).toEqual([0, 60, 180, 420, 900, 1_860, 3_660, 5_460]);
    recovery.stop();
    expect([clock.pending, recovery.state]).toEqual([0, 'stopped']);
  });

  it('[RFC 5626 4.5] takes its time while another flow stands', () => {
    const { clock, tries, recovery } = setUp(false);
    recovery.start();
    recovery.failed();
    clock.advance(180_000);
    expect(tries).toEqual([0, 180]);
  });

  it('[RFC 5626 4.5] tries at once after a flow that stood, and forgets what was before', () => {
    const { clock, tries, recovery } = setUp();
    recovery.start();
    recovery.failed();
    clock.advance(60_000);
    recovery.registered();
    clock.advance(120_000);
    expect([recovery.state, recovery.failures, clock.pending]).toEqual(['stable', 0, 0]);
    recovery.failed();
    clock.advance(0);
    expect(tries).toEqual([0, 60, 180]);
  });

  it('[RFC 5626 4.5] counts a flow that fails soon as a failure', () => {
    const { clock, tries, recovery } = setUp();
    recovery.start();
    recovery.registered();
    clock.advance(1_000);
    recovery.failed();
    clock.advance(59_999);
    expect([recovery.failures, tries]).toEqual([1, [0]]);
    recovery.hurry();
    expect([recovery.state, tries, clock.pending]).toEqual(['connecting', [0, 60.999], 1]);
    recovery.stop();
    expect(clock.pending).toBe(0);
  });

  it('[RFC 5626 4.5] counts three minutes without a word as a failure, and takes the flow that comes late', () => {
    const { clock, tries, recovery } = setUp();
    recovery.start();
    clock.advance(179_999);
    expect([recovery.state, recovery.failures]).toEqual(['connecting', 0]);
    clock.advance(1);
    expect([recovery.state, recovery.failures, tries]).toEqual(['waiting', 1, [0]]);
    recovery.registered();
    expect([recovery.state, clock.pending]).toEqual(['up', 1]);
    recovery.stop();
    expect(clock.pending).toBe(0);
  });

  it('[RFC 5626 4.5] absorbs what has no place', () => {
    const { clock, tries, recovery } = setUp();
    recovery.failed();
    recovery.registered();
    recovery.hurry();
    expect([recovery.state, tries]).toEqual(['idle', []]);
    recovery.stop();
    recovery.start();
    expect([recovery.state, tries, clock.pending]).toEqual(['stopped', [], 0]);
  });
});

const register = (...headers: (readonly [string, string])[]): SipRequest => ({
  method: 'REGISTER',
  requestUri: 'sip:example.com',
  headers: Headers.of(['Via', 'SIP/2.0/TCP a;branch=z9hG4bK1'], ...headers),
  body: noBody,
});
const flowContact = ['Contact', '<sip:a@b>;reg-id=1;+sip.instance="<urn:uuid:1>"'] as const;
const supported = ['Supported', 'path, outbound'] as const;
const secondVia = ['Via', 'SIP/2.0/TCP b;branch=z9hG4bK2'] as const;

describe('decideRegistrarOutbound', () => {
  it.each([
    { title: 'directly', request: register(flowContact, supported) },
    {
      title: 'by an edge proxy',
      request: register(secondVia, ['Path', '<sip:c;lr>, <sip:t@edge;lr;ob>'], flowContact, supported),
    },
    {
      title: 'removing another flow beside',
      request: register(
        ['Contact', `${flowContact[1]}, <sip:c@d>;reg-id=2;+sip.instance="<urn:uuid:1>";expires=0`],
        supported,
      ),
    },
  ])('[RFC 5626 6] binds a flow that came $title', ({ request }) => {
    expect(decideRegistrarOutbound(request)).toEqual({ type: 'outbound', instanceId: 'urn:uuid:1', regId: 1 });
  });

  it.each([
    { title: 'no option tag', request: register(flowContact) },
    { title: 'no reg-id', request: register(['Contact', '<sip:a@b>;+sip.instance="<urn:uuid:1>"'], supported) },
    { title: 'no instance', request: register(['Contact', '<sip:a@b>;reg-id=1'], supported) },
    { title: 'a star', request: register(['Contact', '*'], supported) },
    { title: 'no Contact', request: register(supported) },
  ])('[RFC 5626 6] binds as ever with $title', ({ request }) => {
    expect(decideRegistrarOutbound(request)).toEqual({ type: 'plain' });
  });

  it.each([
    { title: 'a hop without Path', request: register(secondVia, flowContact, supported), statusCode: 439 },
    {
      title: 'a first hop without ob',
      request: register(secondVia, ['Path', '<sip:x;lr;ob>, <sip:edge;lr>'], flowContact, supported),
      statusCode: 439,
    },
    {
      title: 'two flows at once',
      request: register(['Contact', `${flowContact[1]}, <sip:c@d>;reg-id=2;+sip.instance="<urn:uuid:1>"`], supported),
      statusCode: 400,
    },
  ])('[RFC 5626 6] refuses $title with $statusCode', ({ request, statusCode }) => {
    expect(decideRegistrarOutbound(request)).toEqual({ type: 'refuse', statusCode });
  });
});

describe('the edge proxy', () => {
  it.each([
    { title: 'a user agent with outbound', request: register(flowContact, supported), wants: true },
    { title: 'a user agent without', request: register(flowContact), wants: false },
    { title: 'no reg-id', request: register(['Contact', '<sip:a@b>'], supported), wants: false },
    { title: 'another proxy', request: register(secondVia, flowContact, supported), wants: false },
    { title: 'a star', request: register(['Contact', '*'], supported), wants: false },
  ])('[RFC 5626 5.1] puts its Path on the REGISTER of $title: $wants', ({ request, wants }) => {
    expect(wantsOutboundPath(request)).toBe(wants);
  });

  it.each<{ finding: FlowTokenFinding; decision: object }>([
    { finding: { type: 'none' }, decision: { type: 'route on' } },
    { finding: { type: 'forged' }, decision: { type: 'refuse', statusCode: 403 } },
    { finding: { type: 'known', isOpen: true, isArrival: true }, decision: { type: 'route on' } },
    { finding: { type: 'known', isOpen: true, isArrival: false }, decision: { type: 'send on flow' } },
    { finding: { type: 'known', isOpen: false, isArrival: false }, decision: { type: 'refuse', statusCode: 430 } },
  ])('[RFC 5626 5.3] decides $decision for $finding', ({ finding, decision }) => {
    expect(decideByFlowToken(finding)).toEqual(decision);
  });
});
