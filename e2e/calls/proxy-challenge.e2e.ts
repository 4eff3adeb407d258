/**
 * A home network that asks its users of SIP Digest for a proof with each request.
 */
import type { SipResponse } from '@wicgate/sip';
import { answer, ask, createClient } from '../attacks/digest-user.ts';
import { Wic } from '../attacks/wic.ts';
import { expect, test } from '../fixtures.ts';
import { listen } from '../media/instruments.ts';
import { headersOf, traceW2 } from '../media/w2-trace.ts';
import { nobody, WicPage } from '../pages/wic-page.ts';
import { createDigestAccount } from '../registration/home-subscribers.ts';

test.use({ labSettings: { CORE_CHALLENGE_REQUESTS: 'on' } });

test('[N.2.1.2 f] [N.2.1.2] [S-CSCF 12] [WIC 7] the WIC answers the 407, and the call is heard on both sides', async ({
  lab,
  openPage,
  subscriber,
}) => {
  const bobsPage = await openPage({ toneHz: 1_000 });
  const bobsTrace = traceW2(bobsPage);
  const bob = new WicPage(bobsPage, await subscriber('bob'), lab.wwsfUrl);
  await bob.goOnline();
  const page = await openPage({ toneHz: 440 });
  const { sent, received } = traceW2(page);
  const dora = new WicPage(page, nobody, lab.wwsfUrl);
  await dora.useSipPassword(await createDigestAccount(lab, 'dora'));
  await expect(dora.registration).toHaveText(/^Registered/u);

  await dora.dial(bob.account.username);
  await bob.answer();
  await expect(dora.call).toHaveText(/^In call/u);
  await expect.poll(async () => (await listen(bob.page)).hz).toBeCloseTo(440, -1);
  await expect.poll(async () => (await listen(page)).hz).toBeCloseTo(1_000, -1);

  await test.step('[N.2.1.2 NOTE 1a] the challenge is a 407 with a nonce that is not that of the registration', async () => {
    const [challenge = ''] = headersOf(received, 'SIP/2.0 407', 'Proxy-Authenticate');
    expect(challenge).toMatch(new RegExp(`^Digest realm="${lab.homeDomain}".*qop="auth"`, 'u'));
    const nonce = /nonce="(?<nonce>[^"]+)"/u.exec(challenge)?.groups?.nonce ?? '';
    expect(nonce).not.toBe('');
    expect(headersOf(sent, 'REGISTER', 'Authorization').join('\n')).not.toContain(nonce);
    expect(headersOf(sent, 'INVITE', 'Proxy-Authorization').at(-1)).toContain(`nonce="${nonce}"`);
    expect(headersOf(sent, 'INVITE', 'Proxy-Authorization').at(-1)).toMatch(/response="[0-9a-f]{32}"/u);
  });
  await test.step('[N.2.1.2] users of the web are not asked', async () => {
    await dora.hangUp();
    await expect(bob.call).toHaveText(/^Ended/u);
    await bob.dial(/sip:([^@]+)@/u.exec(headersOf(sent, 'INVITE', 'From')[0] ?? '')?.[1] ?? '');
    await dora.answer();
    await expect(bob.call).toHaveText(/^In call/u);
    expect(headersOf(bobsTrace.sent, 'INVITE', 'CSeq')).toEqual(['1 INVITE']);
    expect(bobsTrace.received.filter((message) => message.startsWith('SIP/2.0 407'))).toEqual([]);
    await bob.hangUp();
    await expect(dora.call).toHaveText(/^Ended/u);
  });
});

test('[N.2.1.2] [N.2.2.1] [S-CSCF 12] a wrong answer is refused, the right one passes and the called user sees neither', async ({
  lab,
}) => {
  const open = async (name: string) => {
    const { impi, impu, password } = await createDigestAccount(lab, name);
    const [user = ''] = impi.split('@');
    const wic = await Wic.open(lab.ports.epCscf, lab.wwsfUrl, user);
    const client = createClient(user, { password });
    const { response } = await answer(wic, client, await ask(wic));
    expect(response.statusCode).toBe(200);
    return { user, impu, wic, client };
  };
  const [dora, erik] = [await open('dora'), await open('erik')];

  const message = dora.wic.create('MESSAGE', { requestUri: erik.impu });
  const asked = await dora.wic.exchange(message);
  expect(asked.statusCode).toBe(407);
  let tries = 0;
  const tryAs = (user: string, password: string): Promise<SipResponse> => {
    tries += 1;
    return dora.wic.exchange(dora.wic.again(createClient(user, { password }).retry(message, asked), tries));
  };
  expect((await tryAs(dora.user, 'guessed')).statusCode).toBe(403);
  expect((await tryAs(erik.user, 'erik-secret')).statusCode).toBe(407);
  expect(erik.wic.requests.filter(({ method }) => method === 'MESSAGE')).toEqual([]);

  const right = dora.wic.again(dora.client.retry(message, asked));
  expect((await dora.wic.exchange(right)).statusCode).toBe(200);
  const got = await erik.wic.received('MESSAGE');
  expect(got.headers.has('Proxy-Authorization')).toBe(false);
  expect(got.headers.first('P-Asserted-Identity')).toBe(`<${dora.impu}>`);
  for (const { wic } of [dora, erik]) wic.close();
});
