/**
 * Every screen of the WIC, each brought about as it comes about in life: by what people and networks do.
 *
 * @module
 */
import { InMemoryCall, type InMemoryNetwork, type InMemoryWic } from '@wicgate/wic-react/testing';
import type { Call, FailureDetail, MediaPath, PreCallState, RegistrationFailure, RelayProblem } from '@wicgate/wic-sdk';
import { GuestRefused, SessionEnded, WwsfUnreachable } from '../src/errors.ts';
import type { SignInOutcome } from '../src/session/sign-in-outcome.ts';
import type { SignedInSession, Wwsf } from '../src/wwsf/wwsf.ts';
import { drawnMedia } from './drawn-media.ts';
import { preCallScenes } from './pre-call-scenes.ts';
import type { SimBehaviour } from './stand-in-sim.tsx';

export interface Stage {
  readonly network: InMemoryNetwork;
  /** Us, as soon as the page has opened its WIC. */
  readonly alice: InMemoryWic;
  readonly bob: InMemoryWic;
}

/** Presses a button, or types into a field, each by its name. */
export type Act = { readonly press: string } | { readonly type: string; readonly into: string };

export interface Scene {
  readonly signInOutcome?: SignInOutcome;
  readonly wwsf?: Partial<Wwsf>;
  /** What alice's browser says when asked for the microphone. */
  readonly microphone?: 'allowed' | 'blocked';
  readonly refusal?: RegistrationFailure;
  readonly refusalDetail?: FailureDetail;
  /** The way that media take at alice's end. */
  readonly path?: MediaPath;
  /** Alice's calls may only go through a relay, and find none. */
  readonly relayProblem?: RelayProblem;
  /** What comes of a connection test. */
  readonly preCall?: PreCallState;
  /** A SIM was used in this browser before. */
  readonly knowsSim?: boolean;
  /** What the SIM does when asked; by default it waits for its person. */
  readonly sim?: SimBehaviour;
  /** What alice does before anything else, in this order. */
  readonly acts?: readonly Act[];
  /** What happens before alice's page opens its WIC. */
  readonly before?: (network: InMemoryNetwork) => void;
  /** What happens after alice is registered. */
  readonly after?: (stage: Stage) => void | Promise<void>;
}

export const homeDomain = 'ims.example';
export const aliceImpu = `sip:alice@${homeDomain}`;
/** The browser that alice's tabs share. */
export const aliceBrowser = 'alice-browser';

const session: SignedInSession = {
  signedIn: true,
  kind: 'user',
  displayName: 'Alice',
  impi: `alice@${homeDomain}`,
  impu: aliceImpu,
  csrfToken: 'preview',
};
const guest: SignedInSession = {
  ...session,
  kind: 'guest',
  displayName: 'Guest',
  impi: `guest-007@${homeDomain}`,
  impu: `sip:guest-007@${homeDomain}`,
};

/** A WWSF at which alice has signed in. */
export const signedInWwsf: Wwsf = {
  readSession: async () => session,
  readConfiguration: async () => ({
    epCscfUrl: 'wss://localhost:8445/',
    homeDomain,
    turnUris: [],
    iceTransportPolicy: 'all',
    ways: ['web', 'digest', 'sim', 'guest'],
    isimOrigin: 'https://localhost:8455',
  }),
  readAccessToken: async () => 'preview',
  startGuest: async () => undefined,
  renewGuest: async () => undefined,
  signOut: async () => '?scene=signed-out',
};

/** A WWSF at which nobody has signed in. */
export const signedOut: Partial<Wwsf> = { readSession: async () => ({ signedIn: false }) };
/** A WWSF at which this browser has a place as a guest. */
export const signedInAsGuest: Partial<Wwsf> = { readSession: async () => guest };

const refusingGuests = (refused: GuestRefused | WwsfUnreachable): Partial<Wwsf> => ({
  ...signedOut,
  startGuest: () => Promise.reject(refused),
});

const waysOnly = (...ways: ('web' | 'digest' | 'sim' | 'guest')[]): Partial<Wwsf> => ({
  ...signedOut,
  readConfiguration: async () => ({ ...(await signedInWwsf.readConfiguration()), ways }),
});

/** Types the SIP password of alice. */
export const byPassword: readonly Act[] = [
  { press: 'Use SIP password' },
  { type: 'alice', into: 'Public identity' },
  { type: 'preview', into: 'Password' },
  { press: 'Register' },
];

const relayedPath: MediaPath = {
  ownRelay: { server: 'turn.ims.example:443', transport: 'TLS' },
  farRelay: { server: '198.51.100.20:50124', transport: undefined },
};

/** A WWSF at which alice has signed in, that has a relay. */
export const withRelays = (iceTransportPolicy: 'all' | 'relay'): Partial<Wwsf> => ({
  readConfiguration: async () => ({
    ...(await signedInWwsf.readConfiguration()),
    turnUris: ['turn:turn.ims.example:3478'],
    iceTransportPolicy,
  }),
});

const bobCalls = (video: boolean) => (stage: Stage) => void stage.bob.call('alice', { video });

/** A caller for whom the network does not vouch. */
const unknownCalls = async ({ alice, network }: Stage): Promise<Call> => {
  const call = network.open({ impu: `sip:carol@${homeDomain}`, anonymous: true }).call('alice', { video: false });
  await until(alice, () => alice.calls.getSnapshot().length > 0);
  return call;
};

const talk =
  (video: boolean, answerVideo: boolean) =>
  async ({ alice, bob }: Stage): Promise<void> => {
    alice.call('bob', { video });
    await until(bob, () => bob.calls.getSnapshot().length > 0);
    await bob.calls.getSnapshot()[0]?.answer({ video: answerVideo });
  };

/** The relay has died, and no other path is found yet. */
const interrupted =
  (video: boolean) =>
  async (stage: Stage): Promise<void> => {
    await talk(video, video)(stage);
    const [call] = stage.alice.calls.getSnapshot();
    if (call instanceof InMemoryCall) call.isInterrupted.set(true);
  };

export const scenes: Readonly<Record<string, Scene>> = {
  'loading': { wwsf: { readSession: () => Promise.withResolvers<SignedInSession>().promise } },
  'unreachable': { wwsf: { readSession: () => Promise.reject(new WwsfUnreachable('/session', undefined)) } },
  'signed-out': { wwsf: signedOut },
  'sign-in-failed': { wwsf: signedOut, signInOutcome: 'failed' },
  'idle': {},
  'recent': {
    after: async (stage) => {
      await talk(false, false)(stage);
      stage.alice.calls.getSnapshot()[0]?.hangUp();
      const missed = stage.bob.call('alice', { video: false });
      await until(stage.alice, () => stage.alice.calls.getSnapshot().length > 0);
      missed.hangUp();
      stage.alice.call('carol', { video: false });
    },
  },
  'calling': { before: (network) => network.slow(), after: ({ alice }) => void alice.call('bob', { video: false }) },
  'ringing': { after: ({ alice }) => void alice.call('bob', { video: false }) },
  'ringing-video': { after: ({ alice }) => void alice.call('bob', { video: true }) },
  'incoming': { after: bobCalls(false) },
  'incoming-unknown': { after: async (stage) => void (await unknownCalls(stage)) },
  'missed-unknown': { after: async (stage) => (await unknownCalls(stage)).hangUp() },
  'incoming-video': { after: bobCalls(true) },
  'in-call': { after: talk(false, false) },
  'in-call-relayed': { path: relayedPath, after: talk(false, false) },
  'in-call-video-relayed': { path: relayedPath, after: talk(true, true) },
  'in-call-interrupted': { path: relayedPath, after: interrupted(false) },
  'in-call-video-interrupted': { path: relayedPath, after: interrupted(true) },
  'in-call-details': {
    path: relayedPath,
    wwsf: withRelays('all'),
    after: talk(false, false),
    acts: [{ press: 'Media path: Relayed over TLS' }],
  },
  'relay-only': { wwsf: withRelays('all'), acts: [{ press: 'Connection details' }, { press: 'Relay only' }] },
  'relay-forced': { wwsf: withRelays('relay'), acts: [{ press: 'Connection details' }] },
  'relay-impossible': { acts: [{ press: 'Connection details' }] },
  'no-relay': { relayProblem: 'refused', after: ({ alice }) => void alice.call('bob', { video: false }) },
  ...preCallScenes,
  'in-call-video': { after: talk(true, true) },
  'in-call-one-way': { after: talk(true, false) },
  'call-waiting': {
    after: async (stage) => {
      await talk(false, false)(stage);
      stage.network.open({ impu: `sip:carol@${homeDomain}` }).call('alice', { video: false });
    },
  },
  'ended': {
    after: async (stage) => {
      await talk(false, false)(stage);
      stage.bob.calls.getSnapshot()[0]?.hangUp();
    },
  },
  'not-signed-in': { after: ({ alice }) => void alice.call('carol', { video: false }) },
  'unknown-user': { after: ({ alice }) => void alice.call('bobb', { video: false }) },
  'microphone-blocked': { microphone: 'blocked', after: ({ alice }) => void alice.call('bob', { video: false }) },
  'reconnecting': { after: ({ network }) => network.cut() },
  'reconnecting-in-call': {
    after: async (stage) => {
      await talk(false, false)(stage);
      stage.network.cut();
    },
  },
  'elsewhere': {
    before: (network) => void network.open({ impu: aliceImpu, browser: aliceBrowser }).register(),
  },
  'registration-refused': { refusal: 'refused' },
  'token-refused': { refusal: 'refused', refusalDetail: 'token refused' },
  'identity-not-granted': { refusal: 'refused', refusalDetail: 'identity not granted' },
  'third-party-not-allowed': { refusal: 'refused', refusalDetail: 'third party not allowed' },
  'third-party-barred': { refusal: 'refused', refusalDetail: 'third party barred' },
  'access-withdrawn': { refusal: 'not signed in', refusalDetail: 'not granted' },
  'connection-closed': { refusal: 'network ended', refusalDetail: 'connection closed' },
  'guest-outside-pool': { wwsf: signedInAsGuest, refusal: 'refused', refusalDetail: 'identity outside pool' },
  'session-ended': { refusal: 'not signed in' },
  'network-ended': { refusal: 'network ended' },
  'no-identity': { refusal: 'no identity' },
  'signed-out-web-only': { wwsf: waysOnly('web') },
  'signed-out-guest-only': { wwsf: waysOnly('guest') },
  'signed-out-no-way': { wwsf: waysOnly() },
  'signed-out-sim-known': { wwsf: signedOut, knowsSim: true },
  'password': { wwsf: signedOut, acts: [{ press: 'Use SIP password' }] },
  'password-malformed': {
    wwsf: signedOut,
    acts: [{ press: 'Use SIP password' }, { type: 'alice and bob', into: 'Public identity' }, { press: 'Register' }],
  },
  'password-wrong': { wwsf: signedOut, refusal: 'refused', refusalDetail: 'wrong credentials', acts: byPassword },
  'password-registered': { wwsf: signedOut, acts: byPassword },
  'password-other-network': {
    wwsf: signedOut,
    refusal: 'refused',
    refusalDetail: 'network not authenticated',
    acts: byPassword,
  },
  'password-scheme': { wwsf: signedOut, refusal: 'refused', refusalDetail: 'scheme not offered', acts: byPassword },
  'sim-first': { wwsf: waysOnly('digest', 'sim', 'web'), knowsSim: true, acts: [{ press: 'Use SIP password' }] },
  'sim': { wwsf: signedOut, acts: [{ press: 'Use SIM' }] },
  'sim-not-allowed': { wwsf: signedOut, sim: 'not allowed', acts: [{ press: 'Use SIM' }] },
  'sim-blocked': { wwsf: signedOut, sim: 'blocked', acts: [{ press: 'Use SIM' }] },
  'sim-registered': { wwsf: signedOut, sim: 'ready', acts: [{ press: 'Use SIM' }] },
  'sim-needed': { wwsf: signedOut, sim: 'locked again', acts: [{ press: 'Use SIM' }] },
  'sim-refused': {
    wwsf: signedOut,
    sim: 'ready',
    refusal: 'refused',
    refusalDetail: 'wrong credentials',
    acts: [{ press: 'Use SIM' }],
  },
  'sim-out-of-step': {
    wwsf: signedOut,
    sim: 'ready',
    refusal: 'refused',
    refusalDetail: 'sim out of step',
    acts: [{ press: 'Use SIM' }],
  },
  'guest': { wwsf: signedInAsGuest },
  'guest-asking': {
    wwsf: { ...signedOut, startGuest: () => Promise.withResolvers<void>().promise },
    acts: [{ press: 'Continue as guest' }],
  },
  'guest-too-many': { wwsf: refusingGuests(new GuestRefused('too many', 58)), acts: [{ press: 'Continue as guest' }] },
  'guest-pool-exhausted': {
    wwsf: refusingGuests(new GuestRefused('pool exhausted', 20)),
    acts: [{ press: 'Continue as guest' }],
  },
  'guest-unreachable': {
    wwsf: refusingGuests(new WwsfUnreachable('/guest', undefined)),
    acts: [{ press: 'Continue as guest' }],
  },
  'guest-over': {
    wwsf: { ...signedInAsGuest, renewGuest: () => Promise.reject(new SessionEnded('/guest/renewal')) },
    after: () => void requestAnimationFrame(() => document.dispatchEvent(new Event('visibilitychange'))),
  },
  'guest-session-ended': { wwsf: signedInAsGuest, refusal: 'not signed in' },
  'details': { acts: [{ press: 'Connection details' }] },
  'details-password': { wwsf: signedOut, acts: [...byPassword, { press: 'Connection details' }] },
  'details-sim': {
    wwsf: signedOut,
    sim: 'ready',
    acts: [{ press: 'Use SIM' }, { press: 'Connection details' }],
  },
  'details-guest': { wwsf: signedInAsGuest, acts: [{ press: 'Connection details' }] },
  'details-refused': { refusal: 'refused', acts: [{ press: 'Connection details' }] },
  'details-reconnecting': { after: ({ network }) => network.cut(), acts: [{ press: 'Connection details' }] },
};

/** Bob's browser: a person with a picture. */
export function openBob(network: InMemoryNetwork): InMemoryWic {
  return network.open({ impu: `sip:bob@${homeDomain}`, openMedia: drawnMedia(28) });
}

async function until(wic: InMemoryWic, reached: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (reached()) resolve();
  };
  const stop = wic.calls.subscribe(look);
  look();
  await promise;
  stop();
}
