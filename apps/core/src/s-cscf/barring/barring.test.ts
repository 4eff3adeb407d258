import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIdentities } from '../../testing/identities.ts';
import { type Operator, startOperator } from '../../testing/operator.ts';
import { register, registered, startNetwork, statesOf, type TestNetwork } from '../../testing/test-network.ts';
import { Watcher } from '../../testing/watcher.ts';
import { BarredAuthorities } from './barred-authorities.ts';

const identities = await createIdentities();
const waf = 'waf.partner.example';
const wwsf = 'wwsf.partner.example';
const otherWwsf = 'wwsf.other.example';
const by = (name: string) => ({ 'authorization-entity': waf, 'wwsf': name });

interface Started {
  readonly network: TestNetwork;
  readonly operator: Operator;
}

async function start(settings: Readonly<Record<string, string>> = {}): Promise<Started> {
  const network = await startNetwork(identities, { settings });
  for (const user of ['alice', 'bob', 'carol']) {
    const allowedWafWwsfIdentities = { wafNames: [waf], wwsfNames: [wwsf, otherWwsf] };
    await network.hss.subscriptions.change(`${user}@ims.example`, { allowedWafWwsfIdentities });
  }
  return { network, operator: await startOperator(network.operations) };
}

async function watch(
  network: TestNetwork,
  user: string,
  statement: Readonly<Record<string, string>>,
): Promise<Watcher> {
  const watcher = await Watcher.ofUser(network, user, await registered(network, user, { statement }));
  await watcher.next();
  return watcher;
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'core-barred-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'barred.json');
}

describe('[X.3.2.3-6.2] [X.4.2.3-6.2] barring by the operator', () => {
  it('[X.4.2.3-6.2] [S-CSCF 5] ends what a WWSF vouched for within 1 s; users of others notice nothing', async () => {
    const { network, operator } = await start();
    const alice = await watch(network, 'alice', by(wwsf));
    const others = [await watch(network, 'bob', by(otherWwsf)), await watch(network, 'carol', {})];
    const before = performance.now();
    expect(await operator('PUT', `/barred-authorities/${wwsf}`)).toEqual({ status: 204, body: undefined });
    const { state, outline } = await alice.next();
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(state).toBe('terminated;reason=noresource');
    expect(outline.at(-1)).toMatch(/rejected terminated$/u);
    expect(await statesOf(network, 'alice')).toEqual(['not-registered', undefined]);
    expect(network.assignmentTypes.filter((type) => type === 'ADMINISTRATIVE_DEREGISTRATION')).toHaveLength(1);
    for (const [index, other] of others.entries()) {
      // A renewal brings the next document: none came between.
      await other.renew(600);
      expect((await other.next()).reginfo.version).toBe(1);
      expect((await statesOf(network, ['bob', 'carol'][index] ?? ''))[0]).toBe('registered');
    }
  });

  it.each([waf, wwsf])(
    '[X.3.2.3-6.2] [X.4.2.3-6.2] %s lets nobody in while it is barred, with a reason',
    async (name) => {
      const { network, operator } = await start();
      await operator('PUT', `/barred-authorities/${name}`);
      expect(await register(network, 'alice', { statement: by(wwsf) })).toMatchObject({
        statusCode: 403,
        reasonPhrase: 'Authorization entity or web server barred',
      });
      expect(network.assignmentTypes).toEqual([]);
      expect((await register(network, 'carol')).statusCode).toBe(200);
      await operator('DELETE', `/barred-authorities/${name}`);
      expect((await register(network, 'alice', { statement: by(wwsf) })).statusCode).toBe(200);
    },
  );

  it('[X.3.2.3-6.2] barring a WAF ends what any WWSF got from it; a contact of one’s own stays', async () => {
    const { network, operator } = await start();
    const own = '<sip:alice@own.invalid>';
    await registered(network, 'alice', { contacts: ['<sip:alice@partner.invalid>'], statement: by(wwsf) });
    const alice = await watch(network, 'alice', {});
    await registered(network, 'alice', { contacts: [own] });
    const bob = await watch(network, 'bob', by(otherWwsf));
    await operator('PUT', `/barred-authorities/${waf}`);
    expect((await bob.next()).state).toBe('terminated;reason=noresource');
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.all('Contact').join()).not.toContain('partner.invalid');
    expect(headers.all('Contact').join()).toContain('own.invalid');
    expect((await statesOf(network, 'alice'))[0]).toBe('registered');
    await alice.renew(0);
  });

  it('[TS 24.229 5.4.8] leaves emergency registrations alone', async () => {
    const { network, operator } = await start();
    const contacts = ['<sip:alice@sos.invalid;sos>'];
    await registered(network, 'alice', { contacts, statement: by(wwsf) });
    await operator('PUT', `/barred-authorities/${wwsf}`);
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.all('Contact')).toHaveLength(1);
  });

  it('[X.3.2.3-6.2] lets nobody through who registers at that very moment', async () => {
    const { network, operator } = await start();
    const registrations = [1, 2, 3].map((count) =>
      register(network, 'alice', { contacts: [`<sip:alice@c${count}.invalid>`], statement: by(wwsf) }),
    );
    await operator('PUT', `/barred-authorities/${wwsf}`);
    await Promise.all(registrations);
    const { headers } = await register(network, 'alice', { contacts: [], expires: undefined });
    expect(headers.has('Contact')).toBe(false);
  });

  it('[X.3.2.3-6.2] many users at once: each is told, and the HSS of each', async () => {
    const { network, operator } = await start();
    const users = Array.from({ length: 30 }, (_, index) => `user${index}`);
    for (const user of users) {
      await network.hss.subscriptions.create({
        impi: `${user}@ims.example`,
        impus: [{ impu: `sip:${user}@ims.example` }],
        allowedWafWwsfIdentities: { wafNames: [waf], wwsfNames: [wwsf] },
      });
    }
    const watchers = await Promise.all(users.map((user) => watch(network, user, by(wwsf))));
    const before = performance.now();
    await operator('PUT', `/barred-authorities/${wwsf}`);
    const told = await Promise.all(watchers.map((watcher) => watcher.next()));
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(new Set(told.map(({ state }) => state))).toEqual(new Set(['terminated;reason=noresource']));
    const states = await Promise.all(users.map((user) => statesOf(network, user)));
    expect(new Set(states.map(([state]) => state))).toEqual(new Set(['not-registered']));
  });
});

describe('[X.3.2.3-6.2] the list of the barred', () => {
  it('[X.3.2.3-6.2] is shown; what configuration bars stays barred', async () => {
    const { operator } = await start({ CORE_BARRED_AUTHORITIES: 'b.example' });
    await operator('PUT', '/barred-authorities/c.example');
    await operator('PUT', '/barred-authorities/a.example');
    expect(await operator('GET', '/barred-authorities')).toEqual({
      status: 200,
      body: ['a.example', 'b.example', 'c.example'],
    });
    expect((await operator('DELETE', '/barred-authorities/a.example')).status).toBe(204);
    expect((await operator('DELETE', '/barred-authorities/a.example')).status).toBe(404);
    expect((await operator('DELETE', '/barred-authorities/b.example')).status).toBe(409);
    expect((await operator('GET', '/barred-authorities')).body).toEqual(['b.example', 'c.example']);
  });

  it('[X.3.2.3-6.2] takes host names only', async () => {
    const { operator } = await start();
    for (const name of ['a%20b', '%2F', 'a_b', 'x'.repeat(300)]) {
      expect((await operator('PUT', `/barred-authorities/${name}`)).status).toBe(400);
    }
    expect((await operator('GET', '/barred-authorities')).body).toEqual([]);
  });

  it('[X.3.2.3-6.2] outlives a restart where there is a file for it', async () => {
    const file = newFile();
    const { network, operator } = await start({ CORE_BARRED_AUTHORITIES_FILE: file });
    await operator('PUT', `/barred-authorities/${wwsf}`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([wwsf]);
    await network.core.stop();
    await network.restart();
    expect((await operator('GET', '/barred-authorities')).body).toEqual([wwsf]);
    await operator('DELETE', `/barred-authorities/${wwsf}`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it.each(['', '{}', '["a b"]', '[1]'])('[X.3.2.3-6.2] a file that says %j stops the start', (text) => {
    const file = newFile();
    writeFileSync(file, text);
    expect(() => new BarredAuthorities({ configured: [], file })).toThrow(/^CORE_BARRED_AUTHORITIES_FILE: expected/u);
  });

  it('[X.3.2.3-6.2] makes the folder of its file where there is none yet', () => {
    const file = join(newFile(), 'core', 'barred.json');
    expect(new BarredAuthorities({ configured: [], file }).add(wwsf)).toBe('barred');
    expect(new BarredAuthorities({ configured: [], file }).names).toEqual([wwsf]);
  });

  it('[X.3.2.3-6.2] is bounded', () => {
    const barred = new BarredAuthorities({ configured: [], file: undefined });
    for (let count = 0; count < 1_000; count += 1) expect(barred.add(`w${count}.example`)).toBe('barred');
    expect([barred.add('one-more.example'), barred.has('one-more.example')]).toEqual(['full', false]);
    expect(barred.add('w1.example')).toBe('barred');
  });
});
