import { describe, expect, it } from 'vitest';
import { createWwsf, type Wwsf } from './wwsf.ts';

const origin = 'https://localhost:8443';

interface Asked {
  readonly path: string;
  readonly init: RequestInit;
}

/** A WWSF that gives this answer to everything, and what it was asked. */
function answering(answer: () => Response | Promise<Response>): { readonly wwsf: Wwsf; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const fetchHere = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    asked.push({ path: String(input), init });
    return answer();
  };
  return { wwsf: createWwsf(fetchHere, origin), asked };
}

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });

const configuration = {
  epCscfUrl: 'wss://localhost:8445/',
  homeDomain: 'ims.example',
  turnUris: ['turn:localhost:8450?transport=udp'],
  iceTransportPolicy: 'all',
  ways: ['web', 'digest', 'sim', 'guest'],
  isimOrigin: 'https://localhost:8455',
};
const session = {
  signedIn: true,
  kind: 'user',
  displayName: 'Alice',
  impi: 'alice@ims.example',
  impu: 'sip:alice@ims.example',
  impus: ['sip:alice@ims.example'],
  csrfToken: 'c5rf',
};

describe('the WWSF as the page sees it', () => {
  it('[W1] reads configuration, session and token', async () => {
    expect(await answering(json(configuration)).wwsf.readConfiguration()).toEqual(configuration);
    expect(await answering(json({ signedIn: false })).wwsf.readSession()).toEqual({ signedIn: false });
    expect(await answering(json(session)).wwsf.readSession()).toMatchObject({ impu: session.impu, csrfToken: 'c5rf' });
    const token = answering(json({ access_token: 't0ken', expires_in: 300 }));
    expect(await token.wwsf.readAccessToken()).toBe('t0ken');
    expect(token.asked[0]?.init).toMatchObject({ credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
  });

  it.each(['https://waf.ims.example/grants/new?client_id=wwsf.ims.example', '/sign-in'])(
    '[REQ 2.1] tells where access can be allowed again: %s',
    async (location) => {
      const { wwsf } = answering(json({ error: 'not_granted', location }, 401));
      await expect(wwsf.readAccessToken()).rejects.toMatchObject({
        code: 'ERR_WIC_PAGE_ACCESS_WITHDRAWN',
        location: new URL(location, origin).href,
      });
    },
  );

  it.each([
    { fault: 'a script as its address', answer: { error: 'not_granted', location: 'javascript:alert(1)' } },
    { fault: 'no address', answer: { error: 'not_granted' } },
    { fault: 'another error', answer: { error: 'not_signed_in', location: 'https://waf.ims.example/' } },
    { fault: 'nothing', answer: null },
  ])('[REQ 2.1] with $fault, the session is over and no more', async ({ answer }) => {
    const { wwsf } = answering(json(answer, 401));
    await expect(wwsf.readAccessToken()).rejects.toMatchObject({ code: 'ERR_WIC_PAGE_SESSION_ENDED' });
  });

  it.each([
    { fault: 'an eP-CSCF without TLS', answer: { ...configuration, epCscfUrl: 'ws://localhost:8445/' } },
    { fault: 'a TURN server that is none', answer: { ...configuration, turnUris: ['https://localhost'] } },
    { fault: 'an unknown ICE policy', answer: { ...configuration, iceTransportPolicy: 'none' } },
    { fault: 'a SIM that is no origin', answer: { ...configuration, isimOrigin: 'https://localhost:8455/page' } },
    { fault: 'no ways in', answer: { ...configuration, ways: undefined } },
    { fault: 'nothing', answer: null },
  ])('[W1] refuses a configuration with $fault', async ({ answer }) => {
    await expect(answering(json(answer)).wwsf.readConfiguration()).rejects.toMatchObject({
      code: 'ERR_WIC_PAGE_WWSF_ANSWER_INVALID',
    });
  });

  it('[W1] repeats nothing of a bad answer in its error', async () => {
    const { wwsf } = answering(json({ access_token: { secret: 'hush' } }));
    await expect(wwsf.readAccessToken()).rejects.toMatchObject({
      message: '/token: expected well-formed access_token',
    });
  });

  it.each([
    { status: 401, code: 'ERR_WIC_PAGE_SESSION_ENDED' },
    { status: 403, code: 'ERR_WIC_PAGE_WWSF_ANSWER_INVALID' },
    { status: 500, code: 'ERR_WIC_PAGE_WWSF_UNREACHABLE' },
    { status: 503, code: 'ERR_WIC_PAGE_WWSF_UNREACHABLE' },
  ])('[W1] tells $status as $code', async ({ status, code }) => {
    await expect(answering(json({}, status)).wwsf.readAccessToken()).rejects.toMatchObject({ code });
  });

  it('[W1] tells a line that is cut, and an answer that is no JSON', async () => {
    const cut = answering(() => Promise.reject(new TypeError('fetch failed')));
    await expect(cut.wwsf.readSession()).rejects.toMatchObject({ code: 'ERR_WIC_PAGE_WWSF_UNREACHABLE' });
    const page = answering(() => new Response('<html>'));
    await expect(page.wwsf.readSession()).rejects.toMatchObject({ code: 'ERR_WIC_PAGE_WWSF_ANSWER_INVALID' });
  });

  it('[RFC 6749 10.12] signs out with the CSRF token, and goes where the WWSF says', async () => {
    const { wwsf, asked } = answering(json({ location: 'https://localhost:8444/session/end?x=1' }));
    expect(await wwsf.signOut('c5rf')).toBe('https://localhost:8444/session/end?x=1');
    expect(asked).toMatchObject([{ path: '/sign-out', init: { method: 'POST', headers: { 'X-CSRF-Token': 'c5rf' } } }]);
    expect(await answering(json({ location: '/' })).wwsf.signOut('c5rf')).toBe(`${origin}/`);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'http://elsewhere.example/', 'https://'])(
    '[RFC 6749 10.12] does not go to %s',
    async (location) => {
      await expect(answering(json({ location })).wwsf.signOut('c5rf')).rejects.toMatchObject({
        code: 'ERR_WIC_PAGE_WWSF_ANSWER_INVALID',
      });
    },
  );

  it('[W1] leaves out ways in that it does not know, and takes a network without SIM', async () => {
    const answer = { ...configuration, ways: ['web', 'telepathy', 'guest'], isimOrigin: null };
    await expect(answering(json(answer)).wwsf.readConfiguration()).resolves.toMatchObject({
      ways: ['web', 'guest'],
      isimOrigin: null,
    });
  });

  it('[X.4.2.1] [WWSF 4] asks to be a guest, and keeps the lease', async () => {
    const created = answering(json({}, 201));
    await created.wwsf.startGuest();
    expect(created.asked).toMatchObject([
      { path: '/guest', init: { method: 'POST', headers: { 'X-Requested-By': 'wic' } } },
    ]);
    const renewed = answering(() => new Response(null, { status: 204 }));
    await renewed.wwsf.renewGuest('c5rf');
    expect(renewed.asked).toMatchObject([
      { path: '/guest/renewal', init: { method: 'POST', headers: { 'X-CSRF-Token': 'c5rf' } } },
    ]);
  });

  it.each([
    { status: 429, error: 'too_many_guests', wait: '58', problem: 'too many', seconds: 58 },
    { status: 503, error: 'pool_exhausted', wait: '20', problem: 'pool exhausted', seconds: 20 },
    { status: 503, error: 'pool_exhausted', wait: 'soon', problem: 'pool exhausted', seconds: 60 },
    { status: 429, error: 'too_many_guests', wait: '999999', problem: 'too many', seconds: 3_600 },
    { status: 429, error: 'too_many_guests', wait: '0', problem: 'too many', seconds: 1 },
  ])(
    '[X.4.2.1] tells $problem from $status, and when to try again',
    async ({ status, error, wait, problem, seconds }) => {
      const refusing = answering(() => Response.json({ error }, { status, headers: { 'Retry-After': wait } }));
      await expect(refusing.wwsf.startGuest()).rejects.toMatchObject({
        code: 'ERR_WIC_PAGE_GUEST_REFUSED',
        problem,
        retryAfterSeconds: seconds,
      });
    },
  );

  it('[X.4.2.1] tells a WAF in trouble from an exhausted pool, and a lease that is over', async () => {
    const down = answering(json({ error: 'waf_unavailable' }, 503));
    await expect(down.wwsf.startGuest()).rejects.toMatchObject({ code: 'ERR_WIC_PAGE_WWSF_UNREACHABLE' });
    await expect(answering(json({}, 401)).wwsf.renewGuest('c5rf')).rejects.toMatchObject({
      code: 'ERR_WIC_PAGE_SESSION_ENDED',
    });
    // Somebody has signed in in another tab: there is a session to go on with.
    await expect(answering(json({ error: 'signed_in' }, 409)).wwsf.startGuest()).resolves.toBeUndefined();
  });
});
