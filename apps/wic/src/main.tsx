/**
 * Starts the page in the browser.
 *
 * @module
 */
import { createWic } from '@wicgate/wic-sdk';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { IsimFrame } from './isim/isim-frame.tsx';
import { createRelayOnly, iceTransportPolicyOf } from './relay-only/relay-only.ts';
import { createKnownSim } from './session/known-sim.ts';
import type { OpenWic } from './session/person.ts';
import { findSignInOutcome } from './session/sign-in-outcome.ts';
import { createWwsf } from './wwsf/wwsf.ts';

const wwsf = createWwsf(fetch.bind(globalThis), location.origin);
const knownSim = createKnownSim(() => localStorage);
const relayOnly = createRelayOnly(() => localStorage);

const openWic: OpenWic = ({ impu, displayName }, credentials, configuration) => {
  const { epCscfUrl, homeDomain, turnUris } = configuration;
  const iceTransportPolicy = () => iceTransportPolicyOf(configuration, relayOnly);
  return createWic({ epCscfUrl, homeDomain, turnUris, iceTransportPolicy, impu, displayName, credentials });
};

const signInOutcome = findSignInOutcome(location.search);
if (location.search !== '') history.replaceState(null, '', location.pathname);

// A page that the browser kept for the way back may belong to somebody who has signed out since.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new TypeError('index.html: expected an element with id root');
createRoot(root).render(
  <StrictMode>
    <App
      wwsf={wwsf}
      openWic={openWic}
      signInOutcome={signInOutcome}
      knownSim={knownSim}
      relayOnly={relayOnly}
      SimFrame={IsimFrame}
      navigate={(address) => location.assign(address)}
    />
  </StrictMode>,
);
