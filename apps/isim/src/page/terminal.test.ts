import { akaDigestPassword, createAuthenticationVector, createMilenage, formatAkaNonce, nextSqn } from '@wicgate/aka';
import { beforeEach, describe, expect, it } from 'vitest';
import { Card } from './card.ts';
import type { Answer } from './messages.ts';
import { readProfile } from './profile.ts';
import { type Screen, Terminal, type Visitor } from './terminal.ts';
import { InMemoryBrowser } from './testing/in-memory-browser.ts';

const wic = 'https://wwsf.example';
const text = JSON.stringify({
  impi: 'erik@ims.example',
  impu: 'sip:erik@ims.example',
  k: '465b5ce8b199b49faa5f0a2ee238a6bc',
  opc: 'cd63cb71954a9f4e48a5994e37a02baf',
  sqn: '000000000020',
});
let browser: InMemoryBrowser;
let sqn: number;

beforeEach(() => {
  browser = new InMemoryBrowser();
  sqn = 32;
});

/** One tab: the terminal, what it shows and what it says. */
function openTab(origin = wic) {
  const screens: Screen[] = [];
  const answers: Answer[] = [];
  let nowMs = 0;
  const terminal = new Terminal(
    new Card(browser),
    (screen) => void screens.push(screen),
    () => nowMs,
  );
  const visitor: Visitor = {
    origin,
    answer: (_id, answer) => void answers.push(answer),
    setAttention: () => undefined,
  };
  terminal.welcome(visitor);
  return {
    terminal,
    visitor,
    answers,
    get screen() {
      return screens.at(-1);
    },
    install: (pin = '1234') => terminal.install(readProfile(text), pin),
    ask: async (nonce: string) => {
      terminal.request(visitor, { version: 1, id: 1, type: 'authenticate', nonce });
      await terminal.refresh();
      return answers.at(-1);
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

function challenge() {
  sqn = nextSqn(sqn);
  const { k, opc } = readProfile(text);
  const rand = crypto.getRandomValues(new Uint8Array(16));
  const milenage = createMilenage({ k, opc });
  const { autn, xres, ck, ik } = createAuthenticationVector({ milenage, amf: new Uint8Array([128, 0]), sqn, rand });
  return { nonce: formatAkaNonce({ rand, autn }), password: akaDigestPassword('AKAv2-SHA-256', { res: xres, ck, ik }) };
}

describe('the terminal', () => {
  it('[X.2.3.1] [X.2.3.3] asks for profile, PIN and consent, in this order, before there is an answer', async () => {
    const tab = openTab();
    const { nonce, password } = challenge();
    await tab.ask(nonce);
    expect(tab.screen).toEqual({ name: 'no profile' });
    await tab.install();
    expect(tab.screen).toEqual({ name: 'consent', origin: wic });
    expect(tab.answers).toEqual([]);
    await tab.terminal.decide(wic, true);
    expect(tab.answers).toEqual([{ kind: 'password', password }]);
    expect(tab.screen).toMatchObject({ name: 'ready', allowed: [wic], isBusy: false });
  });

  it('[X.2.3.1] gives one origin what another one was allowed to nobody', async () => {
    const first = openTab();
    await first.install();
    await first.terminal.decide(wic, true);
    const second = openTab('https://other.example');
    await second.terminal.enterPin('1234');
    expect(await second.ask(challenge().nonce)).toBeUndefined();
    expect(second.screen).toEqual({ name: 'consent', origin: 'https://other.example' });
  });

  it('[6.1.1] keeps the sequence number before the answer leaves, and for all tabs', async () => {
    const [first, second] = [openTab(), openTab()];
    await first.install();
    await first.terminal.decide(wic, true);
    await second.terminal.enterPin('1234');
    const { nonce } = challenge();
    const before = browser.writes;
    const [one, other] = await Promise.all([first.ask(nonce), second.ask(nonce)]);
    expect(browser.writes).toBe(before + 1);
    expect(new Set([one?.kind, other?.kind])).toEqual(new Set(['password', 'synchronisation failure']));
  });

  it('[X.2.3.1] blocks after three wrong PINs in whatever tabs, and deletes what could be guessed at', async () => {
    await openTab().install();
    const [first, second] = [openTab(), openTab()];
    await first.terminal.enterPin('0000');
    expect(first.screen).toEqual({ name: 'enter PIN', triesLeft: 2 });
    await Promise.all([first.terminal.enterPin('0001'), second.terminal.enterPin('0002')]);
    expect(browser.kept.has('profile') || browser.kept.has('device') || browser.kept.has('sequence')).toBe(false);
    await second.terminal.enterPin('1234');
    expect(second.screen).toEqual({ name: 'blocked' });
    expect(await second.ask(challenge().nonce)).toEqual({ kind: 'refused', problem: 'blocked' });
  });

  it('[X.2.3.1] forgets wrong PINs after the right one', async () => {
    await openTab().install();
    const tab = openTab();
    await tab.terminal.enterPin('0000');
    await tab.terminal.enterPin('1234');
    await tab.terminal.lock();
    expect(tab.screen).toEqual({ name: 'enter PIN', triesLeft: 3 });
  });

  it('[X.2.3.1] is locked again where another tab was given another profile', async () => {
    const first = openTab();
    await first.install();
    await openTab().install('9999');
    await first.terminal.refresh();
    expect(first.screen).toEqual({ name: 'enter PIN', triesLeft: 3 });
  });

  it('[24.229 7.8] spends no sequence number on a request that waited too long', async () => {
    const tab = openTab();
    await tab.ask(challenge().nonce);
    tab.pass(180_001);
    await tab.install();
    await tab.terminal.decide(wic, true);
    expect(tab.answers).toEqual([{ kind: 'refused', problem: 'too late' }]);
  });

  it('[X.2.3.3] lets 8 requests wait, and no more', async () => {
    const tab = openTab();
    for (let count = 0; count < 9; count += 1) await tab.ask(challenge().nonce);
    expect(tab.answers).toEqual([{ kind: 'refused', problem: 'busy' }]);
  });

  it('[X.2.3.1] [X.2.3.3] answers 30 challenges a minute, and no more: nobody tries out the card', async () => {
    const tab = openTab();
    await tab.install();
    await tab.terminal.decide(wic, true);
    const wrong = `${'A'.repeat(43)}=`;
    for (let count = 0; count < 40; count += 1) await tab.ask(wrong);
    expect(tab.answers.map(({ kind }) => kind)).toEqual([
      ...Array(30).fill('mac failure'),
      ...Array(10).fill('refused'),
    ]);
    expect(tab.answers.at(-1)).toEqual({ kind: 'refused', problem: 'busy' });
    const [writes, { nonce, password }] = [browser.writes, challenge()];
    await tab.ask(nonce);
    expect(browser.writes).toBe(writes);
    tab.pass(60_000);
    expect(await tab.ask(nonce)).toEqual({ kind: 'password', password });
  });

  it('[6.1.1] gives no answer where the sequence numbers cannot be read or kept', async () => {
    const tab = openTab();
    await tab.install();
    await tab.terminal.decide(wic, true);
    browser.kept.delete('sequence');
    expect(await tab.ask(challenge().nonce)).toEqual({ kind: 'refused', problem: 'storage' });
  });
});
