/**
 * Speaking as somebody else, going past the S-CSCF, and entering the dialogs and subscriptions of others (TS 33.203
 * X.3.2.3 step 7, TS 24.229 5.2.6.3, 5.4.2.1.1, RFC 3680).
 *
 * @module
 */
import { CertificateAuthority } from '@wicgate/certificates';
import { exchangeTcp, requestText } from '../faults/sip-peer.ts';
import { exchangeTls } from './exchange-tls.ts';
import { expect, test } from './stage.ts';
import type { Header, Wic } from './wic.ts';

const impuOf = ({ user }: Wic): string => `sip:${user}@ims.example`;
const asserting = (who: Wic): Header => ['P-Asserted-Identity', `<${impuOf(who)}>`];

test('[24.229 5.2.6.3] [eP-CSCF 13] P-Asserted-Identity of the UE’s own is never told the called, but by a naive edge', async ({
  stage,
}) => {
  const [victim, called] = [await stage.registered('victim'), await stage.registered('called')];
  const shown = async (attacker: Wic): Promise<string | undefined> => {
    const request = attacker.create('MESSAGE', { requestUri: impuOf(called), headers: [asserting(victim)] });
    expect((await attacker.exchange(request)).statusCode).toBe(200);
    const received = await called.received('MESSAGE', request.headers.first('Call-ID'));
    return received.headers.first('P-Asserted-Identity');
  };
  const mallory = await stage.registered('mallory');
  expect(await shown(mallory)).toBe(`<${impuOf(mallory)}>`);
  expect(await shown(await stage.registered('mallory', 'naive edge'))).toBe(`<${impuOf(victim)}>`);
});

test('[24.229 5.2.6.3] [eP-CSCF 13] From of another user is refused, and shown to the called by a naive edge', async ({
  stage,
}) => {
  const [victim, called] = [await stage.registered('victim'), await stage.registered('called')];
  const headers = [['From', `<${impuOf(victim)}>;tag=mallory`]] as const;
  const mallory = await stage.registered('mallory');
  expect((await mallory.request('MESSAGE', { requestUri: impuOf(called), headers })).statusCode).toBe(403);
  const naive = await stage.registered('mallory', 'naive edge');
  const claimed = [...headers, asserting(naive)];
  expect((await naive.request('MESSAGE', { requestUri: impuOf(called), headers: claimed })).statusCode).toBe(200);
  expect((await called.received('MESSAGE')).headers.first('From')).toContain(impuOf(victim));
  expect(await stage.reach(mallory, called.user)).toBe(200);
});

test('[X.3.2.3-7] [eP-CSCF 13] a request of a registered user from a second connection is refused, and passed on by a naive edge', async ({
  stage,
}) => {
  const [victim, called] = [await stage.registered('victim'), await stage.registered('called')];
  const route = `<sip:orig@127.0.0.1:${stage.lab.ports.sCscfTls};transport=tls;lr>`;
  const attack = async (second: Wic): Promise<number> => {
    const headers = [asserting(victim), ['Route', route]] as const;
    return (await second.request('MESSAGE', { requestUri: impuOf(called), headers })).statusCode;
  };
  expect(await attack(await stage.open(victim.user))).toBe(403);
  expect(called.requests).toEqual([]);
  expect(await attack(await stage.open(victim.user, 'naive edge'))).toBe(200);
  expect(await stage.reach(victim, called.user)).toBe(200);
});

test('[24.229 5.2.6.3] Route around the S-CSCF is refused, and taken by a naive edge', async ({ stage }) => {
  const called = await stage.registered('called');
  const route = `<sip:127.0.0.1:${stage.lab.ports.iCscfTls};transport=tls;lr>`;
  const attack = async (attacker: Wic): Promise<number> =>
    (await attacker.request('MESSAGE', { requestUri: impuOf(called), headers: [['Route', route]] })).statusCode;
  const mallory = await stage.registered('mallory');
  expect(await attack(mallory)).toBe(403);
  expect(called.requests).toEqual([]);
  // Nobody has registered there, nor proven anything.
  expect(await attack(await stage.open('nobody', 'naive edge'))).toBe(200);
  expect(await stage.reach(mallory, called.user)).toBe(200);
});

test('[RFC 3680 5] [24.229 5.4.2.1.1] SUBSCRIBE to the registrations of another user is refused, and granted by way of a naive edge', async ({
  stage,
}) => {
  const victim = await stage.registered('victim');
  const attack = async (attacker: Wic): Promise<number> => {
    const headers = [asserting(victim), ['Event', 'reg'], ['Expires', '600']] as const;
    return (await attacker.request('SUBSCRIBE', { requestUri: impuOf(victim), headers })).statusCode;
  };
  expect(await attack(await stage.registered('mallory'))).toBe(403);
  expect(await attack(await stage.registered('mallory', 'naive edge'))).toBe(200);
  expect(await attack(victim)).toBe(200);
});

test('[RFC 3261 12.2] forged requests in the dialog of two others are refused, and end it by way of a naive edge', async ({
  stage,
}) => {
  const [caller, called] = [await stage.registered('caller'), await stage.registered('called')];
  const invite = caller.create('INVITE', { requestUri: impuOf(called) });
  const { statusCode, headers: accepted } = await caller.exchange(invite);
  expect(statusCode).toBe(200);
  const routes = accepted.all('Record-Route').toReversed();
  // Everything that there is to know of the dialog: that it is secret protects nobody.
  const dialog = (from: number): readonly Header[] => [
    ['From', invite.headers.first('From') ?? ''],
    ['To', accepted.first('To') ?? ''],
    ['Call-ID', invite.headers.first('Call-ID') ?? ''],
    ['CSeq', '900 BYE'],
    ...routes.slice(from).map((route) => ['Route', route] as const),
  ];
  const bye = (wic: Wic, from: number) => wic.request('BYE', { requestUri: impuOf(called), headers: dialog(from) });

  const mallory = await stage.registered('mallory');
  for (const from of [0, 1]) expect((await bye(mallory, from)).statusCode).toBe(403);
  expect(called.requests.map(({ method }) => method)).not.toContain('BYE');

  expect((await bye(await stage.open('nobody', 'naive edge'), 1)).statusCode).toBe(200);
  expect((await called.received('BYE')).method).toBe('BYE');
});

/** Says that the network has put `victim` out. */
function forgedNotify(victim: Wic): { readonly headers: readonly Header[]; readonly body: string } {
  const body = [
    '<?xml version="1.0"?>',
    '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="9" state="full">',
    `<registration aor="${impuOf(victim)}" id="r1" state="terminated">`,
    `<contact id="c1" state="terminated" event="rejected"><uri>sip:${victim.user}@x.invalid</uri></contact>`,
    '</registration></reginfo>',
  ].join('');
  const headers = [
    ['Event', 'reg'],
    ['Subscription-State', 'active;expires=600'],
    ['Content-Type', 'application/reginfo+xml'],
  ] as const;
  return { headers, body };
}

/** The same as text, of a node that is none of the network's. */
function strangeNotify(victim: Wic, transport: string): string {
  const { headers, body } = forgedNotify(victim);
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const text = requestText({ method: 'NOTIFY', user: 'nobody', requestUri: gateway, transport, headers: lines });
  return text.replace('Content-Length: 0\r\n\r\n', `Content-Length: ${body.length}\r\n\r\n`) + body;
}

const gateway = 'sip:ep-cscf.ims.example';

test('[eP-CSCF 22] [RFC 3680 5] a forged NOTIFY that somebody is put out is refused of a WIC and of a strange node, and believed by a naive edge', async ({
  stage,
}) => {
  const { caFile, ports } = stage.lab;
  const friend = await stage.registered('friend');
  const victim = await stage.registered('victim');
  const mallory = await stage.registered('mallory');
  const { headers, body } = forgedNotify(victim);
  const inDialog = [...headers, ['To', `<${gateway}>;tag=guessed`]] as const;
  expect((await mallory.request('NOTIFY', { requestUri: gateway, headers, body })).statusCode).toBe(404);
  expect((await mallory.request('NOTIFY', { requestUri: gateway, headers: inDialog, body })).statusCode).toBe(403);
  const authority = await CertificateAuthority.open(stage.certificates);
  const files = { ...(await authority.certificate('mallory', ['mallory.ims.example'])), caFile };
  expect(await exchangeTls(ports.epCscfMw, strangeNotify(victim, 'TLS'), files)).toMatch(/^SIP\/2.0 403 /u);
  expect(victim.isOpen).toBe(true);
  expect(await stage.reach(friend, victim.user)).toBe(200);

  const byWic = await stage.registered('victim', 'naive edge');
  await (await stage.open('nobody', 'naive edge')).request('NOTIFY', { requestUri: gateway, ...forgedNotify(byWic) });
  expect(await byWic.closed).toBe(1_000);
  const byNode = await stage.registered('victim', 'naive edge');
  await exchangeTcp(stage.naiveEdge.mwPort, strangeNotify(byNode, 'TCP'));
  expect(await byNode.closed).toBe(1_000);
});
