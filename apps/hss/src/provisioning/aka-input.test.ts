import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { startTestHss, subscriptionOf } from '../testing/test-hss.ts';

const k = '465b5ce8b199b49faa5f0a2ee238a6bc';
const op = 'cdc202d5123e20f62b6d676ac72cb318';
const opc = 'cd63cb71954a9f4e48a5994e37a02baf';
const address = '/subscriptions/erik@ims.example';

describe('[6.1.1] the keys of an ISIM', () => {
  it.each([
    ['nothing', {}, null],
    ['null', { aka: null }, null],
    ['K and OP', { aka: { k, op, amf: '8000', sqn: '000000000020' } }, { amf: '8000' }],
    ['K and OPc', { aka: { k: k.toUpperCase(), opc, amf: 'B9B9' } }, { amf: 'b9b9' }],
    ['no AMF', { aka: { k, opc } }, { amf: '8000' }],
  ])('[6.1.1] %s: are shown as %j only', async (_name, part, shown) => {
    const hss = await startTestHss();
    const reply = await ask(hss, 'POST', '/subscriptions', { body: { ...subscriptionOf('erik'), ...part } });
    expect(reply).toMatchObject({ status: 201, body: { aka: shown } });
    const all = JSON.stringify([
      reply.body,
      (await ask(hss, 'GET', address)).body,
      (await ask(hss, 'GET', '/subscriptions')).body,
      (await ask(hss, 'PATCH', address, { body: part })).body,
      hss.log,
    ]).toLowerCase();
    for (const secret of [k, op, opc, '000000000020']) expect(all).not.toContain(secret);
  });

  it('[6.1.1] are kept as K and OPc, never OP, in files of their owner', async () => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('erik', { aka: { k, op } }));
    const files = ['', '-wal', '-shm'].map((end) => `${hss.file}${end}`);
    const text = files.map((file) => readFileSync(file).toString('latin1')).join('');
    expect([text.includes(k), text.includes(opc), text.includes(op)]).toEqual([true, true, false]);
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  it.each([
    ['K too short', { k: k.slice(1), opc }],
    ['K of other digits', { k: 'g'.repeat(32), opc }],
    ['no K', { opc }],
    ['neither OP nor OPc', { k }],
    ['OP beside OPc', { k, op, opc }],
    ['AMF too long', { k, opc, amf: '80000' }],
    ['SQN too long', { k, opc, sqn: '0000000000200' }],
    ['SQN as a number', { k, opc, sqn: 32 }],
    ['RES', { k, opc, res: opc }],
    ['something else', k],
  ])('[6.1.1] are refused with %s, and not repeated', async (_name, aka) => {
    const hss = await startTestHss();
    const reply = await ask(hss, 'POST', '/subscriptions', { body: { ...subscriptionOf('erik'), aka } });
    expect(reply).toMatchObject({ status: 400, body: { code: 'ERR_HSS_INPUT_INVALID' } });
    for (const secret of [k.slice(1), op, opc]) expect(JSON.stringify([reply.body, hss.log])).not.toContain(secret);
  });

  it.each([
    ['the same keys', { k, opc, sqn: '000000000000' }, 0x1000],
    ['the same keys and a higher number', { k, opc, sqn: '000000002000' }, 0x2000],
    ['another K', { k: op, opc, sqn: '000000000000' }, 0],
  ])('[6.1.1] given again, %s: the number does not go back under one K', async (_name, aka, expected) => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('erik', { aka: { k, opc, sqn: '000000001000' } }));
    const { subscription } = await hss.subscriptions.change('erik@ims.example', { aka });
    expect(subscription.akaCredential?.sqn).toBe(expected);
    const { subscription: replaced } = await hss.subscriptions.replace('erik@ims.example', {
      impus: [{ impu: 'sip:erik@ims.example' }],
      aka,
    });
    expect(replaced.akaCredential?.sqn).toBe(expected);
  });

  it('[6.1.1] [RFC 9110 9.3.4] stay where the API gets back what it showed, with another AMF at will', async () => {
    const hss = await startTestHss();
    const aka = { k, op, sqn: '000000001000' };
    const before = await hss.subscriptions.create(subscriptionOf('erik', { aka, digest: { password: 'erik-demo' } }));
    const { body: shown } = await ask(hss, 'GET', address);
    const replaced = await ask(hss, 'PUT', address, { body: shown });
    expect(replaced).toMatchObject({ status: 200, body: shown });
    await expect(hss.subscriptions.find('erik@ims.example')).resolves.toEqual(before);
    await ask(hss, 'PATCH', address, { body: { aka: { amf: '0000' } } });
    await expect(hss.subscriptions.find('erik@ims.example')).resolves.toEqual({
      ...before,
      akaCredential: { ...before.akaCredential, amf: '0000' },
    });
  });

  it.each([
    ['aka', { aka: { amf: '8000' } }],
    ['digest', { digest: { algorithms: ['MD5'] } }],
  ])('[RFC 9110 9.3.4] %s: what was shown is refused where there is nothing to keep', async (name, part) => {
    const hss = await startTestHss();
    const refused = { status: 400, body: { detail: expect.stringContaining(`${name}: `) } };
    const body = { ...subscriptionOf('erik'), ...part };
    expect(await ask(hss, 'POST', '/subscriptions', { body })).toMatchObject(refused);
    await hss.subscriptions.create(subscriptionOf('erik'));
    expect(await ask(hss, 'PUT', address, { body })).toMatchObject(refused);
    expect(await ask(hss, 'PATCH', address, { body: part })).toMatchObject(refused);
  });

  it('[6.1.1] stay, where something else is changed', async () => {
    const hss = await startTestHss();
    const { akaCredential } = await hss.subscriptions.create(subscriptionOf('erik', { aka: { k, op } }));
    const { subscription } = await hss.subscriptions.change('erik@ims.example', { unregisteredServices: true });
    expect(subscription.akaCredential).toEqual(akaCredential);
  });
});
