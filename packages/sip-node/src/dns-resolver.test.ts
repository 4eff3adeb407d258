import { describe, expect, it } from 'vitest';
import { createDnsResolver, type DnsResolverOptions } from './dns-resolver.ts';
import { type DnsTable, startDnsServer } from './testing/dns-server.ts';

const table: DnsTable = {
  'NAPTR example.com': ['50 50 s SIPS+D2T _sips._tcp.example.com', '90 50 s SIP+D2T _sip._tcp.example.com'],
  'SRV _sips._tcp.example.com': ['0 1 5061 server1.example.com', '1 2 5062 server2.example.com'],
  'SRV _sip._udp.example.com': ['0 0 0 .'],
  'A server1.example.com': ['192.0.2.1', '192.0.2.2'],
  'AAAA server1.example.com': ['2001:db8::1'],
  'AAAA server2.example.com': [],
  'A broken.example.com': 'SERVFAIL',
  'A silent.example.com': 'SILENCE',
};

async function start(options: DnsResolverOptions = {}, ttlSeconds = 60) {
  const server = await startDnsServer(table, ttlSeconds);
  return { resolver: createDnsResolver({ servers: [server.address], ...options }), asked: server.asked };
}

describe('[RFC 3263 4] DNS by Node', () => {
  it('gives each kind of record', async () => {
    const { resolver } = await start();
    const naptr = await resolver.naptr('example.com');
    const first = { order: 50, preference: 50, flags: 's', service: 'SIPS+D2T', replacement: '_sips._tcp.example.com' };
    expect(naptr.toSorted((a, b) => a.order - b.order)[0]).toEqual(first);
    expect((await resolver.srv('_sips._tcp.example.com')).toSorted((a, b) => a.priority - b.priority)).toEqual([
      { priority: 0, weight: 1, port: 5_061, target: 'server1.example.com' },
      { priority: 1, weight: 2, port: 5_062, target: 'server2.example.com' },
    ]);
    expect((await resolver.a('server1.example.com')).toSorted()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await resolver.aaaa('server1.example.com')).toEqual(['2001:db8::1']);
  });

  it('[RFC 2782] keeps the record that says there is no service', async () => {
    const { resolver } = await start();
    expect(await resolver.srv('_sip._udp.example.com')).toEqual([{ priority: 0, weight: 0, port: 0, target: '.' }]);
  });

  it.each(['nowhere.example.com', 'server2.example.com'])('%s has no such record', async (name) => {
    const { resolver } = await start();
    expect(await resolver.aaaa(name)).toEqual([]);
  });

  it.each([
    ['a server that fails', 'broken.example.com', 'ESERVFAIL'],
    ['a server that says nothing', 'silent.example.com', 'ETIMEOUT'],
  ])('%s is no answer', async (_name, name, code) => {
    const { resolver, asked } = await start({ timeoutMs: 50 });
    await expect(resolver.a(name)).rejects.toMatchObject({ code });
    const before = asked.length;
    // And is asked again.
    await expect(resolver.a(name)).rejects.toMatchObject({ code });
    expect(asked.length).toBeGreaterThan(before);
  });

  it('[RFC 6761 6.3] localhost is this machine, without a question', async () => {
    const { resolver, asked } = await start();
    expect([await resolver.a('LocalHost'), await resolver.aaaa('sip.localhost')]).toEqual([['127.0.0.1'], ['::1']]);
    expect(asked).toEqual([]);
  });
});

describe('answers are kept', () => {
  it('for as long as DNS says, whatever the case of the name', async () => {
    let now = 0;
    const { resolver, asked } = await start({ now: () => now }, 10);
    await Promise.all([resolver.a('server1.example.com'), resolver.a('Server1.Example.com')]);
    now = 9_999;
    await resolver.a('server1.example.com');
    expect(asked).toHaveLength(1);
    now = 10_000;
    await resolver.a('server1.example.com');
    expect(asked).toHaveLength(2);
  });

  it('for an hour at most, and that there is nothing for five seconds', async () => {
    let now = 0;
    const { resolver, asked } = await start({ now: () => now }, 86_400);
    await resolver.a('server1.example.com');
    await resolver.a('nowhere.example.com');
    now = 5_000;
    await resolver.a('nowhere.example.com');
    expect(asked).toHaveLength(3);
    now = 3_600_000;
    await resolver.a('server1.example.com');
    expect(asked).toHaveLength(4);
  });

  it('not more of them than allowed', async () => {
    const { resolver, asked } = await start({ maxEntries: 1 });
    await resolver.a('server1.example.com');
    await resolver.aaaa('server1.example.com');
    await resolver.a('server1.example.com');
    expect(asked).toHaveLength(3);
  });
});
