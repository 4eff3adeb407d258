/**
 * Relayed calls that last longer than their allocations, and than the credentials these were made with.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { type Gap, type Recording, startRecording, stopRecording } from '../media/call-recorder.ts';
import { openWicWith } from './client-configuration.ts';
import { openTlsFront } from './turn-fronts.ts';

// Without a Refresh an allocation ends after ten seconds; with the best of them it cannot outlive its credential.
test.use({
  labSettings: {
    EP_CSCF_TURN_LIFETIME_SECONDS: '24',
    TURN_DEFAULT_LIFETIME_SECONDS: '10',
    TURN_MAX_LIFETIME_SECONDS: '10',
  },
});

/** What a jitter buffer hides: three packets. */
const hiddenMs = 60;
/** How far from a change of paths a gap may be that belongs to it. */
const nearMs = 1_000;
/** Between two looks that should be 100 ms apart. */
const lateMs = 200;

/** Six browsers sign in first. */
test.describe.configure({ timeout: 180_000 });

test('[X.5.2.2-5] [RFC 8656 7.4] calls over UDP, TCP and TLS outlive Refreshes and credentials; over UDP and TCP the change of paths is not heard', async ({
  lab,
  openPage,
  subscriber,
}, info) => {
  const tlsFront = await openTlsFront(lab.ports.turn);
  const uris = {
    udp: `turn:127.0.0.1:${lab.ports.turn}?transport=udp`,
    tcp: `turn:127.0.0.1:${lab.ports.turn}?transport=tcp`,
    tls: `turns:localhost:${tlsFront.port}?transport=tcp`,
  };
  const calls = await Promise.all(
    Object.entries(uris).map(async ([transport, uri]) => {
      const configuration = { turnUris: [uri], iceTransportPolicy: 'relay' } as const;
      const open = async (name: string) =>
        openWicWith({ lab, page: await openPage(), account: await subscriber(name) }, configuration);
      return { transport, alice: await open('alice'), bob: await open('bob') };
    }),
  );
  await Promise.all(
    calls.map(async ({ alice, bob }) => {
      await alice.dial(bob.account.username);
      await bob.answer();
      await Promise.all([alice, bob].map(({ call }) => expect(call).toHaveText(/^In call/u)));
    }),
  );

  const ends = calls.flatMap(({ transport, alice, bob }) => [alice, bob].map((wic) => ({ transport, wic })));
  await Promise.all(ends.map(({ wic }) => startRecording(wic.page)));
  // By then the credential that each call began with is over, and an allocation would have ended three times.
  const timers = ends.map(({ wic }) => wic.page.getByRole('timer', { name: 'Duration' }));
  await Promise.all(timers.map((timer) => expect(timer).toHaveText(/0:(?:3[1-9]|[45]\d)/u, { timeout: 60_000 })));

  const recordings = await Promise.all(
    ends.map(async ({ transport, wic }) => ({ transport, recording: await stopRecording(wic.page) })),
  );
  for (const { call } of ends.map(({ wic }) => wic)) await expect(call).toHaveText(/^In call/u);
  const changes: PathChange[] = [];
  for (const { transport, recording } of recordings) {
    const others = recordings.filter((other) => other.transport !== transport);
    const own = changesOf(
      recording,
      others.flatMap((other) => other.recording.gaps),
    );
    info.annotations.push({ type: transport, description: describe(recording, own) });
    const taken = new Set(recording.pairs.filter(({ local }) => local !== '').map((pair) => pair.relayProtocol));
    expect([...taken]).toEqual([transport]);
    expect(recording.heardMs).toBeGreaterThan(25_000);
    // A new allocation at each renewal, of either end; the one before is there until media have left it.
    expect(own.length).toBeGreaterThanOrEqual(1);
    expect(own.every(({ isOldThere }) => isOldThere)).toBe(true);
    // Over TLS the far end may be slower to follow than the relay before is kept: that is not judged here.
    if (transport !== 'tls') changes.push(...own);
  }
  // What was heard while the machine had no time for its browsers says nothing; and one of six may be late unnoticed.
  const judged = changes.filter(({ isTimely }) => isTimely);
  expect(judged.filter(({ gapMs }) => gapMs > hiddenMs).length).toBeLessThanOrEqual(1);
  await tlsFront.stop();
});

interface PathChange {
  readonly atMs: number;
  /** The relay that media took before is still there when they take the new one. */
  readonly isOldThere: boolean;
  /** The browser had the time to look every 100 ms, or nearly. */
  readonly isTimely: boolean;
  /** The longest time without sound about then, unless another call had one as well: then it was the machine. */
  readonly gapMs: number;
}

function changesOf({ pairs: all, gaps }: Recording, gapsOfOthers: readonly Gap[]): readonly PathChange[] {
  const pairs = all.filter(({ local }) => local !== '');
  const own = gaps.filter((gap) => !gapsOfOthers.some((other) => overlap(gap, other)));
  return pairs.flatMap(({ atMs, local, relays }, index) => {
    const before = pairs[index - 1];
    if (before === undefined || before.local === local) return [];
    const near = { atMs: before.atMs - nearMs, lastsMs: atMs - before.atMs + 2 * nearMs };
    const gapMs = longestOf(own.filter((gap) => overlap(gap, near)));
    const about = all.filter((sample) => Math.abs(sample.atMs - atMs) < 1_000).map((sample) => sample.atMs);
    const isTimely = about.every((ms, at) => ms - (about[at - 1] ?? ms) < lateMs);
    return [{ atMs, isOldThere: relays.includes(before.local), gapMs, isTimely }];
  });
}

function overlap(one: Gap, other: Gap): boolean {
  return one.atMs < other.atMs + other.lastsMs && other.atMs < one.atMs + one.lastsMs;
}

function longestOf(gaps: readonly Gap[]): number {
  return Math.max(0, ...gaps.map(({ lastsMs }) => lastsMs));
}

function describe({ pairs, gaps, heardMs, concealedMs, silentMs }: Recording, changes: readonly PathChange[]): string {
  const startMs = pairs[0]?.atMs ?? 0;
  const seconds = (atMs: number): string => ((atMs - startMs) / 1_000).toFixed(1);
  return [
    `gaps where paths change: ${changes.map(({ atMs, gapMs }) => `${gapMs.toFixed(0)} ms at ${seconds(atMs)} s`).join(', ')}`,
    `all gaps: ${gaps.map(({ atMs, lastsMs }) => `${lastsMs.toFixed(0)} ms at ${seconds(atMs)} s`).join(', ')}`,
    `of ${heardMs.toFixed(0)} ms heard ${concealedMs.toFixed(0)} concealed, ${silentMs.toFixed(0)} silent`,
  ].join('; ');
}
