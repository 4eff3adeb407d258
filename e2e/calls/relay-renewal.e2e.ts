/**
 * Relayed calls that last longer than their allocations, and than the credentials these were made with.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { type Gap, type PairSample, type Recording, startRecording, stopRecording } from '../media/call-recorder.ts';
import { openWicWith } from './client-configuration.ts';

// Without a Refresh an allocation ends after ten seconds; with the best of them it cannot outlive its credential.
test.use({
  labSettings: {
    EP_CSCF_TURN_LIFETIME_SECONDS: '24',
    TURN_DEFAULT_LIFETIME_SECONDS: '10',
    TURN_MAX_LIFETIME_SECONDS: '10',
  },
});

/** Of sound that the jitter buffer makes up well enough not to be noticed. */
const hiddenMs = 200;
const packetMs = 20;
/** How far from a change of paths a gap may be that belongs to it; the far end changes within this time, too. */
const nearMs = 1_500;

/** Six browsers sign in first. */
test.describe.configure({ timeout: 180_000 });

test('[X.5.2.2] [X.5.2.2-5] [RFC 8656 7.4] calls over UDP, TCP and TLS outlive Refreshes and credentials, and no change of relays is heard', async ({
  lab,
  openPage,
  subscriber,
}, info) => {
  const uris = {
    udp: `turn:127.0.0.1:${lab.ports.turn}?transport=udp`,
    tcp: `turn:127.0.0.1:${lab.ports.turn}?transport=tcp`,
    tls: `turns:localhost:${lab.ports.turnTls}?transport=tcp`,
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

  const heard = recordings.map(({ transport, recording }) => {
    const others = recordings.filter((other) => other.transport !== transport);
    const gaps = others.flatMap((other) => other.recording.gaps);
    const changes = changesOf(recording, gaps);
    return { transport, recording, changes, awayMs: longestOf(gapsAwayFrom(changes, recording)) };
  });
  for (const end of heard) info.annotations.push({ type: end.transport, description: describe(end) });
  // A busy machine delays packets, and does so away from changes, too; an end that follows too late loses them.
  const allowedMs = Math.max(hiddenMs, ...heard.map(({ awayMs }) => awayMs));
  for (const { transport, recording, changes } of heard) {
    const taken = new Set(selectedIn(recording).map((pair) => pair.relayProtocol));
    expect([...taken]).toEqual([transport]);
    expect(recording.heardMs).toBeGreaterThan(25_000);
    // Credentials are renewed past half of their lifetime: each end takes new relays more than once.
    expect(changes.length).toBeGreaterThanOrEqual(2);
    for (const change of changes) expect(change.gapMs).toBeLessThanOrEqual(allowedMs);
    expect(lostIn(recording) * packetMs).toBeLessThanOrEqual(hiddenMs);
  }
  for (const { alice, bob } of calls) {
    await alice.hangUp();
    await expect(bob.call).toHaveText(/^Ended/u);
  }
});

interface PathChange {
  readonly atMs: number;
  /** The longest time without sound about then, unless another call had one as well: then it was the machine. */
  readonly gapMs: number;
}

function selectedIn({ pairs }: Recording): readonly PairSample[] {
  return pairs.filter(({ local }) => local !== '');
}

/** Packets of all changes together that never came: where one is followed too late, they show up only afterwards. */
function lostIn({ pairs }: Recording): number {
  return (pairs.at(-1)?.lost ?? 0) - (pairs[0]?.lost ?? 0);
}

function changesOf(recording: Recording, gapsOfOthers: readonly Gap[]): readonly PathChange[] {
  const own = recording.gaps.filter((gap) => !gapsOfOthers.some((other) => overlap(gap, other)));
  const samples = selectedIn(recording);
  return samples.flatMap(({ atMs, local }, index) => {
    const before = samples[index - 1];
    if (before === undefined || before.local === local) return [];
    const near = { atMs: before.atMs - nearMs, lastsMs: atMs - before.atMs + 2 * nearMs };
    return [{ atMs, gapMs: longestOf(own.filter((gap) => overlap(gap, near))) }];
  });
}

function gapsAwayFrom(changes: readonly PathChange[], { gaps }: Recording): readonly Gap[] {
  return gaps.filter((gap) => !changes.some(({ atMs }) => overlap(gap, { atMs: atMs - nearMs, lastsMs: 2 * nearMs })));
}

function overlap(one: Gap, other: Gap): boolean {
  return one.atMs < other.atMs + other.lastsMs && other.atMs < one.atMs + one.lastsMs;
}

function longestOf(gaps: readonly Gap[]): number {
  return Math.max(0, ...gaps.map(({ lastsMs }) => lastsMs));
}

interface HeardEnd {
  readonly recording: Recording;
  readonly changes: readonly PathChange[];
  readonly awayMs: number;
}

function describe({ recording, changes, awayMs }: HeardEnd): string {
  const { pairs, heardMs, concealedMs, silentMs } = recording;
  const startMs = pairs[0]?.atMs ?? 0;
  const seconds = (atMs: number): string => ((atMs - startMs) / 1_000).toFixed(1);
  return [
    `changes: ${changes.map(({ atMs, gapMs }) => `${gapMs} ms at ${seconds(atMs)} s`).join(', ')}`,
    `${lostIn(recording)} packets lost`,
    `longest gap away from them ${awayMs} ms`,
    `of ${heardMs.toFixed(0)} ms heard ${concealedMs.toFixed(0)} concealed, ${silentMs.toFixed(0)} silent`,
  ].join('; ');
}
