// @vitest-environment happy-dom
import { type InMemoryPreCallTest, preCallDone, preCallIdle, settle } from '@wicgate/wic-react/testing';
import type { PreCallState } from '@wicgate/wic-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenApp } from '../../test/open-app.tsx';

let app: OpenApp;

beforeEach(() => {
  app = new OpenApp();
});

afterEach(async () => {
  await app.close();
  history.replaceState(null, '', '/');
});

const summary = (): string => document.querySelector('[role=status][aria-label="Connection test"]')?.textContent ?? '';
const rows = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('ol > li')];
const row = (name: string): HTMLElement | undefined =>
  rows().find((each) => each.querySelector('h3')?.textContent === name);

function test(): InMemoryPreCallTest {
  const [wic] = app.wics;
  if (wic === undefined) throw new TypeError('expected a WIC');
  return wic.preCallTest;
}

async function openTest(state: PreCallState): Promise<void> {
  await app.open({ wic: { preCall: state } });
  await app.perform({ press: 'Test your connection' });
  await settle(() => undefined);
}

describe('the connection test', () => {
  it('[WIC] opens from the phone and leads back to it, and the registration stays', async () => {
    await openTest(preCallDone);
    expect(app.heading).toBe('Test your connection');
    expect(document.activeElement).toBe(document.querySelector('h1'));
    expect(app.registration).toBe('Registered');
    expect(rows().map((each) => each.querySelector('h3')?.textContent)).toEqual([
      ...['Microphone', 'Loudspeaker', 'Camera', 'Phone network'],
      ...['Relay over UDP', 'Relay over TCP', 'Relay over TLS', 'Sound quality'],
    ]);
    await app.perform({ press: 'Start test' }, { press: 'Back to the phone' });
    expect(app.heading).toMatch(/^Hello/u);
    expect(app.registration).toBe('Registered');
    expect(test().getSnapshot()).toBe(preCallIdle);
    expect(app.wics).toHaveLength(1);
  });

  it('[WIC] opens from the details too, and by its address', async () => {
    await openTest(preCallDone);
    await app.perform({ press: 'Back to the phone' }, { press: 'Connection details' });
    const inDialog = document.querySelector<HTMLButtonElement>('dialog section button:not([role])');
    await settle(() => inDialog?.click());
    await settle(() => undefined);
    expect(document.querySelector('dialog')).toBeNull();
    expect(app.heading).toBe('Test your connection');
    await app.close();
    app = new OpenApp();
    await app.open({});
    expect(app.heading).toBe('Test your connection');
  });

  it('[WIC] all well: ready for calls, and the facts can be copied', async () => {
    await openTest(preCallDone);
    await app.perform({ press: 'Start test' });
    expect(summary()).toBe('Ready for calls');
    expect(row('Sound quality')?.textContent).toContain('Calls will sound good.');
    expect(app.buttons).toContain('Test again');
    expect(app.buttons).toContain('Copy results');
    expect(row('Relay over TCP')?.querySelector('dl')?.textContent).toContain(
      'turn:turn.ims.example:3478?transport=tcp',
    );
  });

  it.each([
    {
      verdict: { kind: 'limited', concerns: ['silent microphone'] },
      words: /^Calls will work, but others may not hear you$/u,
    },
    {
      verdict: { kind: 'limited', concerns: ['fair quality', 'relay without UDP'] },
      words: /^Calls will work, but …there may be small delays.*UDP is blocked here/u,
    },
    { verdict: { kind: 'not ready', concerns: ['no microphone'] }, words: /^Calls will not work: the microphone/u },
  ] as const)('[WIC] $verdict.kind: $verdict.concerns', async ({ verdict, words }) => {
    await openTest({ ...preCallDone, verdict });
    await app.perform({ press: 'Start test' });
    expect(summary()).toMatch(words);
  });

  it('[WIC] asks for the tone, and takes the answer', async () => {
    const speaker = { ...preCallDone.speaker, status: 'running', wasPlayed: false } as const;
    await openTest({ ...preCallIdle, status: 'running', microphone: preCallDone.microphone, speaker });
    await app.perform({ press: 'Start test' });
    expect(summary()).toBe('Loudspeaker: your answer is needed.');
    expect(document.querySelector('meter')?.getAttribute('value')).toBe('63');
    expect(app.buttons).not.toContain('I heard it');
    await app.perform({ press: 'Play tone' }, { press: 'I did not' });
    expect(row('Loudspeaker')?.textContent).toContain('Turn the volume up');
    await app.perform({ press: 'I heard it' });
    expect(row('Loudspeaker')?.textContent).toContain('You hear the tone.');
    const select = row('Microphone')?.querySelector('select');
    expect(select?.value).toBe('headset');
    expect([...(select?.options ?? [])].map(({ textContent }) => textContent)).toEqual([
      'Headset Microphone (USB)',
      'Built-in Microphone',
    ]);
  });

  it('[WIC] a call comes first: no test during one, and the test gives way', async () => {
    await openTest({ ...preCallIdle, status: 'in call' });
    await app.perform({ press: 'Start test' });
    expect(summary()).toBe('There is a call. Finish it first, then start the test.');
    await app.perform({ press: 'Back to the phone' });
    app.network.provision('sip:bob@ims.example');
    await settle(() => app.network.open({ impu: 'sip:bob@ims.example' }).register());
    await settle(() => void app.wics[0]?.call('bob', { video: false }));
    const button = document.querySelector('button[aria-label="Test your connection"]');
    expect(button?.getAttribute('aria-disabled')).toBe('true');
    await app.perform({ press: 'Test your connection' }, { press: 'Connection details' });
    expect(document.querySelector('dialog')?.textContent).toContain('Finish your call first');
  });
});
