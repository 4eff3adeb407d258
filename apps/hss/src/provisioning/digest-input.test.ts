import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { startTestHss, subscriptionOf } from '../testing/test-hss.ts';

const md5 = 'a'.repeat(32);
const sha256 = 'b'.repeat(64);

describe('[N.2.1.1] the SIP Digest credential of a subscription', () => {
  it.each([
    ['no credential', {}, null],
    ['null', { digest: null }, null],
    ['a password', { digest: { password: 'p4ssword-of-dora' } }, { algorithms: ['SHA-256', 'MD5'] }],
    ['both H(A1)s', { digest: { ha1: { 'MD5': md5, 'SHA-256': sha256 } } }, { algorithms: ['SHA-256', 'MD5'] }],
    ['one H(A1)', { digest: { ha1: { MD5: md5 } } }, { algorithms: ['MD5'] }],
  ])('[N.2.1.1] [HSS 4] %s: is shown as %j only', async (_name, part, shown) => {
    const hss = await startTestHss();
    const reply = await ask(hss, 'POST', '/subscriptions', { body: { ...subscriptionOf('dora'), ...part } });
    expect(reply).toMatchObject({ status: 201, body: { digest: shown } });
    const all = JSON.stringify([
      reply.body,
      (await ask(hss, 'GET', '/subscriptions/dora@ims.example')).body,
      (await ask(hss, 'GET', '/subscriptions')).body,
      (await ask(hss, 'PATCH', '/subscriptions/dora@ims.example', { body: part })).body,
      hss.log,
    ]);
    for (const secret of [md5, sha256, 'p4ssword-of-dora']) expect(all).not.toContain(secret);
    const files = ['', '-wal'].map((end) => readFileSync(`${hss.file}${end}`).toString('latin1')).join('');
    expect(files).not.toContain('p4ssword-of-dora');
  });

  it.each([
    ['an empty password', { password: '' }],
    ['a password that is too long', { password: 'x'.repeat(129) }],
    ['a password with a control character', { password: 'a\nb' }],
    ['a password beside H(A1)', { password: 'p', ha1: { MD5: md5 } }],
    ['H(A1) without MD5', { ha1: { 'SHA-256': sha256 } }],
    ['H(A1) too short', { ha1: { MD5: md5.slice(1) } }],
    ['H(A1) of other digits', { ha1: { MD5: 'g'.repeat(32) } }],
    ['H(A1) of another algorithm', { ha1: { 'MD5': md5, 'SHA-512-256': sha256 } }],
    ['something else', 'secret'],
  ])('[N.2.1.1] refuses %s, and does not repeat it', async (_name, digest) => {
    const hss = await startTestHss();
    const body = { ...subscriptionOf('dora'), digest };
    const reply = await ask(hss, 'POST', '/subscriptions', { body });
    expect(reply).toMatchObject({ status: 400, body: { code: 'ERR_HSS_INPUT_INVALID' } });
    for (const secret of ['secret', md5.slice(1), sha256]) expect(JSON.stringify(reply.body)).not.toContain(secret);
  });
});
