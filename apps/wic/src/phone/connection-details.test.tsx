// @vitest-environment happy-dom
import { InMemoryCall, settle } from '@wicgate/wic-react/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenApp } from '../../test/open-app.tsx';
import { byPassword, signedInAsGuest, signedOut, withRelays } from '../../test/scenes.ts';

let app: OpenApp;

beforeEach(() => {
  app = new OpenApp();
});

afterEach(() => app.close());

/** The entries, by their names. */
const shown = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...document.querySelectorAll('dialog dt')].map((term) => [
      term.textContent,
      term.nextElementSibling?.textContent ?? '',
    ]),
  );

describe('the details of the connection', () => {
  it('[X.3.2.3-1] tells scheme, identities, expiry, gateway and TLS', async () => {
    await app.open({ wic: { impus: ['tel:+4930123456'] } });
    await app.perform({ press: 'Connection details' });
    const { 'Public identities': impus, 'Valid until': until, ...rest } = shown();
    expect(impus).toBe('sip:alice@ims.exampleDefaulttel:+4930123456');
    expect(until).toContain('In 6 days 22 hours.');
    expect(rest).toMatchObject({
      'Way in': expect.stringMatching(/^Signed in on the web.*\(TS 33\.203 X\.3\)/u),
      'Private identity': expect.stringMatching(/^alice@ims\.example/u),
      'Gateway': 'wss://localhost:8445/',
      'Encryption': expect.stringMatching(/^TLS/u),
    });
  });

  it.each([
    { clause: '[X.4.2.1]', scene: { wwsf: signedInAsGuest }, steps: [], scheme: 'X.4' },
    { clause: '[X.2.2.3]', scene: { wwsf: signedOut }, steps: byPassword, scheme: 'SIP Digest (TS 33.203 X.2.2)' },
  ])('$clause names the scheme: $scheme', async ({ scene, steps, scheme }) => {
    await app.open(scene);
    await app.perform(...steps, { press: 'Connection details' });
    expect(shown()['Way in']).toContain(scheme);
  });

  it('[X.2.3.3] names the scheme of a SIM', async () => {
    await app.open({ wwsf: signedOut, sim: 'ready' });
    await app.perform({ press: 'Use SIM' });
    await app.until(() => app.registration === 'Registered');
    await app.perform({ press: 'Connection details' });
    expect(shown()['Way in']).toContain('IMS AKA');
  });

  it('[WIC] tells why the registration failed, and does what helps', async () => {
    await app.open({ wic: { refusal: 'not signed in' } });
    await app.perform({ press: 'Connection details' });
    const dialog = document.querySelector('dialog');
    expect(dialog?.textContent).toContain('Your sign-in has ended');
    expect(dialog?.textContent).toContain('ERR_WIC_SIGNED_OUT');
    await settle(() => dialog?.querySelector<HTMLButtonElement>('section button')?.click());
    expect(app.wentTo).toEqual(['/sign-in']);
    expect(document.querySelector('dialog')).toBeNull();
  });

  it('[contract] makes way for a call that comes in', async () => {
    await app.open({});
    app.network.provision('sip:bob@ims.example');
    const bob = app.network.open({ impu: 'sip:bob@ims.example' });
    app.network.provision('sip:alice@ims.example');
    await app.perform({ press: 'Connection details' });
    await settle(() => bob.register());
    await settle(() => void bob.call('alice', { video: false }));
    expect(document.querySelector('dialog')).toBeNull();
    expect(document.querySelector('[role=alertdialog]')).not.toBeNull();
  });

  it('[WIC] closes, by its button and by Escape', async () => {
    await app.open({});
    await app.perform({ press: 'Connection details' }, { press: 'Close' });
    expect(document.querySelector('dialog')).toBeNull();
    await app.perform({ press: 'Connection details' });
    await settle(() => void document.querySelector('dialog')?.dispatchEvent(new Event('cancel', { cancelable: true })));
    expect(document.querySelector('dialog')).toBeNull();
  });
});

describe('the relay-only switch', () => {
  const relaySwitch = (): HTMLButtonElement | null => document.querySelector('button[role=switch]');
  const described = (): string =>
    (relaySwitch()?.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' ');

  it('[RFC 8828 5.2] is off until somebody wants it, says when it takes effect, and stays as it was left', async () => {
    await app.open({ wwsf: withRelays('all') });
    await app.perform({ press: 'Connection details' });
    expect(relaySwitch()?.getAttribute('aria-checked')).toBe('false');
    expect(described()).toMatch(/^Hides your network address from the people you talk to.*next call on\.$/u);
    await app.perform({ press: 'Relay only' });
    expect(relaySwitch()?.getAttribute('aria-checked')).toBe('true');
    await app.perform({ press: 'Close' }, { press: 'Connection details' });
    expect(relaySwitch()?.getAttribute('aria-checked')).toBe('true');
    await app.perform({ press: 'Relay only' });
    expect(relaySwitch()?.getAttribute('aria-checked')).toBe('false');
  });

  it.each([
    {
      how: 'on, where the website lets calls take no other way',
      wwsf: withRelays('relay'),
      on: 'true',
      reason: 'no other way',
    },
    { how: 'off, where there is no relay', wwsf: {}, on: 'false', reason: 'this website has no relay' },
  ])('[RFC 8828 5.2] is $how, and cannot be changed', async ({ wwsf, on, reason }) => {
    await app.open({ wwsf });
    await app.perform({ press: 'Connection details' }, { press: 'Relay only' });
    expect(relaySwitch()?.getAttribute('aria-checked')).toBe(on);
    expect(relaySwitch()?.getAttribute('aria-disabled')).toBe('true');
    expect(described()).toContain(reason);
    expect(app.relayOnly.isOn()).toBe(false);
  });
});

describe('the media path', () => {
  it('[WIC] is in the call, leads to the details, and changes with the way that media take', async () => {
    await app.open({
      wic: { path: { ownRelay: { server: 'turn.example:443', transport: 'TLS' }, farRelay: undefined } },
    });
    app.network.provision('sip:bob@ims.example');
    const bob = app.network.open({ impu: 'sip:bob@ims.example' });
    app.network.provision('sip:alice@ims.example');
    await settle(() => bob.register());
    await settle(() => void bob.call('alice', { video: false }));
    expect(app.text).not.toContain('Media path');
    await app.perform({ press: 'Answer' }, { press: 'Media path: Relayed over TLS' });
    expect(shown()['Media path of this call']).toMatch(
      /^Your end: Through the relay turn\.example:443 over TLSOther end: Direct, as far/u,
    );
    const [call] = app.wics.at(-1)?.calls.getSnapshot() ?? [];
    if (!(call instanceof InMemoryCall)) throw new TypeError('expected a call');
    await settle(() => call.path.set({ ownRelay: undefined, farRelay: undefined }));
    expect(app.buttons).toContain('Media path: Direct');
    expect(shown()['Media path of this call']).toMatch(/^Your end: DirectOther end: Direct/u);
  });
});
