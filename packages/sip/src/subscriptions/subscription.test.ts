import { beforeEach, describe, expect, it } from 'vitest';
import { createResponse } from '../messages/create-response.ts';
import { outlineOf } from '../usages/testing/element-pair.ts';
import { PresenceLab } from './testing/presence-lab.ts';

let lab: PresenceLab;
beforeEach(() => {
  lab = new PresenceLab();
});

describe('a subscription', () => {
  it('[RFC 6665 4.1.2] is made, refreshed and ended', async () => {
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    expect([lab.seen, lab.notifier.size]).toEqual([['active open'], 1]);
    const [subscription] = subscriber.subscriptions;
    expect([subscription?.stage, subscription?.remainingSeconds]).toEqual(['active', 3_600]);
    lab.state = 'closed';
    lab.notifier.change('presence');
    await lab.clock.run(10);
    expect(lab.seen).toEqual(['active open', 'active closed']);
    await lab.clock.run(3_000_000);
    expect(outlineOf(lab.pair.alice.requests, 'CSeq')).toEqual(['SUBSCRIBE 1 SUBSCRIBE', 'SUBSCRIBE 2 SUBSCRIBE']);
    expect(lab.seen).toHaveLength(3);
    await lab.clock.run(3_000_000);
    expect(lab.pair.alice.requests).toHaveLength(3);
    subscriber.unsubscribe();
    await lab.clock.run(1_000);
    expect(lab.pair.alice.requests.at(-1)?.headers.first('Expires')).toBe('0');
    expect(lab.ends).toEqual([{ type: 'notified', reason: 'timeout', again: 'now', afterSeconds: undefined }]);
    expect([lab.notifierEnds, lab.notifier.size]).toEqual([['timeout'], 0]);
    await lab.clock.run(64_000);
    expect([lab.clock.pending, lab.pair.alice.layer.size, lab.pair.bob.layer.size]).toEqual([0, 0, 0]);
  });

  it('[RFC 6665 4.4.3] polls with Expires 0', async () => {
    lab.subscribe(0);
    await lab.clock.run(64_000);
    expect([lab.seen, lab.ends.map(({ type }) => type)]).toEqual([['terminated open'], ['notified']]);
    expect([lab.notifier.size, lab.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 6665 4.2.1.4] ends at both ends when nobody renews it', async () => {
    lab.subscribe(60, { refreshes: false });
    await lab.clock.run(70_000);
    expect([lab.seen, lab.notifierEnds]).toEqual([['active open', 'terminated open'], ['timeout']]);
    await lab.clock.run(64_000);
    expect([lab.ends.length, lab.clock.pending]).toEqual([1, 0]);
  });

  it('[RFC 6665 4.2.1.3] waits in pending, without a body, until it is let in', async () => {
    lab.decision = { type: 'accept', state: 'pending' };
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    lab.notifier.change('presence');
    await lab.clock.run(10);
    expect([lab.seen, subscriber.subscriptions[0]?.stage]).toEqual([['pending '], 'pending']);
    for (const each of lab.notifier.subscriptionsTo('presence')) each.activate();
    await lab.clock.run(10);
    expect([lab.seen.at(-1), subscriber.subscriptions[0]?.stage]).toEqual(['active open', 'active']);
    for (const each of lab.notifier.subscriptionsTo('presence')) each.end('probation', 30);
    await lab.clock.run(10);
    expect(lab.ends).toEqual([{ type: 'notified', reason: 'probation', again: 'later', afterSeconds: 30 }]);
  });

  it('[RFC 6665 4.2.1.1] asks again with the Min-Expires of a 423', async () => {
    const subscriber = lab.subscribe(20);
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Expires')).toEqual(['SUBSCRIBE 20', 'SUBSCRIBE 60']);
    expect(outlineOf(lab.pair.bob.responses, 'Min-Expires')).toEqual(['423 60', '200']);
    expect(subscriber.subscriptions[0]?.remainingSeconds).toBe(60);
  });

  it('[RFC 6665 4.2.1.1] gives up a notifier that never has enough', async () => {
    lab.pair.bob.receive = (transaction) => {
      const asked = Number(transaction.request.headers.first('Expires'));
      const headers = [['Min-Expires', String(asked + 1)]] as const;
      transaction.respond(createResponse(transaction.request, 423, { toTag: 'b', headers }));
      return true;
    };
    lab.subscribe(60);
    await lab.clock.run(1_000);
    expect([lab.pair.alice.requests.length, lab.ends[0]?.type]).toEqual([4, 'refused']);
  });

  it.each([
    { statusCode: 401, fields: [] },
    { statusCode: 423, fields: [['Min-Expires', '7000']] },
  ] as const)(
    '[RFC 6665 4.1.2.3] asks no more with $statusCode after it was closed',
    async ({ statusCode, fields }) => {
      lab.pair.bob.receive = (transaction) => {
        transaction.respond(createResponse(transaction.request, statusCode, { toTag: 'b', headers: fields }));
        return true;
      };
      const subscriber = lab.subscribe(3_600, { authorize: (request) => request });
      subscriber.close();
      await lab.clock.run(64_000);
      expect([lab.pair.alice.requests.length, lab.clock.pending]).toEqual([1, 0]);
    },
  );

  it('[RFC 6665 4.1.2.2] ends with 481 to a refresh', async () => {
    const subscriber = lab.subscribe(3_600);
    await lab.clock.run(10);
    lab.notifier = lab.createNotifier();
    subscriber.subscriptions[0]?.refresh();
    await lab.clock.run(10);
    expect(lab.ends).toEqual([{ type: 'refused', response: expect.objectContaining({ statusCode: 481 }) }]);
    await lab.clock.run(64_000);
    expect(subscriber.subscriptions).toEqual([]);
  });

  it('[RFC 6665 4.1.2.2] outlives a refresh that fails otherwise, and tries again', async () => {
    lab.subscribe(600);
    await lab.clock.run(10);
    lab.pair.bob.receive = (transaction) => {
      transaction.respond(createResponse(transaction.request, 500));
      return true;
    };
    await lab.clock.run(310_000);
    expect(lab.ends).toEqual([]);
    lab.pair.bob.receive = (transaction) => lab.notifier.receive(transaction);
    await lab.clock.run(150_000);
    expect([lab.ends, lab.pair.alice.requests.length]).toEqual([[], 3]);
    await lab.clock.run(200_000);
    expect(lab.ends).toEqual([]);
  });
});

describe('the first request', () => {
  it('[RFC 6665 4.1.2.4] ends where no NOTIFY follows the 2xx in Timer N', async () => {
    lab.pair.bob.receive = (transaction) => {
      transaction.respond(createResponse(transaction.request, 200, { toTag: 'b', headers: [['Expires', '60']] }));
      return true;
    };
    lab.subscribe();
    await lab.clock.run(31_999);
    expect(lab.ends).toEqual([]);
    await lab.clock.run(10);
    expect([lab.ends, lab.clock.pending]).toEqual([[{ type: 'no notify' }], 0]);
  });

  it.each([
    { statusCode: 403, title: 'refused' },
    { statusCode: 503, title: 'refused for now' },
  ])('[RFC 6665 4.1.2.1] is $title with $statusCode', async ({ statusCode }) => {
    lab.decision = { type: 'refuse', statusCode };
    lab.subscribe();
    await lab.clock.run(10);
    expect(lab.ends).toEqual([{ type: 'refused', response: expect.objectContaining({ statusCode }) }]);
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it('[RFC 6665 4.1.2.1] is given up where nobody answers', async () => {
    lab.pair.bob.receive = () => true;
    lab.subscribe();
    await lab.clock.run(32_000);
    expect(lab.ends.map(({ type }) => type)).toEqual(['no notify']);
    expect(lab.clock.pending).toBe(0);
  });

  it('[RFC 3261 22.2] answers a challenge, with a CSeq number of its own', async () => {
    lab.pair.bob.receive = (transaction) => {
      if (transaction.request.headers.has('Authorization')) return lab.notifier.receive(transaction);
      transaction.respond(createResponse(transaction.request, 401, { toTag: 'x' }));
      return true;
    };
    lab.subscribe(3_600, {
      authorize: (request) => ({ ...request, headers: request.headers.with('Authorization', 'Digest x') }),
    });
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'CSeq')).toEqual(['SUBSCRIBE 1 SUBSCRIBE', 'SUBSCRIBE 2 SUBSCRIBE']);
    await lab.clock.run(3_000_000);
    expect(outlineOf(lab.pair.alice.requests.slice(2), 'CSeq')).toEqual([
      'SUBSCRIBE 3 SUBSCRIBE',
      'SUBSCRIBE 4 SUBSCRIBE',
    ]);
    expect(lab.ends).toEqual([]);
  });
});

describe('the table of a subscription', () => {
  it('[RFC 6665 4.1.2.3] leaves as soon as there is somebody to tell', async () => {
    const subscriber = lab.subscribe();
    subscriber.unsubscribe();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Expires')).toEqual(['SUBSCRIBE 3600', 'SUBSCRIBE 0']);
    expect([lab.ends.map(({ type }) => type), lab.notifier.size]).toEqual([['notified'], 0]);
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it.each([
    { stage: 'active', change: undefined },
    { stage: 'pending', change: { type: 'accept', state: 'pending' } },
  ] as const)('[RFC 6665 4.1.2.2] ends in $stage when no NOTIFY follows a refresh', async ({ stage, change }) => {
    lab.decision = change ?? lab.decision;
    const subscriber = lab.subscribe();
    await lab.clock.run(10);
    expect(subscriber.subscriptions[0]?.stage).toBe(stage);
    lab.pair.bob.receive = (transaction) => {
      transaction.respond(createResponse(transaction.request, 200, { headers: [['Expires', '3600']] }));
      return true;
    };
    subscriber.subscriptions[0]?.refresh();
    await lab.clock.run(32_000);
    expect([lab.ends, lab.clock.pending > 0]).toEqual([[{ type: 'no notify' }], true]);
    lab.notifier.close();
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it('[RFC 6665 4.1.2.2] goes on after a refresh that could not be sent', async () => {
    const subscriber = lab.subscribe(3_600, { send: (request, inform) => lab.pair.alice.send(request, inform) });
    await lab.clock.run(10);
    lab.pair.alice.flow.close();
    subscriber.subscriptions[0]?.refresh();
    await lab.clock.run(60_000);
    expect(lab.ends).toEqual([]);
    subscriber.close();
    lab.notifier.close();
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });

  it('[RFC 6665 4.1.2.2] asks for more where a refresh is too brief', async () => {
    const subscriber = lab.subscribe(600);
    await lab.clock.run(10);
    const before = lab.notifier;
    lab.pair.bob.receive = (transaction) => {
      const isBrief = Number(transaction.request.headers.first('Expires')) < 900;
      if (!isBrief) return before.receive(transaction);
      transaction.respond(createResponse(transaction.request, 423, { headers: [['Min-Expires', '900']] }));
      return true;
    };
    subscriber.subscriptions[0]?.refresh();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Expires').slice(1)).toEqual(['SUBSCRIBE 600', 'SUBSCRIBE 900']);
    expect(subscriber.subscriptions[0]?.remainingSeconds).toBe(900);
    subscriber.close();
  });

  it.each([
    { title: 'refused while pending', act: () => lab.notifier.close('rejected'), reason: 'rejected', again: 'never' },
    {
      title: 'timed out while pending',
      act: () => lab.notifier.subscriptionsTo('presence')[0]?.start(0),
      reason: 'timeout',
      again: 'now',
    },
  ])('[RFC 6665 4.2.1.3] is $title, without a word about the state', async ({ act, reason, again }) => {
    lab.decision = { type: 'accept', state: 'pending' };
    lab.subscribe();
    await lab.clock.run(10);
    lab.state = 'secret';
    act();
    await lab.clock.run(10);
    expect(lab.ends).toEqual([{ type: 'notified', reason, again, afterSeconds: undefined }]);
    expect(lab.seen).toEqual(['pending ', 'terminated ']);
  });

  it('[RFC 6665 4.1.2] survives a network that loses every other message', async () => {
    const lossy = new PresenceLab('UDP');
    for (const { flow } of [lossy.pair.alice, lossy.pair.bob]) {
      let count = 0;
      flow.isLost = () => {
        count += 1;
        return count % 2 === 1;
      };
    }
    const subscriber = lossy.subscribe();
    await lossy.clock.run(10_000);
    lossy.state = 'closed';
    lossy.notifier.change('presence');
    await lossy.clock.run(10_000);
    subscriber.unsubscribe();
    await lossy.clock.run(10_000);
    expect(lossy.seen).toEqual(['active open', 'active closed', 'terminated closed']);
    expect(lossy.ends.map(({ type }) => type)).toEqual(['notified']);
    await lossy.clock.run(128_000);
    expect([lossy.clock.pending, lossy.notifier.size]).toEqual([0, 0]);
  });
});
