/**
 * The WIC on a network without a network: `?scene=incoming` and so on. For looking at, and for screenshots.
 *
 * No part of what is built and served.
 *
 * @module
 */
import { InMemoryNetwork } from '@wicgate/wic-react/testing';
import { createRoot } from 'react-dom/client';
import { App, type OpenWic } from '../src/app.tsx';
import { drawnMedia } from './drawn-media.ts';
import { aliceBrowser, aliceImpu, homeDomain, openBob, type Scene, scenes, signedInWwsf } from './scenes.ts';

const scene: Scene = scenes[new URLSearchParams(location.search).get('scene') ?? 'idle'] ?? {};
const network = new InMemoryNetwork(homeDomain);
for (const name of ['alice', 'bob', 'carol']) network.provision(`sip:${name}@${homeDomain}`);
const bob = openBob(network);
await bob.register();
scene.before?.(network);

const blocked = () => Promise.reject(new DOMException('', 'NotAllowedError'));

const openWic: OpenWic = () => {
  const alice = network.open({
    impu: aliceImpu,
    browser: aliceBrowser,
    callWaiting: true,
    openMedia: scene.microphone === 'blocked' ? blocked : drawnMedia(174),
    ...(scene.refusal !== undefined && { refusal: scene.refusal }),
  });
  const stop = alice.registration.subscribe(() => {
    if (!alice.isRegistered) return;
    stop();
    queueMicrotask(() => void scene.after?.({ network, alice, bob }));
  });
  return alice;
};

const root = document.getElementById('root');
if (root === null) throw new TypeError('preview.html: expected an element with id root');
createRoot(root).render(
  <App
    wwsf={{ ...signedInWwsf, ...scene.wwsf }}
    openWic={openWic}
    signInOutcome={scene.signInOutcome}
    navigate={(address) => location.assign(address)}
  />,
);
