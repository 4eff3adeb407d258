// @vitest-environment happy-dom
import { settle } from '@wicgate/wic-react/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findField } from '../test/act.ts';
import { OpenApp } from '../test/open-app.tsx';
import { byPassword, signedInAsGuest, signedInWwsf, signedOut } from '../test/scenes.ts';
import { GuestRefused, SessionEnded, WwsfUnreachable } from './errors.ts';

let app: OpenApp;

beforeEach(() => {
  app = new OpenApp();
});

afterEach(() => app.close());

const offering = (...ways: ('web' | 'digest' | 'sim' | 'guest')[]) => ({
  ...signedOut,
  readConfiguration: async () => ({ ...(await signedInWwsf.readConfiguration()), ways }),
});

describe('the ways in', () => {
  it('[contract] offers each way by its name, with help, and the web first', async () => {
    await app.open({ wwsf: signedOut });
    expect(app.buttons).toEqual(['Sign in', 'Use SIM', 'Use SIP password', 'Continue as guest']);
    for (const button of document.querySelectorAll('button')) {
      const help = document.getElementById(button.getAttribute('aria-describedby') ?? '');
      expect(help?.textContent).toMatch(/\.$/u);
    }
  });

  it.each([
    { ways: ['web'] as const, shown: ['Sign in'] },
    { ways: ['digest', 'guest'] as const, shown: ['Use SIP password', 'Continue as guest'] },
    { ways: ['guest'] as const, shown: ['Continue as guest'] },
    { ways: [] as const, shown: [] },
  ])('[W1] offers what the WWSF lists and nothing else: $ways', async ({ ways, shown }) => {
    await app.open({ wwsf: offering(...ways) });
    expect(app.buttons).toEqual(shown);
  });

  it('[WCAG 2.4.3] the focus goes to the heading where what held it has gone', async () => {
    const heading = () => document.querySelector('h1');
    await app.open({ wwsf: signedOut });
    await app.perform({ press: 'Use SIP password' }, { press: 'Choose another way' });
    expect(app.heading).toBe('Your phone, in this browser');
    expect(document.activeElement).toBe(heading());
    await app.perform(...byPassword);
    expect(app.heading).toMatch(/^Hello/u);
    expect(document.activeElement).toBe(heading());
    await app.perform({ press: 'Sign out' });
    expect(document.activeElement).toBe(heading());
  });

  it('[WCAG 2.4.3] leaves the focus where the browser puts it on a page that was only just loaded', async () => {
    Object.defineProperty(navigator, 'userActivation', { configurable: true, value: { hasBeenActive: false } });
    await app.open({ wwsf: signedOut });
    expect(document.activeElement).toBe(document.body);
    Reflect.deleteProperty(navigator, 'userActivation');
  });

  it('[X.2.3.3] offers no SIM where the WWSF names no page that is one', async () => {
    const wwsf = {
      ...signedOut,
      readConfiguration: async () => ({ ...(await signedInWwsf.readConfiguration()), isimOrigin: null }),
    };
    await app.open({ wwsf });
    expect(app.buttons).not.toContain('Use SIM');
  });
});

describe('in by SIP password', () => {
  it('[X.2.2.3] registers with what was typed; the private identity may stay empty', async () => {
    await app.open({ wwsf: signedOut });
    await app.perform(...byPassword);
    expect(app.registration).toBe('Registered');
    expect(app.opened).toEqual([
      {
        person: { way: 'digest', impu: 'sip:alice@ims.example', impi: undefined, displayName: undefined },
        credentials: { kind: 'digest', impi: undefined, password: 'preview' },
      },
    ]);
  });

  it('[X.2.2.3] takes a private identity of its own', async () => {
    await app.open({ wwsf: signedOut });
    const [choose, who, password, register] = byPassword;
    if (!choose || !who || !password || !register) throw new TypeError('expected four steps');
    await app.perform(choose, who, { type: 'alice-2', into: 'Private identity' }, password, register);
    expect(app.opened[0]?.credentials).toMatchObject({ impi: 'alice-2@ims.example' });
  });

  it('[X.2.2.3] tells browsers what the fields are, so that they fill in the right ones', async () => {
    await app.open({ wwsf: signedOut });
    await app.perform({ press: 'Use SIP password' });
    expect(document.activeElement).toBe(findField('Public identity'));
    const fields = ['Public identity', 'Private identity', 'Password'].map(findField);
    expect(fields.map(({ autocomplete, type }) => [autocomplete, type])).toEqual([
      ['username', 'text'],
      ['off', 'text'],
      ['current-password', 'password'],
    ]);
  });

  it.each([
    { field: 'Public identity', typed: ['', '', 'secret'], fault: 'Type what others call you by.' },
    { field: 'Public identity', typed: ['a b', '', 'secret'], fault: 'It looks like dora, dora@ims.example' },
    { field: 'Private identity', typed: ['alice', 'a b', 'secret'], fault: 'It may also be left empty.' },
    { field: 'Private identity', typed: ['+49 30 1234', '', 'secret'], fault: 'With a telephone number' },
    { field: 'Password', typed: ['alice', '', ''], fault: 'Type your SIP password.' },
  ])('[X.2.2.3] sends nothing while $field is wrong, and says what it should be', async ({ field, typed, fault }) => {
    await app.open({ wwsf: signedOut });
    const [who = '', name = '', password = ''] = typed;
    await app.perform({ press: 'Use SIP password' }, { type: who, into: 'Public identity' });
    await app.perform({ type: name, into: 'Private identity' }, { type: password, into: 'Password' });
    await app.perform({ press: 'Register' });
    expect(app.opened).toEqual([]);
    const input = findField(field);
    expect(document.activeElement).toBe(input);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(app.text).toContain(fault);
  });

  it('[N.2.1.1] [X.2.2.3] asks again when the network did not accept the password, and keeps the identities', async () => {
    await app.open({ wwsf: signedOut, wic: { refusal: 'refused', refusalDetail: 'wrong credentials' } });
    await app.perform(...byPassword);
    expect(app.registration).toBe('Failed: the network did not accept the password');
    expect(document.querySelector('[role=alert]')?.textContent).toContain('The network did not accept the password');
    expect(findField('Public identity').value).toBe('alice');
    expect(findField('Password').value).toBe('');
    expect(document.activeElement).toBe(findField('Password'));
    app.wic = {};
    await app.perform({ type: 'the right one', into: 'Password' }, { press: 'Register' });
    expect(app.registration).toBe('Registered');
  });

  it('[N.2.2.2] [WIC 7] says so where the network could not prove that it knows the password', async () => {
    await app.open({ wwsf: signedOut, wic: { refusal: 'refused', refusalDetail: 'network not authenticated' } });
    await app.perform(...byPassword);
    expect(app.heading).toBe('This may not be your network');
    expect(app.buttons).toContain('Try again');
  });

  it('[X.2.2.3] signs out to the ways in, deregistered, with nothing kept in the browser', async () => {
    await app.open({ wwsf: signedOut });
    await app.perform(...byPassword, { press: 'Sign out' });
    expect(app.registration).toBe('Not registered');
    expect(app.buttons).toContain('Use SIP password');
    expect(app.wentTo).toEqual([]);
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
    await app.perform({ press: 'Use SIP password' });
    expect(findField('Password').value).toBe('');
  });
});

describe('in by SIM', () => {
  it('[X.2.3.3] registers as whom the SIM says, by its answers, once it is open', async () => {
    await app.open({ wwsf: signedOut, sim: 'ready' });
    await app.perform({ press: 'Use SIM' });
    await app.until(() => app.registration === 'Registered');
    const [opened] = app.opened;
    expect(opened?.person).toMatchObject({ way: 'sim', impi: 'erik@ims.example', impu: 'sip:erik@ims.example' });
    expect(Object.keys(opened?.credentials ?? {})).toEqual(['kind', 'impi', 'authenticate']);
  });

  it('[X.2.3.1] explains what the SIM does, and waits for its person', async () => {
    await app.open({ wwsf: signedOut });
    await app.perform({ press: 'Use SIM' });
    expect(app.heading).toBe('Use your SIM');
    expect(app.text).toContain('The key stays in there');
    expect(app.opened).toEqual([]);
    await app.perform({ press: 'Choose another way' });
    expect(app.buttons).toContain('Sign in');
  });

  it('[X.2.3.3] says so when the person does not let the page use it, and asks once more', async () => {
    await app.open({ wwsf: signedOut, sim: 'not allowed' });
    await app.perform({ press: 'Use SIM' });
    await app.until(() => app.registration.startsWith('Failed'));
    expect(document.querySelector('[role=alert]')?.textContent).toContain('Your SIM may not be used here');
    await app.perform({ press: 'Try again' });
    expect(app.registration).toBe('Not registered');
    await app.until(() => app.registration.startsWith('Failed'));
  });

  it('[X.2.1] [WIC 19] comes before a password where there is one, and says why', async () => {
    await app.open({ wwsf: signedOut, sim: 'ready' });
    app.knownSim.setKnown(true);
    await app.perform({ press: 'Use SIP password' });
    expect(app.heading).toBe('Your SIM comes first');
    expect(document.querySelector('input')).toBeNull();
    await app.perform({ press: 'Use SIM' });
    await app.until(() => app.registration === 'Registered');
    expect(app.opened.map(({ credentials }) => credentials.kind)).toEqual(['aka']);
    await app.perform({ press: 'Sign out' });
    expect(app.buttons[0]).toBe('Use SIM');
  });

  it('[X.2.1] [WIC 19] leaves the password to whoever has the SIM no longer', async () => {
    await app.open({ wwsf: signedOut });
    app.knownSim.setKnown(true);
    await app.perform({ press: 'Use SIP password' }, { press: 'I no longer have it' });
    expect(findField('Password').type).toBe('password');
    expect(app.knownSim.isKnown()).toBe(false);
  });
});

describe('in as a guest', () => {
  it('[X.4.2.1] takes an address of the pool, registers, and says that it is temporary', async () => {
    let isGuest = false;
    const wwsf = {
      readSession: () => (isGuest ? signedInAsGuest : signedOut).readSession?.() ?? Promise.reject(new TypeError()),
      startGuest: async () => {
        isGuest = true;
      },
    };
    await app.open({ wwsf });
    await app.perform({ press: 'Continue as guest' });
    expect(app.registration).toBe('Registered');
    expect(app.text).toContain('guest-007@ims.example');
    expect(app.text).toContain('This address is temporary');
    expect(app.opened[0]?.credentials.kind).toBe('web');
  });

  it.each([
    {
      refused: new GuestRefused('too many', 58),
      title: 'Too many guests from your network',
      button: 'Try again in 58 s',
    },
    {
      refused: new GuestRefused('pool exhausted', 20),
      title: 'Every guest address is in use',
      button: 'Try again in 20 s',
    },
    { refused: new WwsfUnreachable('/guest', undefined), title: 'No answer about guests', button: 'Try again' },
  ])('[X.4.2.1] $title: says so, and when to try again', async ({ refused, title, button }) => {
    await app.open({ wwsf: { ...signedOut, startGuest: () => Promise.reject(refused) } });
    await app.perform({ press: 'Continue as guest' });
    expect(app.heading).toBe(title);
    expect(app.buttons).toEqual([button, 'Choose another way']);
    await app.perform({ press: 'Choose another way' });
    expect(app.buttons).toContain('Continue as guest');
  });

  it('[X.4.2.1] [WWSF 4] leaves the network when the lease is over, and offers to go on', async () => {
    let asked = 0;
    const startGuest = async (): Promise<void> => {
      asked += 1;
    };
    const renewGuest = () => Promise.reject(new SessionEnded('/guest/renewal'));
    await app.open({ wwsf: { ...signedInAsGuest, renewGuest, startGuest } });
    expect(app.registration).toBe('Registered');
    await settle(() => void document.dispatchEvent(new Event('visibilitychange')));
    expect(app.heading).toBe('Your time as a guest is over');
    expect(app.registration).toBe('Not registered');
    await app.perform({ press: 'Continue as guest' });
    expect(asked).toBe(1);
    expect(app.registration).toBe('Registered');
  });

  it('[X.4.2.1] gives the address back at sign-out', async () => {
    await app.open({ wwsf: signedInAsGuest });
    await app.perform({ press: 'Sign out' });
    expect(app.wentTo).toEqual(['?scene=signed-out']);
  });
});
