/**
 * Every screen of the WIC, each brought about as it comes about in life: by what people and networks do.
 *
 * @module
 */
import type { InMemoryNetwork, InMemoryWic } from '@wicgate/wic-react/testing';
import type { Call } from '@wicgate/wic-sdk';
import { WwsfUnreachable } from '../src/errors.ts';
import type { SignInOutcome } from '../src/session/sign-in-outcome.ts';
import type { SignedInSession, Wwsf } from '../src/wwsf/wwsf.ts';
import { drawnMedia } from './drawn-media.ts';

export interface Stage {
  readonly network: InMemoryNetwork;
  /** Us, as soon as the page has opened its WIC. */
  readonly alice: InMemoryWic;
  readonly bob: InMemoryWic;
}

export interface Scene {
  readonly signInOutcome?: SignInOutcome;
  readonly wwsf?: Partial<Wwsf>;
  /** What alice's browser says when asked for the microphone. */
  readonly microphone?: 'allowed' | 'blocked';
  readonly refusal?: 'refused' | 'not signed in' | 'no identity';
  /** What happens before alice's page opens its WIC. */
  readonly before?: (network: InMemoryNetwork) => void;
  /** What happens after alice is registered. */
  readonly after?: (stage: Stage) => void | Promise<void>;
}

export const homeDomain = 'ims.example';
export const aliceImpu = `sip:alice@${homeDomain}`;
/** The browser that alice's tabs share. */
export const aliceBrowser = 'alice-browser';

const session: SignedInSession = { signedIn: true, displayName: 'Alice', impu: aliceImpu, csrfToken: 'preview' };

/** A WWSF at which alice has signed in. */
export const signedInWwsf: Wwsf = {
  readSession: async () => session,
  readConfiguration: async () => ({
    epCscfUrl: 'wss://localhost:8445/',
    homeDomain,
    turnUris: [],
    iceTransportPolicy: 'all',
  }),
  readAccessToken: async () => 'preview',
  signOut: async () => '?scene=signed-out',
};

const signedOut: Partial<Wwsf> = { readSession: async () => ({ signedIn: false }) };

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
  'session-ended': { refusal: 'not signed in' },
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
