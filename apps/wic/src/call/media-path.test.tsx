// @vitest-environment happy-dom
import { InMemoryCall, settle } from '@wicgate/wic-react/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenApp } from '../../test/open-app.tsx';

let app: OpenApp;

beforeEach(() => {
  app = new OpenApp();
});

afterEach(() => app.close());

/** Talks with Bob through a relay. */
async function talk(): Promise<InMemoryCall> {
  await app.open({ wic: { path: { ownRelay: { server: undefined, transport: 'UDP' }, farRelay: undefined } } });
  for (const name of ['alice', 'bob']) app.network.provision(`sip:${name}@ims.example`);
  const bob = app.network.open({ impu: 'sip:bob@ims.example' });
  await settle(() => bob.register());
  await settle(() => void bob.call('alice', { video: false }));
  await app.perform({ press: 'Answer' });
  const [call] = app.wics.at(-1)?.calls.getSnapshot() ?? [];
  if (!(call instanceof InMemoryCall)) throw new TypeError('expected a call');
  return call;
}

const statusOf = (name: string): Element | null => document.querySelector(`[role=status][aria-label=${name}]`);
const chip = (): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent.startsWith('Media path'));

describe('a call whose media have no path', () => {
  it('[RFC 7675 5.1] says so in place of the way, and reads it out; the call and its button stay', async () => {
    const call = await talk();
    const [button, status] = [chip(), statusOf('Media')];
    expect([button?.textContent, status?.textContent]).toEqual(['Media path: Relayed over UDP', '']);
    await settle(() => call.isInterrupted.set(true));
    expect(chip()?.textContent).toBe('Media path: No connection. Trying again…');
    expect(chip()?.className).toContain('warn');
    expect(chip()?.innerHTML).not.toContain('animate');
    // Both are the nodes of before: the one keeps the focus, the other is read out.
    expect(chip()).toBe(button);
    expect(statusOf('Media')).toBe(status);
    expect(status?.textContent).toBe('No connection. Trying again…');
    expect(statusOf('Call')?.textContent).toMatch(/^In call/u);
  });

  it('[RFC 8445 9] says the way again once there is one, and nothing once the call is over', async () => {
    const call = await talk();
    await settle(() => call.isInterrupted.set(true));
    await settle(() => call.isInterrupted.set(false));
    expect([chip()?.textContent, statusOf('Media')?.textContent]).toEqual(['Media path: Relayed over UDP', '']);
    expect(chip()?.className).not.toContain('warn');
    await settle(() => call.isInterrupted.set(true));
    await settle(() => call.hangUp());
    expect(app.text).not.toContain('No connection');
  });
});
