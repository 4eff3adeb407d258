/**
 * The cookies of the WWSF. Their names carry function and port, because cookies know no ports.
 *
 * SameSite is Lax: the WAF, on another site, sends the browser to `/callback` by a redirect, and a Strict cookie would
 * not come with that request; the sign-in could not be matched with its browser.
 *
 * @module
 */
import type { Reply, Request } from './app.ts';

export interface Cookies {
  readonly session: Cookie;
  readonly signIn: Cookie;
  /** Shows that a user has signed in here before; it lets nobody in. */
  readonly known: Cookie;
}

export interface Cookie {
  readonly read: (request: Request) => string | undefined;
  readonly set: (reply: Reply, value: string) => void;
  readonly clear: (reply: Reply) => void;
}

export function createCookies(
  origin: string,
  lifetimes: { readonly sessionSeconds: number; readonly signInSeconds: number; readonly knownSeconds: number },
): Cookies {
  const { port } = new URL(origin);
  const prefix = `__Host-wwsf-${port === '' ? '443' : port}`;
  return {
    session: createCookie(`${prefix}-session`, lifetimes.sessionSeconds),
    signIn: createCookie(`${prefix}-sign-in`, lifetimes.signInSeconds),
    known: createCookie(`${prefix}-known`, lifetimes.knownSeconds),
  };
}

function createCookie(name: string, maxAge: number): Cookie {
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
  return {
    read: (request) => request.cookies[name],
    set: (reply, value) => {
      reply.setCookie(name, value, { ...attributes, maxAge });
    },
    clear: (reply) => {
      reply.setCookie(name, '', { ...attributes, maxAge: 0 });
    },
  };
}
