import type { Notification, Subscriber, Subscription, SubscriptionEnd } from '@wicgate/sip';
import { VirtualClock } from '@wicgate/sip/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { RegistrationWatch, type SubscribeHooks } from './registration-watch.ts';

const name = { impi: 'alice@ims.example', instance: 'urn:uuid:1', regId: 1 };
const key = JSON.stringify([name.impi, name.instance, name.regId]);
const refused = { type: 'no notify' } as const;

let clock: VirtualClock;
let asked: { hooks: SubscribeHooks; unsubscribed: number }[];
let isFull: boolean;
let failures: string[];
let ended: (string | undefined)[];
let left: number;
let watch: RegistrationWatch;

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  isFull = false;
  failures = [];
  ended = [];
  left = 0;
  watch = new RegistrationWatch({
    clock,
    random: () => 0,
    subscribe: (hooks) => {
      const one = { hooks, unsubscribed: 0 };
      asked.push(one);
      return isFull
        ? undefined
        : ({ unsubscribe: () => (one.unsubscribed += 1), close: () => {} } as unknown as Subscriber);
    },
    onDocument: () => {},
    onFailure: (reason) => failures.push(reason),
    onEnded: (reason) => ended.push(reason),
    onLeft: () => (left += 1),
  });
});

const end = (how: SubscriptionEnd = refused): void => asked.at(-1)?.hooks.onEnd(how);

describe('[TS 24.229 5.2.3] the watch over a user', () => {
  it('[TS 24.229 5.2.3] tries again later each time, up to five minutes', () => {
    watch.add(name);
    const waits: number[] = [];
    for (let count = 0; count < 11; count += 1) {
      end();
      const [before, start] = [asked.length, clock.now()];
      while (asked.length === before) clock.advance(500);
      waits.push((clock.now() - start) / 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    expect(failures).toHaveLength(11);
  });

  it('[RFC 6665 4.1.3] waits at least as long as the notifier says', () => {
    watch.add(name);
    end({ type: 'notified', reason: 'probation', again: 'later', afterSeconds: 10 });
    clock.advance(9_999);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect(asked).toHaveLength(2);
  });

  it('[RFC 6665 4.1.3] that the notifier ends for there is nothing to tell is no failure, and asks when the user registers again', () => {
    watch.add(name);
    end({ type: 'notified', reason: 'noresource', again: 'never', afterSeconds: undefined });
    clock.advance(600_000);
    expect([asked.length, failures, ended]).toEqual([1, [], ['noresource']]);
    watch.add(name);
    expect(asked).toHaveLength(2);
  });

  it('[limits] a notifier that ends it each time at once is asked less and less often', () => {
    watch.add(name);
    for (let count = 0; count < 10; count += 1) {
      const terminated = { contentType: undefined, body: new Uint8Array(), state: { state: 'terminated' } };
      asked.at(-1)?.hooks.onNotify({} as Subscription, terminated as unknown as Notification);
      end({ type: 'notified', reason: 'deactivated', again: 'now', afterSeconds: undefined });
      clock.advance(5_000);
    }
    expect([asked.length, failures]).toEqual([6, []]);
  });

  it('[TS 24.229 5.2.3] asks once, however often the user registers, and is not hurried by it after a failure', () => {
    watch.add(name);
    watch.add(name);
    end();
    watch.add(name);
    expect(asked).toHaveLength(1);
  });

  it('[TS 24.229 5.2.3] is left two seconds after the last flow, unless one comes back', () => {
    watch.add(name);
    watch.remove(key);
    clock.advance(1_999);
    watch.add(name);
    clock.advance(10_000);
    expect([asked[0]?.unsubscribed, left]).toEqual([0, 0]);
    watch.remove(key);
    clock.advance(2_000);
    expect([asked[0]?.unsubscribed, left, asked.length]).toEqual([1, 1, 1]);
    end();
    clock.advance(600_000);
    expect([asked.length, failures]).toEqual([1, []]);
  });

  it('[limits] where there are too many subscriptions it tries later', () => {
    isFull = true;
    watch.add(name);
    expect(failures).toEqual(['too many subscriptions']);
    isFull = false;
    clock.advance(1_000);
    expect(asked).toHaveLength(2);
  });

  it('[TS 24.229 5.2.3] that is stopped leaves no timer', () => {
    watch.add(name);
    end();
    watch.remove(key);
    watch.stop();
    clock.advance(600_000);
    expect([asked.length, left]).toEqual([1, 0]);
  });
});
