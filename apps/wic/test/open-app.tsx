/**
 * The page in a test, on a network in memory.
 *
 * @module
 */
import {
  InMemoryNetwork,
  type InMemoryWic,
  type InMemoryWicOptions,
  type Mounted,
  mount,
  settle,
} from '@wicgate/wic-react/testing';
import type { WicCredentials } from '@wicgate/wic-sdk';
import { App } from '../src/app.tsx';
import { createRelayOnly } from '../src/relay-only/relay-only.ts';
import { createKnownSim } from '../src/session/known-sim.ts';
import type { Person } from '../src/session/person.ts';
import type { Wwsf } from '../src/wwsf/wwsf.ts';
import { act } from './act.ts';
import { type Act, homeDomain, signedInWwsf } from './scenes.ts';
import { type SimBehaviour, standInSim } from './stand-in-sim.tsx';

export interface OpenAppOptions {
  readonly wwsf?: Partial<Wwsf>;
  readonly sim?: SimBehaviour;
  readonly wic?: Partial<InMemoryWicOptions>;
}

/** What the page registered with. */
export interface Opened {
  readonly person: Person;
  readonly credentials: WicCredentials;
}

export class OpenApp {
  readonly network = new InMemoryNetwork(homeDomain);
  readonly opened: Opened[] = [];
  /** Those that the page has opened. */
  readonly wics: InMemoryWic[] = [];
  readonly wentTo: string[] = [];
  readonly knownSim = createKnownSim(() => sessionStorage);
  readonly relayOnly = createRelayOnly(() => sessionStorage);
  /** May change while the page is open. */
  wic: Partial<InMemoryWicOptions> = {};
  #mounted: Mounted | undefined;

  async open({ wwsf = {}, sim = 'locked', wic = {} }: OpenAppOptions): Promise<void> {
    this.wic = wic;
    this.#mounted = await mount(
      <App
        wwsf={{ ...signedInWwsf, ...wwsf }}
        openWic={(person, credentials) => {
          this.opened.push({ person, credentials });
          const wic = this.network.open({ impu: person.impu, scheme: credentials.kind, ...this.wic });
          this.wics.push(wic);
          return wic;
        }}
        signInOutcome={undefined}
        knownSim={this.knownSim}
        relayOnly={this.relayOnly}
        SimFrame={standInSim(sim)}
        navigate={(address) => this.wentTo.push(address)}
      />,
    );
  }

  async close(): Promise<void> {
    await this.#mounted?.unmount();
    sessionStorage.clear();
  }

  async perform(...steps: readonly Act[]): Promise<void> {
    for (const step of steps) await settle(() => act(step));
  }

  /** Until it is so; what goes over message ports takes turns of the event loop. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await settle(() => new Promise((resolve) => setTimeout(resolve)));
  }

  get registration(): string {
    return document.querySelector('[role=status][aria-label=Registration]')?.textContent ?? 'none';
  }

  get buttons(): readonly string[] {
    return [...document.querySelectorAll('button')].map(
      (button) => button.getAttribute('aria-label') ?? button.textContent,
    );
  }

  get heading(): string | undefined {
    return document.querySelector('h1')?.textContent;
  }

  get text(): string {
    return document.body.textContent;
  }
}
