/**
 * Starts the page in the browser.
 *
 * @module
 */
import { createWic, SignedOut } from '@wicgate/wic-sdk';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, type OpenWic } from './app.tsx';
import { SessionEnded } from './errors.ts';
import { findSignInOutcome } from './session/sign-in-outcome.ts';
import { createWwsf } from './wwsf/wwsf.ts';

const wwsf = createWwsf(fetch.bind(globalThis), location.origin);

const openWic: OpenWic = ({ impu, displayName }, configuration) =>
  createWic({
    ...configuration,
    impu,
    displayName: displayName ?? undefined,
    accessToken: async () => {
      try {
        return await wwsf.readAccessToken();
      } catch (error) {
        if (error instanceof SessionEnded) throw new SignedOut({ cause: error });
        throw error;
      }
    },
  });

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
    <App wwsf={wwsf} openWic={openWic} signInOutcome={signInOutcome} navigate={(address) => location.assign(address)} />
  </StrictMode>,
);
