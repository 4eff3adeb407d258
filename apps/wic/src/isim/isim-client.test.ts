import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IsimClient } from './isim-client.ts';

/** The other end of the channel, as the page of the ISIM has it. */
class FarEnd {
  readonly heard: unknown[] = [];
  port: MessagePort | undefined;
  readonly client = new IsimClient({
    post: (message, port) => {
      this.heard.push(message);
      this.port = port;
      port.onmessage = ({ data }: MessageEvent) => void this.heard.push(data);
    },
    onAttention: (isNeeded) => void this.heard.push(isNeeded),
  });

  say(message: object): void {
    this.port?.postMessage({ version: 1, ...message });
  }

  /** Until `count` messages came in. */
  async hear(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.heard.length).toBeGreaterThanOrEqual(count));
  }
}

let far: FarEnd;

beforeEach(() => {
  far = new FarEnd();
});

afterEach(() => {
  vi.useRealTimers();
  far.client.close();
  far.port?.close();
});

const unavailable = (problem: string) => ({ code: 'ERR_WIC_SIM_UNAVAILABLE', problem });

describe('the conversation with the ISIM', () => {
  it('[X.2.3.3] [WIC 6] asks once it is welcome, and gets the password and nothing else', async () => {
    far.client.frameLoaded();
    const answer = far.client.authenticate('bm9uY2U=');
    expect(far.heard).toEqual([{ type: 'wicgate-isim hello', version: 1 }]);
    far.say({ type: 'welcome' });
    await far.hear(2);
    expect(far.heard[1]).toEqual({ version: 1, id: 1, type: 'authenticate', nonce: 'bm9uY2U=' });
    const password = `${'A'.repeat(43)}=`;
    far.say({ type: 'answer', id: 1, answer: { kind: 'password', password } });
    await expect(answer).resolves.toEqual({ kind: 'password', password });
  });

  it('[X.2.3.3] [WIC 6] takes no answer with more in it than there should be', async () => {
    far.client.frameLoaded();
    const answer = far.client.authenticate('bm9uY2U=');
    far.say({ type: 'welcome' });
    await far.hear(2);
    far.say({ type: 'answer', id: 1, answer: { kind: 'password', password: `${'A'.repeat(43)}=`, ck: 'secret' } });
    far.say({ type: 'answer', id: 1, answer: { kind: 'mac failure' } });
    await expect(answer).resolves.toEqual({ kind: 'mac failure' });
  });

  it('[6.1.3] [WIC 20] hands AUTS on', async () => {
    far.client.frameLoaded();
    const answer = far.client.authenticate('bm9uY2U=');
    far.say({ type: 'answer', id: 1, answer: { kind: 'synchronisation failure', auts: 'uoU/PBI8z0TpNZbjVcY=' } });
    await expect(answer).resolves.toEqual({ kind: 'synchronisation failure', auts: 'uoU/PBI8z0TpNZbjVcY=' });
  });

  it('[X.2.3.3] learns who is on the SIM, and when a person has to look', async () => {
    far.client.frameLoaded();
    const identity = far.client.identify();
    far.say({ type: 'attention', needed: true });
    far.say({ type: 'answer', id: 1, answer: { kind: 'identity', impi: 'e@ims.example', impu: 'sip:e@ims.example' } });
    await expect(identity).resolves.toEqual({ impi: 'e@ims.example', impu: 'sip:e@ims.example' });
    expect(far.heard).toContain(true);
  });

  it.each([
    ['not allowed', 'not allowed'],
    ['blocked', 'blocked'],
    ['no profile', 'no profile'],
    ['storage', 'storage'],
    ['busy', 'not answering'],
  ])('[X.2.3.3] %s: says so', async (problem, told) => {
    far.client.frameLoaded();
    const answer = far.client.identify();
    far.say({ type: 'answer', id: 1, answer: { kind: 'refused', problem } });
    await expect(answer).rejects.toMatchObject(unavailable(told));
  });

  it('[X.2.3.3] nobody behind the frame: gives up after 10 s', async () => {
    vi.useFakeTimers();
    const answer = far.client.identify();
    const outcome = expect(answer).rejects.toMatchObject(unavailable('not answering'));
    far.client.frameLoaded();
    vi.advanceTimersByTime(10_000);
    await outcome;
  });

  it('[24.229 7.8] a person who takes too long: gives up before the network does', async () => {
    vi.useFakeTimers();
    const answer = far.client.authenticate('nonce');
    const outcome = expect(answer).rejects.toMatchObject(unavailable('not answering'));
    vi.advanceTimersByTime(170_000);
    await outcome;
  });

  it('[X.2.3.3] who sets the SIM up has half an hour for it: no network waits', async () => {
    vi.useFakeTimers();
    let isOver = false;
    const outcome = far.client.identify().catch(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(1_799_000);
    expect(isOver).toBe(false);
    vi.advanceTimersByTime(1_000);
    await outcome;
    expect(isOver).toBe(true);
  });

  it('[X.2.3.3] asks at most 8 things at a time', async () => {
    const eight = Array.from({ length: 8 }, () => far.client.identify().catch(() => 'gone'));
    await expect(far.client.identify()).rejects.toMatchObject(unavailable('not answering'));
    far.client.close();
    expect(new Set(await Promise.all(eight))).toEqual(new Set(['gone']));
  });
});
