/**
 * The programs of the README run, and print what they should.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { startExample } from './example-process.ts';
import { findFreePort } from './free-port.ts';
import { SmallRegistrar } from './small-registrar.ts';
import { answer, startUserAgent } from './user-agent.ts';

const account = { realm: 'ours.example', username: 'alice', password: 'päßword' };

describe('the examples run', () => {
  it('[RFC 3261 7] parse reads a message and tells what is wrong with a broken one', async () => {
    expect(await run('parse')).toEqual([
      'INVITE sip:bob@example.com',
      'from Alice Smith at sip:alice@example.com, tag 9fxced76sl',
      'via TCP 192.0.2.1 port 5060',
      'number 1',
      'ERR_SIP_HEADER_MALFORMED 400 CSeq: expected number below 2^31 at offset 0',
    ]);
  });

  it('[RFC 3261 8.2.6] build prints a request, a response to it, and what is made of it', async () => {
    const lines = await run('build');
    const starts = ['OPTIONS sip:bob@example.com SIP/2.0', 'SIP/2.0 200 OK', 'OPTIONS sip:bob@example.com SIP/2.0'];
    expect(lines.filter((line) => line.includes('SIP/2.0') && !line.startsWith('Via:'))).toEqual(starts);
    expect(lines.filter((line) => line.startsWith('To:'))[1]).toBe('To: <sip:bob@example.com>;tag=a6c85cf');
    expect(lines.filter((line) => line === 'Content-Length: 0')).toHaveLength(3);
  });

  it.each(['UDP', 'TCP'] as const)('[RFC 3261 13] call calls over %s, and hangs up', async (transport) => {
    const ours = await startUserAgent({ transport, onCall: (call) => answer(call, { isDescribed: true }) });
    const said = await run('call', `sip:bob@127.0.0.1:${ours.port};transport=${transport.toLowerCase()}`);
    expect(said).toEqual(['answer of 106 octets', '180 Ringing', 'answered', 'ended: local']);
    expect(ours.tally).toEqual({ 'INVITE': 1, 'PRACK': 1, 'answered': 1, 'BYE': 1, 'ended remote': 1 });
  });

  it('[RFC 3261 21.4.18] call says that nobody answers', async () => {
    const ours = await startUserAgent({ transport: 'UDP', onCall: (call) => call.reject(480) });
    expect(await run('call', `sip:bob@127.0.0.1:${ours.port}`)).toEqual(['ended: refusal']);
  });

  it.each([['SHA-256', 'MD5'], ['MD5']])(
    '[RFC 3261 10.2] register answers a challenge for %s, and leaves again',
    async (...algorithms) => {
      const registrar = await startRegistrar(algorithms);
      expect(await register(registrar.port, account.password)).toEqual([
        'registering',
        'registered',
        expect.stringMatching(/^for 600 s at sip:alice@127\.0\.0\.1:\d+$/u),
        'unregistering',
        'unregistered',
      ]);
      expect(registrar.tally).toEqual({ 200: 2, 401: 1 });
      expect(registrar.bindings).toEqual(new Map([['sip:alice@ours.example', []]]));
    },
  );

  it('[RFC 3261 22.2] register gives up with a wrong password', async () => {
    const registrar = await startRegistrar();
    expect(await register(registrar.port, 'guess')).toEqual(['registering', 'failed: challenged', 'exit code 1']);
    expect(registrar.tally).toEqual({ 401: 2 });
    expect(registrar.bindings).toEqual(new Map());
  });

  it.each(['UDP', 'TCP'] as const)('[RFC 3261 16] proxy forks a call over %s', async (transport) => {
    const busy = await startUserAgent({ transport, onCall: (call) => call.reject(486) });
    const free = await startUserAgent({ transport });
    const port = await findFreePort();
    const over = `transport=${transport.toLowerCase()}`;
    const targets = [busy, free].map((agent) => `<sip:bob@127.0.0.1:${agent.port};${over}>`);
    const proxy = startExample('proxy', String(port), ...targets);
    await proxy.lines.when((line) => line.startsWith('proxy at'));
    const said = await run('call', `sip:bob@127.0.0.1:${port};${over}`);
    expect(said.slice(-2)).toEqual(['answered', 'ended: local']);
    expect(proxy.lines.all).toEqual([`proxy at 127.0.0.1:${port} for 2 targets`, 'INVITE 200', 'PRACK 200', 'BYE 200']);
    expect(busy.tally).toEqual({ 'INVITE': 1, 'ended 486': 1 });
    expect(free.tally).toMatchObject({ 'answered': 1, 'ended remote': 1 });
  });

  it.each(['udp', 'tcp'])('[RFC 3261 13.3.1] answer takes a call over %s', async (transport) => {
    const port = await findFreePort();
    const ours = startExample('answer', String(port));
    await ours.lines.when((line) => line.startsWith('waiting'));
    const said = await run('call', `sip:bob@127.0.0.1:${port};transport=${transport}`);
    expect(said).toEqual(['180 Ringing', 'answer of 84 octets', 'answered', 'ended: local']);
    expect(ours.lines.all).toEqual([
      `waiting at sip:bob@127.0.0.1:${port}`,
      'call from sip:alice@127.0.0.1',
      'offer of 84 octets',
      'answered',
      'ended: remote',
    ]);
  });

  it('[RFC 3261 10.3] registrar takes a REGISTER of its account, and of nobody else', async () => {
    const port = await findFreePort();
    const aor = 'sip:alice@ours.example';
    const registrar = startExample('registrar', String(port), aor, account.username, account.password);
    await registrar.lines.when((line) => line.startsWith('registrar of'));
    const to = `sip:127.0.0.1:${port};transport=udp`;
    const mine = await run('register', to, aor, account.username, account.password);
    expect(mine.filter((line) => !line.startsWith('for'))).toEqual([
      'registering',
      'registered',
      'unregistering',
      'unregistered',
    ]);
    const refused = [
      await run('register', to, aor, account.username, 'guess'),
      await run('register', to, 'sip:bob@ours.example', account.username, account.password),
    ];
    expect(refused).toEqual([
      ['registering', 'failed: challenged', 'exit code 1'],
      ['registering', 'failed: refused', 'exit code 1'],
    ]);
    expect(registrar.lines.all).toEqual([
      `registrar of ${aor} at 127.0.0.1:${port}`,
      expect.stringMatching(/^sip:alice@ours\.example is at sip:alice@127\.0\.0\.1:\d+$/u),
      `${aor} is at no place`,
    ]);
  });

  it('[RFC 3261 18] endpoint asks a server, and itself', async () => {
    const server = await startUserAgent({ transport: 'UDP' });
    const ports = [String(await findFreePort())];
    const said = await run('endpoint', `sip:127.0.0.1:${server.port}`, ...ports);
    expect(said).toEqual(['200', '200']);
  });

  it.each([
    ['call', ['sip:bob@127.0.0.1:9;transport=tcp', '0'], 'cannot call: no TCP connection'],
    ['call', ['nonsense'], 'cannot call: URI: expected sip:, sips: or tel: at offset 0'],
    ['call', ['sip:bob@example.com', '0'], 'cannot call: expected host to be an IP address; request() looks names up'],
    ['proxy', ['0', '<nonsense'], "no proxy: Contact: expected '>' at offset 9"],
    ['register', ['nonsense'], 'cannot register: URI: expected sip:, sips: or tel: at offset 0'],
    ['registrar', ['0', 'nonsense'], 'no registrar: URI: expected sip:, sips: or tel: at offset 0'],
    ['answer', ['65536'], expect.stringMatching(/^cannot wait for calls: /u)],
  ])('%s %j says in one line what is wrong', async (name, args, line) => {
    const example = startExample(name, ...args);
    expect([await example.ended, example.lines.all]).toEqual([1, [line]]);
  });
});

/** What an example prints that ends well; its last argument is a port of its own. */
async function run(name: string, ...args: readonly string[]): Promise<readonly string[]> {
  const example = startExample(name, ...args, String(await findFreePort()));
  const code = await example.ended;
  return code === 0 ? example.lines.all : [...example.lines.all, `exit code ${code}`];
}

function register(registrarPort: number, password: string): Promise<readonly string[]> {
  const registrar = `sip:127.0.0.1:${registrarPort};transport=udp`;
  return run('register', registrar, 'sip:alice@ours.example', account.username, password);
}

async function startRegistrar(algorithms?: readonly string[]): Promise<SmallRegistrar & { readonly port: number }> {
  const registrar = new SmallRegistrar({ ...account, ...(algorithms === undefined ? {} : { algorithms }) });
  const { port } = await startUserAgent({ transport: 'UDP', onRequest: (request) => registrar.onRegister(request) });
  return Object.assign(registrar, { port });
}
