import { beforeEach, describe, expect, it } from 'vitest';
import type { SipRequest } from '../messages/message.ts';
import { PresenceLab } from './testing/presence-lab.ts';

let lab: PresenceLab;
beforeEach(() => {
  lab = new PresenceLab();
});

describe('forks', () => {
  /** Another lab.notifier that the SUBSCRIBE reached. */
  const forked = (tag: string, change: (request: SipRequest) => SipRequest = (request) => request): SipRequest => {
    const notify = lab.notifier.subscriptionsTo('presence')[0]?.dialog.createRequest('NOTIFY', {
      headers: [
        ['Contact', '<sip:fork@bob.example>'],
        ['Record-Route', '<sip:p1.example;lr>, <sip:p2.example;lr>'],
        ['Event', 'presence'],
        ['Subscription-State', 'active;expires=100'],
      ],
    });
    if (notify === undefined) throw new TypeError('expected a subscription');
    return change({ ...notify, headers: notify.headers.set('From', `<sip:bob@bob.example>;tag=${tag}`) });
  };

  it('[RFC 6665 4.4.1] each make a dialog, with the route of their NOTIFY', async () => {
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    lab.pair.bob.send(forked('fork'), () => {});
    await lab.clock.run(10);
    const [, second] = subscriber.subscriptions;
    expect([lab.seen.length, second?.remainingSeconds, second?.dialog?.id.remoteTag]).toEqual([2, 100, 'fork']);
    second?.refresh();
    const refresh = lab.pair.alice.requests.at(-1);
    expect([refresh?.requestUri, refresh?.headers.all('Route'), refresh?.headers.first('CSeq')]).toEqual([
      'sip:fork@bob.example',
      ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
      '2 SUBSCRIBE',
    ]);
    subscriber.close();
    expect(lab.ends).toEqual([{ type: 'closed' }, { type: 'closed' }]);
  });

  it.each([
    { title: 'where one is enough', options: { forks: 'first' }, waitMs: 0, change: undefined },
    { title: 'beyond the bound', options: { maxForks: 1 }, waitMs: 0, change: undefined },
    { title: 'after Timer N', options: {}, waitMs: 32_000, change: undefined },
    {
      title: 'for another event',
      options: {},
      waitMs: 0,
      change: (request: SipRequest) => ({ ...request, headers: request.headers.set('Event', 'presence;id=1') }),
    },
    {
      title: 'for another Call-ID',
      options: {},
      waitMs: 0,
      change: (request: SipRequest) => ({ ...request, headers: request.headers.set('Call-ID', 'other') }),
    },
  ] as const)('[RFC 6665 4.1.3] get 481 $title', async ({ options, waitMs, change }) => {
    const subscriber = lab.subscribe(3_600, options);
    await lab.clock.run(10 + waitMs);
    lab.pair.bob.send(forked('fork', change), () => {});
    await lab.clock.run(10);
    expect([lab.pair.alice.responses.at(-1)?.statusCode, subscriber.subscriptions.length]).toEqual([481, 1]);
  });

  it.each([
    { fault: 'no Subscription-State', change: (request: SipRequest) => request.headers.without('Subscription-State') },
    { fault: 'a broken Event', change: (request: SipRequest) => request.headers.set('Event', ';') },
    { fault: 'no Contact', change: (request: SipRequest) => request.headers.without('Contact') },
  ])('[RFC 6665 4.1.3] get 400 with $fault', async ({ change }) => {
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    const broken = forked('fork', (request) => ({ ...request, headers: change(request) }));
    lab.pair.bob.send(broken, () => {});
    await lab.clock.run(10);
    expect([lab.pair.alice.responses.at(-1)?.statusCode, subscriber.subscriptions.length]).toEqual([400, 1]);
  });

  it('[RFC 3261 12.2.2] get 500 for a NOTIFY out of order', async () => {
    lab.subscribe();
    await lab.clock.run(10);
    const notify = forked('fork');
    lab.pair.bob.send(notify, () => {});
    await lab.clock.run(10);
    lab.pair.bob.send({ ...notify, headers: notify.headers.set('CSeq', '1 NOTIFY') }, () => {});
    await lab.clock.run(10);
    expect(lab.pair.alice.responses.map(({ statusCode }) => statusCode)).toEqual([200, 200, 500]);
  });
});
