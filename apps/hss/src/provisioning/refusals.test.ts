import { createProcessContext, Operations } from '@wicgate/node-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { start } from '../start.ts';
import { ask, type Question } from '../testing/ask.ts';
import { startTestHss } from '../testing/test-hss.ts';

const alice = { impi: 'alice@ims.example', impus: [{ impu: 'sip:alice@ims.example' }] };
const address = '/subscriptions/alice%40ims.example';

interface Refusal {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly question?: Question;
  readonly status: number;
  readonly detail: string;
}

const create = { method: 'POST', path: '/subscriptions' } as const;
const input = (part: object): Question => ({
  body: { ...alice, impi: 'new@ims.example', impus: [{ impu: 'tel:+1' }], ...part },
});

const refusals: readonly Refusal[] = [
  {
    what: 'a field whose name may be a key, without repeating it',
    ...create,
    question: input({ '465b5ce8b199b49faa5f0a2ee238a6bc': 1 }),
    status: 400,
    detail: 'expected no unknown fields',
  },
  {
    what: 'a name that was made to point here',
    method: 'GET',
    path: '/subscriptions',
    question: { headers: { host: 'evil.example:8446' } },
    status: 421,
    detail: 'Host',
  },
  {
    what: 'a name that begins like loopback',
    method: 'GET',
    path: '/subscriptions',
    question: { headers: { host: '127.0.0.1.evil.example' } },
    status: 421,
    detail: 'Host',
  },
  {
    what: 'any Origin',
    method: 'GET',
    path: '/subscriptions',
    question: { headers: { origin: 'http://127.0.0.1' } },
    status: 403,
    detail: 'Origin',
  },
  {
    what: 'Origin null',
    ...create,
    question: { ...input({}), headers: { origin: 'null' } },
    status: 403,
    detail: 'Origin',
  },
  {
    what: 'a request of a page',
    method: 'GET',
    path: '/subscriptions',
    question: { headers: { 'sec-fetch-site': 'cross-site' } },
    status: 403,
    detail: 'Sec-Fetch-Site',
  },
  {
    what: 'a preflight',
    method: 'OPTIONS',
    path: '/subscriptions',
    question: { headers: { origin: 'https://evil.example' } },
    status: 403,
    detail: 'Origin',
  },
  {
    what: 'a form',
    ...create,
    question: { body: 'impi=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    status: 415,
    detail: 'application/json',
  },
  {
    what: 'plain text',
    ...create,
    question: { body: JSON.stringify(alice), headers: { 'content-type': 'text/plain' } },
    status: 415,
    detail: 'application/json',
  },
  {
    what: 'a body over 64 KiB',
    ...create,
    question: { body: `"${'x'.repeat(65_536)}"` },
    status: 413,
    detail: '64 KiB',
  },
  { what: 'no JSON', ...create, question: { body: '{' }, status: 400, detail: 'expected JSON' },
  {
    what: 'a prototype',
    ...create,
    question: { body: '{"__proto__":{"impi":"x"}}' },
    status: 400,
    detail: 'expected JSON',
  },
  { what: 'no body', ...create, status: 400, detail: 'expected object' },
  { what: 'a list', ...create, question: { body: [] }, status: 400, detail: 'expected object' },
  { what: 'an unknown field', ...create, question: input({ password: 'secret' }), status: 400, detail: 'password' },
  { what: 'no public identity', ...create, question: input({ impus: [] }), status: 400, detail: 'impus' },
  {
    what: 'too many public identities',
    ...create,
    question: input({ impus: Array.from({ length: 101 }, (_, at) => ({ impu: `tel:+${at}` })) }),
    status: 400,
    detail: 'impus',
  },
  {
    what: 'a public identity twice',
    ...create,
    question: input({ impus: [{ impu: 'tel:+1' }, { impu: 'tel:+-1' }] }),
    status: 400,
    detail: 'once',
  },
  {
    what: 'an IMPU of another kind',
    ...create,
    question: input({ impus: [{ impu: 'mailto:alice@ims.example' }] }),
    status: 400,
    detail: 'impus.0.impu: expected a sip:, sips: or tel: URI',
  },
  {
    what: 'an IMPI that is no NAI',
    ...create,
    question: input({ impi: 'alice' }),
    status: 400,
    detail: 'impi: expected a NAI',
  },
  {
    what: 'a WAF that is no domain name',
    ...create,
    question: input({ allowedWafWwsfIdentities: { wafNames: ['https://waf/'] } }),
    status: 400,
    detail: 'domain name',
  },
  { what: 'an IMPI that exists', ...create, question: { body: alice }, status: 409, detail: 'impi' },
  {
    what: 'an IMPU of another',
    ...create,
    question: input({ impus: [{ impu: 'tel:+1' }, ...alice.impus] }),
    status: 409,
    detail: 'impus.1.impu',
  },
  {
    what: 'an IMPU of another, in a change',
    method: 'PATCH',
    path: '/subscriptions/bob%40ims.example',
    question: { body: { impus: alice.impus } },
    status: 409,
    detail: 'impus.0.impu',
  },
  {
    what: 'another IMPI than the address has',
    method: 'PUT',
    path: address,
    question: input({}),
    status: 400,
    detail: 'impi',
  },
  {
    what: 'to change the IMPI',
    method: 'PATCH',
    path: address,
    question: { body: { impi: 'b@ims.example' } },
    status: 400,
    detail: 'impi',
  },
  {
    what: 'an unknown reason',
    method: 'POST',
    path: `${address}/deregister`,
    question: { body: { reasonCode: 'BORED' } },
    status: 400,
    detail: 'reasonCode',
  },
  {
    what: 'a reason with a line break',
    method: 'POST',
    path: `${address}/deregister`,
    question: { body: { reasonInfo: 'a\r\nb' } },
    status: 400,
    detail: 'reasonInfo',
  },
  { what: 'an address that is no IMPI', method: 'GET', path: '/subscriptions/alice', status: 400, detail: 'NAI' },
  { what: 'an unknown IMPI', method: 'GET', path: '/subscriptions/x%40y', status: 404, detail: 'impi' },
  {
    what: 'to replace an unknown IMPI',
    method: 'PUT',
    path: '/subscriptions/x%40y',
    question: { body: { impus: [{ impu: 'tel:+1' }] } },
    status: 404,
    detail: 'impi',
  },
  {
    what: 'to change an unknown IMPI',
    method: 'PATCH',
    path: '/subscriptions/x%40y',
    question: { body: {} },
    status: 404,
    detail: 'impi',
  },
  { what: 'to delete an unknown IMPI', method: 'DELETE', path: '/subscriptions/x%40y', status: 404, detail: 'impi' },
  {
    what: 'to deregister an unknown IMPI',
    method: 'POST',
    path: '/subscriptions/x%40y/deregister',
    status: 404,
    detail: 'impi',
  },
  { what: 'an unknown address', method: 'GET', path: '/', status: 404, detail: 'address' },
  { what: 'a limit too high', method: 'GET', path: '/subscriptions?limit=201', status: 400, detail: 'limit' },
  { what: 'a limit that is no number', method: 'GET', path: '/subscriptions?limit=all', status: 400, detail: 'limit' },
  { what: 'an unknown query', method: 'GET', path: '/subscriptions?sort=asc', status: 400, detail: 'sort' },
  { what: 'an address with a broken escape', method: 'GET', path: '/subscriptions/%zz', status: 400, detail: '' },
];

describe('Provisioning API refuses', () => {
  it.each(refusals)('[RFC 9457 3] $what with $status', async ({ method, path, question, status, detail }) => {
    const hss = await startTestHss();
    await hss.subscriptions.create(alice);
    await hss.subscriptions.create({ impi: 'bob@ims.example', impus: [{ impu: 'sip:bob@ims.example' }] });
    const reply = await ask(hss, method, path, question);
    expect(reply).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' });
    expect(reply.body).toMatchObject({ status, type: 'about:blank', code: expect.stringMatching(/^ERR_HSS_/) });
    expect(reply.body.detail).toContain(detail);
    expect(JSON.stringify(reply.body)).not.toContain('secret');
    await expect(ask(hss, 'GET', '/subscriptions')).resolves.toMatchObject({
      body: { subscriptions: [alice, { impi: 'bob@ims.example' }] },
    });
  });

  it('[RFC 9110 15.5.20] accepts each name of loopback, and what is typed into a browser', async () => {
    const hss = await startTestHss();
    for (const host of ['localhost', `LOCALHOST:${hss.port}`, '[::1]:8446', '127.1.2.3']) {
      await expect(ask(hss, 'GET', '/subscriptions', { headers: { host } })).resolves.toMatchObject({ status: 200 });
    }
    const headers = { 'sec-fetch-site': 'none' };
    await expect(ask(hss, 'GET', '/subscriptions', { headers })).resolves.toMatchObject({ status: 200 });
  });

  it('[RFC 9457 3] whatever JSON it does not understand, and lives', async () => {
    const hss = await startTestHss();
    const field = fc.constantFrom('impi', 'impus', 'roamingNetworks', 'serverCapabilities', 'allowedWafWwsfIdentities');
    const body = fc.oneof(
      fc.json(),
      fc.dictionary(field, fc.jsonValue()).map((part) => JSON.stringify({ ...alice, ...part })),
    );
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const { status } = await ask(hss, 'POST', '/subscriptions', { body: text });
        expect([201, 400, 409]).toContain(status);
      }),
      { numRuns: 300 },
    );
    await expect(ask(hss, 'GET', '/subscriptions')).resolves.toMatchObject({ status: 200 });
  });

  it('[RFC 9110 15.5.10] lets one of many creations of the same win', async () => {
    const hss = await startTestHss();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => ask(hss, 'POST', '/subscriptions', { body: alice })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
  });

  it('[RFC 9457 3] says which port is taken, and how to change it', async () => {
    const hss = await startTestHss();
    const config = {
      HSS_HOST: '127.0.0.1',
      HSS_PORT: hss.port,
      HSS_DATABASE_FILE: hss.file,
      HSS_HOME_DOMAIN: 'a.example',
    };
    const context = createProcessContext('hss', {
      operations: new Operations(),
      level: 'silent',
      write: () => undefined,
    });
    await expect(start(config, context)).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      message: expect.stringContaining('HSS_PORT'),
    });
  });
});
