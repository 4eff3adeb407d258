import { beforeEach, describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import { outlineOf } from '../usages/testing/element-pair.ts';
import { createSubscribe } from './create-subscribe.ts';
import { PresenceLab } from './testing/presence-lab.ts';

let lab: PresenceLab;
beforeEach(() => {
  lab = new PresenceLab();
});

describe('the notifier', () => {
  it.each([
    {
      fault: 'an unknown package',
      change: (headers: SipRequest['headers']) => headers.set('Event', 'other'),
      code: 489,
    },
    { fault: 'no Event', change: (headers: SipRequest['headers']) => headers.without('Event'), code: 400 },
    { fault: 'no Contact', change: (headers: SipRequest['headers']) => headers.without('Contact'), code: 400 },
    { fault: 'a broken Expires', change: (headers: SipRequest['headers']) => headers.set('Expires', 'x'), code: 400 },
    {
      fault: 'a To tag nobody gave',
      change: (headers: SipRequest['headers']) => headers.set('To', '<sip:b@c>;tag=x'),
      code: 481,
    },
  ])('[RFC 6665 4.2.1.1] refuses $fault with $code', async ({ change, code }) => {
    const request = createSubscribe(lab.fields());
    lab.pair.alice.send({ ...request, headers: change(request.headers) }, () => {});
    await lab.clock.run(10);
    const [response] = lab.pair.bob.responses;
    expect([response?.statusCode, response?.headers.first('Allow-Events')]).toEqual([
      code,
      code === 489 ? 'presence' : undefined,
    ]);
    expect(lab.notifier.size).toBe(0);
  });

  it('[RFC 3261 21.5.4] is bounded', async () => {
    lab.notifier = lab.createNotifier({}, 0);
    lab.subscribe();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.bob.responses, 'Retry-After')).toEqual(['503 30']);
  });

  it('[RFC 6665 4.2.1.3] asks the package about whoever renews or ends: nobody else moves the NOTIFYs', async () => {
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    const [subscription] = lab.notifier.subscriptionsTo('presence');
    lab.decision = { type: 'refuse', statusCode: 401, headers: [['WWW-Authenticate', 'Digest realm="b",nonce="1"']] };
    for (const seconds of ['60', '0']) {
      const refresh = subscriber.subscriptions[0]?.dialog?.createRequest('SUBSCRIBE', {
        headers: [
          ['Contact', '<sip:mallory@evil.example>'],
          ['Event', 'presence'],
          ['Expires', seconds],
        ],
      });
      if (refresh !== undefined) lab.pair.alice.send(refresh, () => {});
      await lab.clock.run(10);
      expect(outlineOf(lab.pair.bob.responses, 'WWW-Authenticate').at(-1)).toBe('401 Digest realm="b",nonce="1"');
    }
    expect(subscription?.dialog.remoteTarget).toBe('sip:alice@alice.example');
    expect([subscription?.stage, subscription?.remainingSeconds, lab.notifier.size]).toEqual(['active', 3_600, 1]);
    lab.decision = { type: 'accept', state: 'active' };
    subscriber.unsubscribe();
    await lab.clock.run(64_000);
    expect([lab.notifier.size, lab.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 6665 4.1.3] refuses a reason that is none before anything has changed', async () => {
    lab.subscribe();
    await lab.clock.run(10);
    const [subscription] = lab.notifier.subscriptionsTo('presence');
    expect(() => subscription?.end('no token')).toThrow(TypeError);
    expect(() => subscription?.end('probation', -1)).toThrow(TypeError);
    expect([subscription?.stage, lab.notifier.size]).toEqual(['active', 1]);
    lab.notifier.close();
  });

  it('[RFC 6665 4.2.2] forgets a subscriber that answers 481', async () => {
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    subscriber.close();
    lab.notifier.change('presence');
    await lab.clock.run(10);
    expect([lab.notifier.size, lab.notifierEnds]).toEqual([0, ['failed']]);
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it.each([
    { title: 'it has forgotten', leave: 'fail', requests: 1 },
    { title: 'whose last NOTIFY this is', leave: 'end', requests: 3 },
  ] as const)('[RFC 6665 4.2.2] answers a challenge of a subscriber $title: $requests', async ({ leave, requests }) => {
    lab.notifier = lab.createNotifier({}, 10, (request) => request);
    let challenge = (): void => undefined;
    lab.subscribe();
    lab.pair.alice.receive = (transaction) => {
      const isRetry = Number(transaction.request.headers.first('CSeq')?.split(' ', 1)[0]) > 1;
      const response = createResponse(transaction.request, isRetry ? 200 : 401, { toTag: 'a' });
      if (isRetry) transaction.respond(response);
      else challenge = () => transaction.respond(response);
      return true;
    };
    await lab.clock.run(10);
    const [subscription] = lab.notifier.subscriptionsTo('presence');
    if (leave === 'fail') subscription?.fail();
    else subscription?.end('noresource');
    challenge();
    await lab.clock.run(64_000);
    expect([lab.pair.bob.requests.length, lab.clock.pending]).toEqual([requests, 0]);
  });

  it('[RFC 6665 4.2.2] forgets a subscriber that does not answer', async () => {
    lab.subscribe();
    lab.pair.alice.receive = () => true;
    await lab.clock.run(32_100);
    expect([lab.notifier.size, lab.notifierEnds]).toEqual([0, ['failed']]);
  });

  it('[RFC 6665 4.2.2] keeps a subscriber that answers otherwise', async () => {
    lab.subscribe();
    lab.pair.alice.receive = (transaction) => {
      transaction.respond(createResponse(transaction.request, 500));
      return true;
    };
    await lab.clock.run(100);
    expect([lab.notifier.size, lab.notifierEnds]).toEqual([1, []]);
  });

  it('[RFC 6665 5.3.10] sends one NOTIFY for what changes faster than the package lets it', async () => {
    lab.notifier = lab.createNotifier({ notifyDelayMs: (sinceLastMs) => 5_000 - sinceLastMs });
    lab.subscribe();
    await lab.clock.run(1_000);
    for (const next of ['1', '2', '3']) {
      lab.state = next;
      lab.notifier.change('presence');
      await lab.clock.run(100);
    }
    expect(lab.seen).toEqual(['active open']);
    await lab.clock.run(5_000);
    expect(lab.seen).toEqual(['active open', 'active 3']);
  });

  it('[RFC 6665 4.2.2] has one NOTIFY under way at a time', async () => {
    lab.subscribe();
    await lab.clock.run(10);
    for (let count = 0; count < 3; count += 1) lab.notifier.change('presence');
    lab.notifier.close('giveup');
    expect(lab.pair.bob.requests).toHaveLength(2);
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.bob.requests.slice(1), 'Subscription-State')).toEqual([
      'NOTIFY active;expires=3600',
      'NOTIFY terminated;reason=giveup',
    ]);
  });

  it('[RFC 6665 5.4.4] tells the package which resource is watched, before the first NOTIFY', async () => {
    const log: string[] = [];
    lab.notifier = lab.createNotifier({
      onStart: ({ dialog, request }) =>
        log.push(`${dialog.localUri} ${request.method} ${lab.pair.bob.requests.length}`),
    });
    lab.subscribe();
    await lab.clock.run(10);
    expect(log).toEqual(['sip:bob@bob.example SUBSCRIBE 0']);
  });
});
