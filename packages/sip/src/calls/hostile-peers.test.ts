import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { createResponse } from '../messages/create-response.ts';
import { isRequest, type SipMessage, type SipRequest } from '../messages/message.ts';
import type { MemoryFlow } from '../testing/memory-flow.ts';
import { CallScene } from './testing/call-agent.ts';

const minute = 60_000;
const isMethod = (message: SipMessage, ...methods: readonly string[]): boolean =>
  isRequest(message) && methods.includes(message.method);

/** What arrives on `flow` goes through `change`; undefined drops it. */
function tamper(flow: MemoryFlow, change: (message: SipMessage) => SipMessage | undefined): void {
  const pass = flow.onMessage;
  flow.onMessage = (message) => {
    const changed = change(message);
    if (changed !== undefined) pass(changed);
  };
}

const countOf = (names: readonly string[], name: string): number => names.filter((each) => each === name).length;

describe('what a peer cannot do', () => {
  it('[RFC 6141 4.4] move the target by a request that is refused', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const theirs = scene.bob.incoming[0]?.dialog.parts.dialog;
    const before = theirs?.remoteTarget;
    const headers = [['Contact', '<sip:mallory@evil.example>']] as const;
    const refused = [call.dialog?.request('UPDATE', { headers: [...headers, ['Require', 'foo']] })];
    const body = encodeUtf8('x');
    refused.push(call.dialog?.request('INVITE', { headers: [...headers, ['Content-Type', 'text/plain']], body }));
    await scene.clock.run(1_000);
    expect((await Promise.all(refused)).map((response) => response?.statusCode)).toEqual([420, 415]);
    expect(theirs?.remoteTarget).toBe(before);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 6141 4.4] but an UPDATE and a re-INVITE that are accepted move it', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const theirs = scene.bob.incoming[0]?.dialog.parts.dialog;
    const moved = call.dialog?.request('UPDATE', { headers: [['Contact', '<sip:alice@new.example>']] });
    await scene.clock.run(1_000);
    expect([(await moved)?.statusCode, theirs?.remoteTarget]).toEqual([200, 'sip:alice@new.example']);
    const changed = call.dialog?.reinvite();
    await scene.clock.run(1_000);
    expect([(await changed)?.statusCode, theirs?.remoteTarget]).toEqual([200, 'sip:alice@a.example']);
  });

  it('[RFC 3261 8.2.2.3] end the dialog by a BYE that is refused with 420', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    tamper(scene.theirs, (message) =>
      isMethod(message, 'BYE') ? { ...message, headers: message.headers.with('Require', 'foo') } : message,
    );
    call.hangUp();
    await scene.clock.run(1_000);
    const theirs = scene.bob.incoming[0];
    expect([scene.wire.theirs.at(-1), theirs?.dialog.isOver]).toEqual(['420 BYE', false]);
    expect(theirs?.dialog.parts.dialog.state).toBe('confirmed');
    theirs?.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it.each([
    { field: 'Call-ID', value: 'the-call-of-another' },
    { field: 'From', value: '<sip:alice@a.example>;tag=another' },
  ])('[RFC 3261 12.1.2] have us keep a dialog under a $field of its choice', async ({ field, value }) => {
    const scene = new CallScene('UDP');
    tamper(scene.ours, (message) => ({ ...message, headers: message.headers.set(field, value) }));
    await scene.alice.call('bob');
    await scene.clock.run(100);
    expect([scene.alice.calls.size, scene.alice.log]).toEqual([0, ['ended fault']]);
    await scene.clock.run(2 * minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 14.2] have one INVITE after the other answered without an ACK', async () => {
    const scene = new CallScene('UDP');
    scene.ours.isLost = (message) => isMethod(message, 'ACK');
    const call = await scene.alice.call('bob');
    await scene.clock.run(100);
    const first = call.dialog?.reinvite();
    await scene.clock.run(100);
    const second = call.dialog?.reinvite();
    await scene.clock.run(100);
    expect([(await first)?.statusCode, (await second)?.statusCode]).toEqual([200, 500]);
    expect(Number((await second)?.headers.first('Retry-After'))).toBeLessThanOrEqual(10);
    call.hangUp();
    await scene.clock.run(1_000);
    const repeated = countOf(scene.wire.theirs, '200 INVITE');
    await scene.clock.run(minute);
    expect([countOf(scene.wire.theirs, '200 INVITE'), scene.left]).toEqual([repeated, [0, 0, 0]]);
  });

  it('[RFC 3261 15] put off our BYE by further INVITEs', async () => {
    const scene = new CallScene('UDP');
    scene.ours.isLost = (message) => isMethod(message, 'ACK');
    const call = await scene.alice.call('bob');
    await scene.clock.run(100);
    scene.bob.incoming[0]?.hangUp();
    const changed = call.dialog?.reinvite();
    await scene.clock.run(1_000);
    expect((await changed)?.statusCode).toBe(481);
    await scene.clock.run(2 * minute);
    expect([scene.bob.log.includes('ended remote'), scene.left]).toEqual([true, [0, 0, 0]]);
  });

  it('[RFC 3262 4] have us send PRACKs without end', async () => {
    const scene = new CallScene('UDP');
    tamper(scene.theirs, (message) => {
      if (!isMethod(message, 'INVITE') || !isRequest(message)) return undefined;
      for (let rseq = 1; rseq <= 100; rseq += 1) {
        const headers = [
          ['Contact', '<sip:bob@b.example>'],
          ['Require', '100rel'],
          ['RSeq', String(rseq)],
        ] as const;
        void scene.theirs.send(createResponse(message, 183, { toTag: 'bob-0', headers }));
      }
      return undefined;
    });
    await scene.alice.call('bob');
    await scene.clock.run(400);
    expect(countOf(scene.wire.ours, 'PRACK')).toBe(16);
    await scene.clock.run(5 * minute);
    expect([scene.alice.log.at(-1), scene.left]).toEqual(['ended local', [0, 0, 0]]);
  });

  it('[RFC 4028 10] end the call, or have it refreshed all the time, by an interval of nothing', async () => {
    const scene = new CallScene('UDP', ['bob'], { sessionTimer: { seconds: 90 } });
    tamper(scene.ours, (message) =>
      message.headers.has('Session-Expires')
        ? { ...message, headers: message.headers.set('Session-Expires', '0;refresher=uac') }
        : message,
    );
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect(countOf(scene.wire.ours, 'UPDATE')).toBe(2);
    expect(scene.alice.log.at(-1)).toBe('answered');
  });

  it('[RFC 3261 22.2] have an INVITE go out again, by a challenge, in a call that is over', async () => {
    const authorize = (request: SipRequest): SipRequest => request;
    const scene = new CallScene('TCP', ['bob'], { authorize });
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    let reinvite: SipRequest | undefined;
    tamper(scene.theirs, (message) => {
      if (!isRequest(message) || message.method !== 'INVITE') return message;
      reinvite = message;
      return undefined;
    });
    const changed = call.dialog?.reinvite();
    await scene.clock.run(100);
    call.hangUp();
    await scene.clock.run(100);
    if (reinvite !== undefined) await scene.theirs.send(createResponse(reinvite, 401, {}));
    await scene.clock.run(minute);
    expect([(await changed)?.statusCode, countOf(scene.wire.ours, 'INVITE'), scene.left]).toEqual([401, 2, [0, 0, 0]]);
  });
});

describe('what a peer may be late with', () => {
  it('[RFC 3262 3] a PRACK that never comes keeps nobody from an UPDATE once the ACK is there', async () => {
    const scene = new CallScene('UDP');
    scene.ours.isLost = (message) => isMethod(message, 'PRACK');
    scene.bob.onCall = (call) => {
      void call.ring();
      scene.clock.after(300, () => void call.accept());
    };
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    const updated = scene.bob.incoming[0]?.dialog.update();
    await scene.clock.run(1_000);
    expect((await updated)?.statusCode).toBe(200);
    call.hangUp();
    await scene.clock.run(2 * minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 4028 10] a refresh that is refused for the moment is tried again', async () => {
    const scene = new CallScene('UDP', ['bob'], { sessionTimer: { seconds: 90, refresher: 'uac' } });
    let refusals = 1;
    tamper(scene.theirs, (message) => {
      if (!isRequest(message) || message.method !== 'UPDATE' || refusals === 0) return message;
      refusals -= 1;
      void scene.theirs.send(createResponse(message, 500, { headers: [['Retry-After', '3']] }));
      return undefined;
    });
    const call = await scene.alice.call('bob');
    await scene.clock.run(90_000);
    expect([scene.alice.log.at(-1), scene.bob.log.at(-1)]).toEqual(['answered', 'answered']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 13.2.2.4] a copy of the 2xx to one re-INVITE comes while the next is under way', async () => {
    const scene = new CallScene('UDP');
    const call = await scene.alice.call('bob');
    await scene.clock.run(1_000);
    let lost = 1;
    scene.ours.isLost = (message) => isMethod(message, 'ACK') && lost-- > 0;
    const first = call.dialog?.reinvite();
    await scene.clock.run(450);
    // The copy of the 2xx leaves 50 ms from here; the answer to the second re-INVITE comes later.
    scene.bob.onCall = () => undefined;
    tamper(scene.ours, (message) => {
      if (!isRequest(message) && message.headers.first('CSeq') === '3 INVITE' && scene.clock.now() < 1_700) {
        scene.clock.after(400, () => scene.alice.receive(message));
        return undefined;
      }
      return message;
    });
    const second = call.dialog?.reinvite();
    await scene.clock.run(2_000);
    expect([(await first)?.statusCode, (await second)?.headers.first('CSeq')]).toEqual([200, '3 INVITE']);
    const acks = scene.ours.sent.filter((message) => isMethod(message, 'ACK'));
    expect(acks.map(({ headers }) => headers.first('CSeq'))).toEqual(['1 ACK', '2 ACK', '2 ACK', '3 ACK']);
    call.hangUp();
    await scene.clock.run(minute);
    expect(scene.left).toEqual([0, 0, 0]);
  });

  it('[RFC 3261 15.1.2] an answer that crosses the BYE of an early dialog: the user hears of the end', async () => {
    const scene = new CallScene('UDP');
    scene.alice.checkMedia = (what) => {
      if (what === 'accept') throw new Error('no such codec');
    };
    scene.bob.onCall = (call) => {
      void call.ring(183, true);
      scene.clock.after(100, () => void call.ring(180));
      scene.clock.after(200, () => void call.accept());
    };
    scene.ours.isLost = (message) => isMethod(message, 'BYE') && scene.clock.now() < 3_000;
    await scene.alice.call('bob');
    await scene.clock.run(2 * minute);
    expect(scene.wire.theirs).toEqual(expect.arrayContaining(['180 INVITE', '200 INVITE']));
    // What we have given up rings no more.
    expect(scene.alice.log).not.toContain('progress 180');
    expect(scene.alice.log.filter((line) => line.startsWith('ended'))).toEqual(['ended local']);
    expect(scene.left).toEqual([0, 0, 0]);
  });
});
