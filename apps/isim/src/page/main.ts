/**
 * The page of the soft ISIM: stands for the ME of a person whose browser reaches no card (TS 33.203 X.2.3).
 *
 * @module
 */
import { Card } from './card.ts';
import { receiveWic } from './receive-wic.ts';
import { openRecordStore, type RecordStore } from './record-store.ts';
import { type Actions, drawScreen } from './screens.ts';
import { type Screen, Terminal } from './terminal.ts';

const configurationTimeoutMs = 10_000;
const maxOrigins = 32;

const root = document.getElementById('root');
if (root === null) throw new TypeError('index.html: expected an element with id root');

let lastDrawn = '';

const actions: Actions = {
  install: (profile, pin) => void waitFor(terminal.install(profile, pin)),
  enterPin: (pin) => void waitFor(terminal.enterPin(pin)),
  decide: (origin, isAllowed) => void terminal.decide(origin, isAllowed),
  lock: () => void terminal.lock(),
  remove: () => void terminal.remove(),
};

const card = new Card({ records: openLater(), locks: navigator.locks });
const terminal = new Terminal(card, (screen) => show(screen));
receiveWic(terminal, readOrigins());
show({ name: 'loading' });
void terminal.refresh();

/**
 * Keeps the focus where it was, or tells what is new to whoever was in here. A WIC that asks meanwhile takes nothing away
 * that a person has typed.
 */
function show(screen: Screen): void {
  const drawn = JSON.stringify(screen);
  if (drawn === lastDrawn && root?.getAttribute('aria-busy') !== 'true') return;
  lastDrawn = drawn;
  const { id } = document.activeElement ?? {};
  const hadFocus = document.activeElement !== document.body && document.hasFocus();
  root?.replaceChildren(...drawScreen(screen, actions).filter((child) => child !== undefined));
  root?.removeAttribute('aria-busy');
  if (!hadFocus) return;
  const same = id === undefined || id === '' ? null : document.getElementById(id);
  const next = same ?? root?.querySelector<HTMLElement>('input, h1');
  next?.focus();
}

/** Making a key of a PIN takes a moment: nothing is pressed twice meanwhile. */
async function waitFor(work: Promise<void>): Promise<void> {
  root?.setAttribute('aria-busy', 'true');
  for (const control of root?.querySelectorAll('button') ?? []) control.disabled = true;
  await work;
}

/** What the browser refuses shows at the first use. */
function openLater(): RecordStore {
  const opened = openRecordStore(indexedDB);
  opened.catch(() => undefined);
  return {
    read: async (name) => (await opened).read(name),
    write: async (changes) => (await opened).write(changes),
  };
}

/** The origins whose WICs may speak to us; rejects where the server does not tell. */
async function readOrigins(): Promise<readonly string[]> {
  const response = await fetch('/configuration', {
    credentials: 'omit',
    signal: AbortSignal.timeout(configurationTimeoutMs),
  });
  const body: unknown = response.ok ? await response.json() : undefined;
  const list = typeof body === 'object' && body !== null && 'wicOrigins' in body ? body.wicOrigins : undefined;
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string').slice(0, maxOrigins) : [];
}
