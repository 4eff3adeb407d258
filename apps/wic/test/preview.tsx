/**
 * The WIC on a network without a network: `?scene=incoming` and so on. For looking at, and for screenshots.
 *
 * No part of what is built and served.
 *
 * @module
 */
import { InMemoryNetwork } from '@wicgate/wic-react/testing';
import { createRoot } from 'react-dom/client';
import { App } from '../src/app.tsx';
import { createRelayOnly } from '../src/relay-only/relay-only.ts';
import { createKnownSim } from '../src/session/known-sim.ts';
import type { OpenWic } from '../src/session/person.ts';
import { act } from './act.ts';
import { drawnMedia } from './drawn-media.ts';
import { aliceBrowser, homeDomain, openBob, type Scene, scenes, signedInWwsf } from './scenes.ts';
import { standInSim } from './stand-in-sim.tsx';

const scene: Scene = scenes[new URLSearchParams(location.search).get('scene') ?? 'idle'] ?? {};
const network = new InMemoryNetwork(homeDomain);
for (const name of ['alice', 'bob', 'carol']) network.provision(`sip:${name}@${homeDomain}`);
const bob = openBob(network);
await bob.register();
scene.before?.(network);

const blocked = () => Promise.reject(new DOMException('', 'NotAllowedError'));

const openWic: OpenWic = ({ impu, impi }, { kind }) => {
  const alice = network.open({
    impu,
    impus: ['tel:+4930123456'],
    ...(impi !== undefined && kind !== 'web' && { impi }),
    scheme: kind,
    browser: aliceBrowser,
    callWaiting: true,
    openMedia: scene.microphone === 'blocked' ? blocked : drawnMedia(174),
    ...(scene.refusal !== undefined && { refusal: scene.refusal }),
    ...(scene.path !== undefined && { path: scene.path }),
    ...(scene.relayProblem !== undefined && { relayProblem: scene.relayProblem }),
    ...(scene.preCall !== undefined && { preCall: scene.preCall }),
    ...(scene.refusalDetail !== undefined && { refusalDetail: scene.refusalDetail }),
  });
  const stop = alice.registration.subscribe(() => {
    if (!alice.isRegistered) return;
    stop();
    queueMicrotask(() => void scene.after?.({ network, alice, bob }));
  });
  return alice;
};

const knownSim = createKnownSim(() => sessionStorage);
knownSim.setKnown(scene.knowsSim ?? false);

const root = document.getElementById('root');
if (root === null) throw new TypeError('preview.html: expected an element with id root');
createRoot(root).render(
  <App
    wwsf={{ ...signedInWwsf, ...scene.wwsf }}
    openWic={openWic}
    signInOutcome={scene.signInOutcome}
    knownSim={knownSim}
    relayOnly={createRelayOnly(() => sessionStorage)}
    SimFrame={standInSim(scene.sim ?? 'locked')}
    navigate={(address) => location.assign(address)}
  />,
);

for (const step of scene.acts ?? []) await performed(step);

/** As soon as what it is done to is there. */
async function performed(step: Parameters<typeof act>[0]): Promise<void> {
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    try {
      return act(step);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
