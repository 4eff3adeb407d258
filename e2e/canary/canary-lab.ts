/**
 * A lab in which every secret is known, and of which everything that can be heard and seen is taken down.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { deriveOpc } from '@wicgate/aka';
import { type Lab, startLab } from '@wicgate/lab';
import { findFreePorts } from '../lab-process.ts';
import { installInstruments } from '../media/instruments.ts';
import type { AkaSubscriber } from './aka-secrets.ts';
import { askHttp } from './ask-http.ts';
import { Canaries } from './canaries.ts';
import { Evidence } from './evidence.ts';
import { harvest } from './harvest.ts';
import { listenToOutput } from './listen-to-output.ts';
import { listenToSockets } from './listen-to-sockets.ts';
import { snapshotState } from './snapshot-state.ts';
import { TurnSecrets } from './turn-secrets.ts';
import { type BrowserWatch, watchBrowser } from './watch-browser.ts';

interface Parts {
  readonly lab: Lab;
  readonly evidence: Evidence;
  readonly browser: Browser;
  readonly stateFolder: string;
  readonly turn: TurnSecrets;
  readonly endListening: () => void;
}

export class CanaryLab {
  readonly lab: Lab;
  readonly evidence: Evidence;
  readonly canaries = new Canaries();
  readonly subscribers: AkaSubscriber[] = [];
  readonly turn: TurnSecrets;
  readonly #browser: Browser;
  readonly #stateFolder: string;
  readonly #watches = new Map<BrowserContext, BrowserWatch>();
  readonly #endListening: () => void;
  #isFinished = false;

  private constructor({ lab, evidence, browser, stateFolder, turn, endListening }: Parts) {
    this.lab = lab;
    this.evidence = evidence;
    this.turn = turn;
    turn.plant(this.canaries);
    this.#browser = browser;
    this.#stateFolder = stateFolder;
    this.#endListening = endListening;
  }

  static async start(browser: Browser): Promise<CanaryLab> {
    const evidence = new Evidence();
    const stateFolder = mkdtempSync(join(tmpdir(), 'wicgate-canary-'));
    const portBase = await findFreePorts(12_000);
    const endOutput = listenToOutput(evidence);
    const writeLog = (line: string): void => evidence.add('log', functionOf(line), line);
    const turn = new TurnSecrets();
    const settings = turn.settings;
    const lab = await startLab({ portBase, stateFolder, partner: true, logLevel: 'debug', writeLog, settings });
    const endSockets = listenToSockets(lab.ports, evidence);
    const endListening = (): void => {
      endSockets();
      endOutput();
    };
    return new CanaryLab({ lab, evidence, browser, stateFolder, turn, endListening });
  }

  get stateFolder(): string {
    return this.#stateFolder;
  }

  /** A browser of its own, watched. */
  async openBrowser(): Promise<Page> {
    const context = await this.#browser.newContext({
      ignoreHTTPSErrors: true,
      permissions: ['microphone', 'camera'],
    });
    await context.addInitScript(installInstruments, 440);
    const watch = watchBrowser(context, this.lab.ports, this.evidence);
    this.#watches.set(context, watch);
    return context.newPage();
  }

  /** What the functions count, and what lies in the state folder. */
  async look(): Promise<void> {
    for (const path of ['metrics', 'readyz']) {
      const answer = await askHttp(this.lab.ports.operations, `/${path}`);
      this.evidence.add('metrics', path, answer.text);
    }
    this.evidence.add('metrics', 'turn', await this.turn.listAllocations(this.lab.ports));
    snapshotState(this.#stateFolder, this.evidence);
  }

  /** What the browser of `page` shows and stores. */
  async lookAt(page: Page): Promise<void> {
    await this.#watches.get(page.context())?.look();
  }

  /** A person with a SIM: K and OP at random. */
  async createSim(username: string): Promise<Profile> {
    const profile = await this.lab.createSimSubscriber(username);
    this.subscribers.push(readProfile(profile));
    return profile;
  }

  /** Ends it, with all browsers; then everything is there to be searched. Once more it does nothing. */
  async finish(): Promise<void> {
    if (this.#isFinished) return;
    this.#isFinished = true;
    for (const [context, { settled }] of this.#watches) {
      await settled();
      await context.close();
    }
    await this.lab.stop();
    this.#endListening();
    this.turn.remove();
    snapshotState(this.#stateFolder, this.evidence);
    this.#knowKeys();
    rmSync(this.#stateFolder, { recursive: true, force: true });
    harvest(this.evidence, this.canaries, this.subscribers);
  }

  /** K and OP are those of the profile files too. */
  #knowKeys(): void {
    const profiles = this.lab.isimProfileFiles.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Profile);
    this.subscribers.push(...profiles.map(readProfile));
    for (const { k, op } of this.subscribers) {
      this.canaries.add('K', k);
      this.canaries.add('OP', op);
      this.canaries.add('OPc', deriveOpc(k, op));
    }
    const { turn } = JSON.parse(readFileSync(join(this.#stateFolder, 'secrets.json'), 'utf8')) as { turn: string };
    this.canaries.add('TURN key', turn);
  }
}

type Profile = Readonly<Record<string, string>>;

function readProfile({ impi = '', K = '', OP = '' }: Profile): AkaSubscriber {
  return { impi, k: Uint8Array.from(Buffer.from(K, 'hex')), op: Uint8Array.from(Buffer.from(OP, 'hex')) };
}

function functionOf(line: string): string {
  return (JSON.parse(line) as { readonly function?: string }).function ?? 'unknown';
}
