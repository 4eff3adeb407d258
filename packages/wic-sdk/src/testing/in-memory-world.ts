/**
 * Everything a test of calls needs, put together.
 *
 * @module
 */
import type { CreateWicOptions } from '../create-wic.ts';
import type { Call, Wic } from '../wic.ts';
import { InMemoryBrowser, type InMemoryTab } from './in-memory-browser.ts';
import { InMemoryGateway } from './in-memory-gateway.ts';
import { InMemoryIce } from './in-memory-ice.ts';
import { VirtualClock } from './virtual-clock.ts';

export class InMemoryWorld {
  readonly clock = new VirtualClock();
  readonly ice = new InMemoryIce(this.clock);
  readonly gateway: InMemoryGateway;

  constructor(names: readonly string[] = ['alice', 'bob', 'carol']) {
    this.gateway = new InMemoryGateway(
      this.clock,
      names.map((name) => impuOf(name)),
    );
  }

  openBrowser(): InMemoryBrowser {
    return new InMemoryBrowser(this);
  }

  /** A browser of its own with one registered tab. */
  async register(
    name: string,
    options: Partial<CreateWicOptions> = {},
  ): Promise<InMemoryTab & { readonly browser: InMemoryBrowser }> {
    const browser = this.openBrowser();
    const tab = browser.open(impuOf(name), options);
    const done = tab.wic.register();
    await this.clock.settle();
    await done;
    return { ...tab, browser };
  }

  /** Alice calls Bob, whose browser rings. */
  async ring({ video = false } = {}) {
    const alice = await this.register('alice', { displayName: 'Alice A' });
    const bob = await this.register('bob');
    const call = alice.wic.call('bob', { video });
    await this.clock.advance(300);
    return { alice, bob, call, incoming: lastCall(bob.wic) };
  }

  /** Alice and Bob talk. */
  async talk({ video = false } = {}) {
    const both = await this.ring({ video });
    await Promise.all([both.incoming.answer({ video }), this.clock.advance(400)]);
    return both;
  }
}

export function impuOf(name: string): string {
  return `sip:${name}@ims.example`;
}

/** The newest call of a WIC. */
export function lastCall(wic: Wic): Call {
  const call = wic.calls.getSnapshot().at(-1);
  if (call === undefined) throw new TypeError('expected a call');
  return call;
}
