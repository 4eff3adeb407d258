/**
 * Who is signed in, as a hook.
 *
 * @module
 */
import { useCallback, useEffect, useState } from 'react';
import { PageError } from '../errors.ts';
import type { ClientConfiguration, Session, SignedInSession, Wwsf } from '../wwsf/wwsf.ts';

export type SessionState =
  | { readonly status: 'loading' }
  | { readonly status: 'unreachable' }
  | { readonly status: 'signed out'; readonly configuration: ClientConfiguration }
  | { readonly status: 'signed in'; readonly session: SignedInSession; readonly configuration: ClientConfiguration };

export interface SessionOfPage {
  readonly state: SessionState;
  readonly retry: () => void;
}

/** Asks the WWSF once, and again on `retry`. */
export function useSession(wwsf: Wwsf): SessionOfPage {
  const [state, setState] = useState<SessionState>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let stale = false;
    void readState(wwsf).then((next) => {
      if (!stale) setState(next);
    });
    return () => {
      stale = true;
    };
  }, [wwsf, attempt]);

  const retry = useCallback(() => {
    setState({ status: 'loading' });
    setAttempt((last) => last + 1);
  }, []);
  return { state, retry };
}

/** The ways in are needed before anybody signs in. */
async function readState(wwsf: Wwsf): Promise<SessionState> {
  try {
    const [configuration, session] = await Promise.all([wwsf.readConfiguration(), readSession(wwsf)]);
    return session.signedIn ? { status: 'signed in', session, configuration } : { status: 'signed out', configuration };
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    return { status: 'unreachable' };
  }
}

async function readSession(wwsf: Wwsf): Promise<Session> {
  try {
    return await wwsf.readSession();
  } catch (error) {
    if (error instanceof PageError && error.code === 'ERR_WIC_PAGE_SESSION_ENDED') return { signedIn: false };
    throw error;
  }
}
