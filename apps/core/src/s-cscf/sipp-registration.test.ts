import { randomBytes } from 'node:crypto';
import { createMilenage, deriveOpc } from '@wicgate/aka';
import { createHa1 } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../testing/identities.ts';
import { hasSipp, registerWithSipp } from '../testing/run-sipp.ts';
import { startNetwork, statesOf, type TestNetwork } from '../testing/test-network.ts';

const identities = await createIdentities();
const suffix = hasSipp ? '' : ' (skipped: /usr/bin/sipp is missing)';

// SIPp reads what it decoded once more as a scenario: no octet may be a bracket or NUL.
const k = '6b6579206f6620746865206c6162203a';
const op = '6f70206f6620746865206e6574776f72';
const amf = 'b9b9';
const aka = (ofK: string): string => `aka_K=0x${ofK} aka_OP=0x${op} aka_AMF=0x${amf}`;

const octets = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const milenage = createMilenage({ k: octets(k), opc: deriveOpc(octets(k), octets(op)) });

/** A RAND whose RES has no NUL: SIPp takes RES for a string that ends at one, and answers wrongly. */
function randomOctets(count: number): Uint8Array {
  for (;;) {
    const rand = randomBytes(count);
    if (!milenage.f2345(rand).res.includes(0)) return rand;
  }
}

async function start(): Promise<TestNetwork> {
  const network = await startNetwork(identities, { randomOctets });
  // Of several challenges SIPp looks at the first, and of passwords it knows MD5 alone.
  const secret = { username: 'dora@ims.example', realm: 'ims.example', password: 'dora-demo' };
  const impus = (user: string): { readonly impu: string }[] => [{ impu: `sip:${user}@ims.example` }];
  const ha1 = { MD5: createHa1('MD5', secret) };
  await network.hss.subscriptions.create({ impi: 'dora@ims.example', impus: impus('dora'), digest: { ha1 } });
  await network.hss.subscriptions.create({ impi: 'erik@ims.example', impus: impus('erik'), aka: { k, op, amf } });
  return network;
}

const ports = [
  ['the I-CSCF', (network: TestNetwork) => network.core.iCscfPort],
  ['the S-CSCF', (network: TestNetwork) => network.core.sCscfPort],
] as const;
const ways = ports.flatMap(([name, portOf]) =>
  (['UDP', 'TCP'] as const).map((transport) => ({ name, portOf, transport })),
);

describe.skipIf(!hasSipp).each(ways)(`SIPp registers at $name over $transport${suffix}`, ({ portOf, transport }) => {
  it.each([
    ['[N.2.1.1] [P.4.2-3] by SIP Digest with MD5', 'dora', 'password=dora-demo', 200],
    ['[6.1.1] [P.4.2-3] by AKAv1-MD5', 'erik', aka(k), 200],
    ['[N.2.2.1] with a wrong password: 403', 'dora', 'password=guessed', 403],
  ] as const)('%s', async (_name, user, secret, statusCode) => {
    const network = await start();
    await registerWithSipp({ transport, remotePort: portOf(network), user, secret, statusCode });
    const expected = statusCode === 200 ? 'registered' : 'not-registered';
    expect((await statesOf(network, user))[0]).toBe(expected);
  });
});
