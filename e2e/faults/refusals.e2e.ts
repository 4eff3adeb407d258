/**
 * Each bad thing is sent over a real socket while two other people talk; they notice nothing.
 *
 * @module
 */
import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { exchangeTcp, exchangeUdp, openW2, requestText } from './sip-peer.ts';

const forged = 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.eyJpbXBpIjoiYm9iQGltcy5leGFtcGxlIn0.AAAA';
const vouching = (user: string): string =>
  `Authorization: Digest username="${user}@ims.example",realm="ims.example",uri="sip:ims.example",nonce="",response="",integrity-protected="auth-done"`;

test('[X.3.2.3-4] what is refused is refused alone: the call of two others goes on', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'), { toneHz: 500 });
  const bob = await openWic(await subscriber('bob'), { toneHz: 900 });
  const { username: mallory } = (await openWic(await subscriber('mallory'))).account;
  await alice.dial(bob.account.username);
  await bob.answer();
  await expect(alice.call).toHaveText(/^In call/u);

  const { epCscf, iCscf, sCscf } = lab.ports;
  const origin = lab.wwsfUrl;
  const w2 = () => openW2(epCscf, { origin, subprotocol: 'sip' });

  await test.step('[REQ 2.6] upgrades without a trusted origin, or without the subprotocol', async () => {
    await expect(openW2(epCscf, { subprotocol: 'sip' })).rejects.toThrow('HTTP 403');
    await expect(openW2(epCscf, { origin: 'https://evil.example', subprotocol: 'sip' })).rejects.toThrow('HTTP 403');
    await expect(openW2(epCscf, { origin })).rejects.toThrow('HTTP 400');
    await expect(openW2(epCscf, { origin, subprotocol: 'xmpp' })).rejects.toThrow('HTTP 400');
  });

  await test.step('[RFC 6455 7.4.1] a frame over 64 KiB', async () => {
    const peer = await w2();
    peer.send('x'.repeat(65_537));
    expect(await peer.closed()).toBe(1009);
  });

  for (const { name, authorization, answer, error } of [
    { name: 'malformed Bearer', authorization: 'Authorization: Bearer a b c', answer: 400, error: 'invalid_request' },
    { name: 'forged token', authorization: `Authorization: Bearer ${forged}`, answer: 401, error: 'invalid_token' },
    {
      name: 'forged, in the other spelling',
      authorization: `Authorization: Bearer access_token="${forged}"`,
      answer: 401,
      error: 'invalid_token',
    },
  ]) {
    await test.step(`[X.3.2.3-4] ${name}`, async () => {
      const peer = await w2();
      const response = await peer.exchange(
        requestText({ method: 'REGISTER', user: mallory, headers: [authorization] }),
      );
      expect(response).toMatch(new RegExp(`^SIP/2.0 ${answer} `, 'u'));
      expect(response).toContain(`error="${error}"`);
      expect(response).not.toContain(forged);
      expect(await peer.closed()).toBe(1008);
    });
  }

  await test.step('[REQ 2.4] a valid token, but another identity in To', async () => {
    const token = await alice.page.evaluate(async () => {
      const answer = (await (await fetch('/token')).json()) as { access_token: string };
      return answer.access_token;
    });
    const peer = await w2();
    const headers = [`Authorization: Bearer ${token}`];
    const { username } = alice.account;
    const register = requestText({ method: 'REGISTER', user: username, to: bob.account.username, headers });
    expect(await peer.exchange(register)).toMatch(/^SIP\/2.0 403 /u);
    expect(await peer.closed()).toBe(1008);
  });

  await test.step('[X.3.2.3-7] requests from a connection that has not registered', async () => {
    const peer = await w2();
    const invite = requestText({ method: 'INVITE', user: alice.account.username, requestUri: bob.account.impu });
    expect(await peer.exchange(invite)).toMatch(/^SIP\/2.0 403 /u);
    const credential = requestText({ method: 'OPTIONS', user: mallory, headers: ['3gpp-ext-turn-cred: request'] });
    const answer = await peer.exchange(credential);
    expect(answer).toMatch(/^SIP\/2.0 403 /u);
    expect(answer).not.toMatch(/3gpp-ext-turn-cred/iu);
    peer.close();
  });

  await test.step('[U.2-4] a peer that nobody trusts vouches for a user', async () => {
    for (const port of [iCscf, sCscf]) {
      const headers = [vouching(mallory), 'Path: <sip:x@127.0.0.1:9;lr;ob>', 'Supported: path'];
      const register = { method: 'REGISTER', user: mallory, headers } as const;
      expect(await exchangeTcp(port, requestText({ ...register, transport: 'TCP' }))).toMatch(/^SIP\/2.0 403 /u);
      expect(await exchangeUdp(port, requestText({ ...register, transport: 'UDP' }))).toMatch(/^SIP\/2.0 403 /u);
    }
  });

  await test.step('[TS 24.229 5.4.3.2] a peer that nobody trusts calls as a registered user', async () => {
    const headers = [
      `Route: <sip:orig@127.0.0.1:${lab.ports.sCscfTls};transport=tls;lr>`,
      `P-Asserted-Identity: <${alice.account.impu}>`,
    ];
    const invite = { method: 'INVITE', user: alice.account.username, requestUri: bob.account.impu, headers } as const;
    expect(await exchangeTcp(sCscf, requestText({ ...invite, transport: 'TCP' }))).toMatch(/^SIP\/2.0 403 /u);
  });

  await test.step('[RFC 6749 10.12] a page of another origin signs nobody out', async () => {
    const status = await alice.page.evaluate(async () => (await fetch('/sign-out', { method: 'POST' })).status);
    expect(status).toBe(403);
  });

  await expect(alice.call).toHaveText(/^In call/u);
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(500, -1);
  await expect.poll(async () => (await listen(alice.page)).hz).toBeCloseTo(900, -1);
  await bob.hangUp();
  await expect(alice.call).toHaveText(/^Ended/u);
});
