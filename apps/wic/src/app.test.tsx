// @vitest-environment happy-dom
import { InMemoryNetwork, type InMemoryWic, type Mounted, mount, settle } from '@wicgate/wic-react/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aliceBrowser, aliceImpu, homeDomain, signedInWwsf } from '../test/scenes.ts';
import { standInSim } from '../test/stand-in-sim.tsx';
import { App, type AppProps } from './app.tsx';
import { AccessWithdrawn, SessionEnded, WwsfUnreachable } from './errors.ts';
import { createRelayOnly } from './relay-only/relay-only.ts';
import { createKnownSim } from './session/known-sim.ts';
import type { OpenWic } from './session/person.ts';

const LockedSim = standInSim('locked');

describe('the page', () => {
  let network: InMemoryNetwork;
  let bob: InMemoryWic;
  let wentTo: string[];
  let mounted: Mounted | undefined;

  beforeEach(async () => {
    network = new InMemoryNetwork(homeDomain);
    for (const name of ['alice', 'bob', 'carol']) network.provision(`sip:${name}@${homeDomain}`);
    bob = network.open({ impu: `sip:bob@${homeDomain}` });
    await bob.register();
    wentTo = [];
  });

  afterEach(async () => {
    await mounted?.unmount();
    mounted = undefined;
  });

  const open = async (props: Partial<AppProps> = {}): Promise<void> => {
    mounted = await mount(
      <App
        wwsf={signedInWwsf}
        openWic={() => network.open({ impu: aliceImpu, browser: aliceBrowser, callWaiting: true })}
        signInOutcome={undefined}
        knownSim={createKnownSim(() => sessionStorage)}
        relayOnly={createRelayOnly(() => sessionStorage)}
        SimFrame={LockedSim}
        navigate={(address) => wentTo.push(address)}
        {...props}
      />,
    );
  };
  const status = (name: string): string =>
    document.querySelector(`[role=status][aria-label=${name}]`)?.textContent ?? 'none';
  const find = (name: string): HTMLButtonElement | undefined =>
    [...document.querySelectorAll('button')].find((button) => button.textContent === name);
  const click = (name: string): Promise<void> =>
    settle(() => {
      const button = find(name);
      if (button === undefined) throw new TypeError(`expected a button ${name}`);
      button.click();
    });
  const dial = (target: string): Promise<void> =>
    settle(() => {
      const input = document.querySelector('input');
      if (input === null) throw new TypeError('expected a textbox');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, target);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  const alert = (): Element | null => document.querySelector('[role=alert]');
  const dialog = (): Element | null => document.querySelector('[role=alertdialog]');

  it('[contract] welcomes whoever is not signed in, and goes to sign in', async () => {
    await open({ wwsf: { ...signedInWwsf, readSession: async () => ({ signedIn: false }) } });
    expect(status('Registration')).toBe('Not registered');
    expect(alert()).toBeNull();
    await click('Sign in');
    expect(wentTo).toEqual(['/sign-in']);
  });

  it('[X.3.2.3-1] says so when the sign-in failed', async () => {
    const wwsf = { ...signedInWwsf, readSession: async () => ({ signedIn: false }) as const };
    await open({ wwsf, signInOutcome: 'failed' });
    expect(alert()?.textContent).toBe('Signing in did not work. Please try again.');
  });

  it('[WIC] tries again when the server did not answer', async () => {
    let down = true;
    const readSession: typeof signedInWwsf.readSession = () =>
      down ? Promise.reject(new WwsfUnreachable('/session', undefined)) : signedInWwsf.readSession();
    await open({ wwsf: { ...signedInWwsf, readSession } });
    expect(document.body.textContent).toContain('Wicgate does not answer');
    down = false;
    await click('Try again');
    expect(status('Registration')).toBe('Registered');
  });

  it('[contract] registers without another click, calls, and tells the way of the call', async () => {
    await open();
    expect(status('Registration')).toBe('Registered');
    expect(status('Call')).toBe('');
    await dial('bob');
    await click('Call');
    expect(status('Call')).toBe('Ringing');
    await settle(async () => await bob.calls.getSnapshot()[0]?.answer({ video: false }));
    expect(status('Call')).toBe('In call');
    await click('Mute');
    expect(find('Unmute')).toBeDefined();
    await settle(() => bob.calls.getSnapshot()[0]?.hangUp());
    expect(status('Call')).toBe('Ended: Bob hung up');
    expect(find('Video call')).toBeDefined();
  });

  it.each([
    ['carol', 'Failed: Carol is not signed in'],
    ['bobb', 'Failed: There is no one called bobb@ims.example'],
  ])('[WIC] tells why %s cannot be reached', async (target, text) => {
    await open();
    await dial(target);
    await click('Call');
    expect(status('Call')).toBe(text);
  });

  it.each([
    ['', 'Type a name or an address first.'],
    ['bob and carol', 'Use a name like bob, or an address like bob@ims.example.'],
  ])('[WIC] explains itself when "%s" is to be called', async (target, text) => {
    await open();
    await dial(target);
    await click('Call');
    expect(document.body.textContent).toContain(text);
    expect(status('Call')).toBe('');
    expect(document.activeElement).toBe(document.querySelector('input'));
  });

  it('[contract] takes no call while it is not registered', async () => {
    network.cut();
    await open();
    expect(status('Registration')).toBe('Registering: no connection');
    expect(find('Call')?.getAttribute('aria-disabled')).toBe('true');
    await settle(() => network.restore());
    expect(find('Call')?.getAttribute('aria-disabled')).not.toBe('true');
  });

  it('[contract] shows an incoming call, holds the focus on no button, and answers', async () => {
    await open();
    await settle(() => void bob.call('alice', { video: false }));
    expect(dialog()?.textContent).toContain('Bob');
    expect(document.activeElement).toBe(dialog());
    expect(find('Answer with video')).toBeUndefined();
    await settle(() => {
      dialog()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    });
    expect(status('Call')).toBe('Ringing: Bob is calling');
    await click('Answer');
    expect(dialog()).toBeNull();
    expect(status('Call')).toBe('In call');
  });

  it('[RFC 3325 9.1] names nobody for whom the network does not vouch, and offers nothing to call back', async () => {
    await open();
    const stranger = network.open({ impu: `sip:carol@${homeDomain}`, anonymous: true });
    await settle(() => void stranger.call('alice', { video: false }));
    expect(dialog()?.textContent).toContain('Unknown caller');
    expect(dialog()?.textContent).toContain('The network could not confirm who is calling');
    expect(document.body.textContent).not.toMatch(/carol|anonymous/iu);
    expect(status('Call')).toBe('Ringing: Unknown caller is calling');
    await settle(() => stranger.calls.getSnapshot()[0]?.hangUp());
    expect(status('Call')).toBe('Ended: You missed a call from an unknown caller');
    expect(document.querySelectorAll('li')).toHaveLength(1);
    expect(document.querySelector('li button')).toBeNull();
  });

  it('[contract] declines, and gives the focus back', async () => {
    await open();
    await settle(() => document.querySelector('input')?.focus());
    await settle(() => void bob.call('alice', { video: true }));
    expect(find('Answer with video')).toBeDefined();
    await click('Decline');
    expect(bob.calls.getSnapshot()[0]?.getSnapshot().end).toEqual({ by: 'remote', cause: 'declined' });
    expect(status('Call')).toBe('Ended: You declined');
    expect(document.activeElement).toBe(document.querySelector('input'));
  });

  it('[WIC] answers a second call, and ends the first for it', async () => {
    await open();
    await dial('bob');
    await click('Call');
    await settle(async () => await bob.calls.getSnapshot()[0]?.answer({ video: false }));
    const carol = network.open({ impu: `sip:carol@${homeDomain}` });
    await settle(() => void carol.call('alice', { video: false }));
    expect(dialog()?.textContent).toContain('Answering ends your call with Bob.');
    expect(status('Call')).toBe('In call');
    await click('Answer');
    expect(bob.calls.getSnapshot()[0]?.getSnapshot().end).toEqual({ by: 'remote', cause: 'hung up' });
    expect(document.querySelector('h1')?.textContent).toBe('Carol');
    expect(status('Call')).toBe('In call');
  });

  it('[contract] is one telephone a browser: the other tab has it until told otherwise', async () => {
    const other = network.open({ impu: aliceImpu, browser: aliceBrowser });
    await other.register();
    await open();
    expect(document.querySelector('h1')?.textContent).toBe('Active in another tab');
    await click('Use here');
    expect(status('Registration')).toBe('Registered');
    expect(other.activity.getSnapshot().status).toBe('elsewhere');
  });

  it('[WIC] asks to sign in again when the session has ended', async () => {
    await open({ openWic: () => network.open({ impu: aliceImpu, refusal: 'not signed in' }) });
    expect(status('Registration')).toBe('Failed: your sign-in has ended');
    await click('Sign in');
    expect(wentTo).toEqual(['/sign-in']);
  });

  it('[REQ 2.1] says that access was withdrawn, and leads to where it can be allowed again', async () => {
    const location = 'https://waf.ims.example/grants/new?client_id=wwsf.ims.example';
    const readAccessToken = () => Promise.reject(new AccessWithdrawn('/token', location));
    let asked: Promise<unknown> | undefined;
    const openWic: OpenWic = (_person, credentials) => {
      if (credentials.kind === 'web') asked = credentials.accessToken().catch((error: unknown) => error);
      return network.open({ impu: aliceImpu, refusal: 'not signed in', refusalDetail: 'not granted' });
    };
    await open({ wwsf: { ...signedInWwsf, readAccessToken }, openWic });
    expect(await asked).toMatchObject({ code: 'ERR_WIC_ACCESS_NOT_GRANTED' });
    expect(status('Registration')).toBe('Failed: this website may no longer register you');
    await click('Allow it again');
    expect(wentTo).toEqual([location]);
  });

  it('[RFC 5626 4.5] waits no longer where somebody presses Try now', async () => {
    const alice = network.open({ impu: aliceImpu });
    let pressed = 0;
    const retryNow = (): void => {
      pressed += 1;
    };
    await open({ openWic: () => Object.assign(alice, { retryNow }) });
    expect(find('Try now')).toBeUndefined();
    await settle(() => network.cut());
    await click('Try now');
    expect(pressed).toBe(1);
    await settle(() => network.restore());
    expect(find('Try now')).toBeUndefined();
  });

  it('[X.3.2.3-1] signs out: deregistered first, then on to where the WWSF says', async () => {
    const alice = network.open({ impu: aliceImpu });
    const order: string[] = [];
    const signOut = async (csrfToken: string): Promise<string> => {
      order.push(`${alice.registration.getSnapshot().status}, ${csrfToken}`);
      return 'https://localhost:8444/session/end';
    };
    await open({ wwsf: { ...signedInWwsf, signOut }, openWic: () => alice });
    await click('Sign out');
    expect(order).toEqual(['not registered, preview']);
    expect(wentTo).toEqual(['https://localhost:8444/session/end']);
  });

  it('[X.3.2.3-1] goes home when the session had ended before, and stays when signing out fails', async () => {
    await open({ wwsf: { ...signedInWwsf, signOut: () => Promise.reject(new SessionEnded('/sign-out')) } });
    await click('Sign out');
    expect(wentTo).toEqual(['/']);
    await mounted?.unmount();
    const unreachable = new WwsfUnreachable('/sign-out', undefined);
    await open({ wwsf: { ...signedInWwsf, signOut: () => Promise.reject(unreachable) } });
    await click('Sign out');
    expect(alert()?.textContent).toMatch(/^Signing out did not work/);
    expect(status('Registration')).toBe('Registered');
  });
});
