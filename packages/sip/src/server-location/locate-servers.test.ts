import { describe, expect, it } from 'vitest';
import { parseVia } from '../headers/via.ts';
import { parseUri } from '../uris/uri.ts';
import { type LocationOptions, locateResponse, locateServers } from './locate-servers.ts';
import type { ServerTarget } from './server-target.ts';
import { MemoryZone, type Zone } from './testing/memory-zone.ts';

type Options = Omit<LocationOptions, 'resolver' | 'random'>;

async function collect(targets: AsyncIterable<ServerTarget>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { transport, address, port, domain } of targets) {
    found.push(`${transport} ${address} ${port} ${domain}`);
  }
  return found;
}

function locate(text: string, resolver: MemoryZone, options: Options = {}): Promise<readonly string[]> {
  const uri = parseUri(text);
  if (uri.scheme === 'tel') throw new TypeError('expected sip: or sips:');
  return collect(locateServers(uri, { resolver, random: () => 0, ...options }));
}

const answer = (via: string, resolver: MemoryZone, options: Options = {}): Promise<readonly string[]> =>
  collect(locateResponse(parseVia(`SIP/2.0/${via};branch=z9hG4bK1`), { resolver, random: () => 0, ...options }));

/** The zone of RFC 3263 4.1's example, with addresses. */
const full: Zone = {
  naptr: {
    'example.com': [
      '50 50 s SIPS+D2T _sips._tcp.example.com.',
      '90 50 s SIP+D2T _sip._tcp.example.com.',
      '100 50 s SIP+D2U _sip._udp.example.com.',
    ],
  },
  srv: {
    '_sips._tcp.example.com': ['0 1 5071 server1.example.com', '0 2 5072 server2.example.com.'],
    '_sip._tcp.example.com': ['0 1 5060 server1.example.com'],
    '_sip._udp.example.com': ['0 1 5080 server1.example.com', '1 1 5081 server2.example.com'],
  },
  a: { 'server1.example.com': ['192.0.2.1'], 'server2.example.com': ['192.0.2.2'], 'example.com': ['192.0.2.9'] },
  aaaa: { 'server1.example.com': ['2001:db8::1'] },
};
const onlySrv: Zone = { ...full, naptr: {} };
const onlyAddresses: Zone = {
  a: { 'example.com': ['192.0.2.9', '192.0.2.10'] },
  aaaa: { 'example.com': ['2001:db8::9'] },
};

describe('[RFC 3263 4.1] without any lookup', () => {
  it.each([
    ['[RFC 3263 4.1] a numeric target', 'sip:a@192.0.2.1', 'UDP 192.0.2.1 5060 192.0.2.1'],
    ['[RFC 3263 4.1] a numeric target of sips:', 'sips:a@192.0.2.1', 'TLS 192.0.2.1 5061 192.0.2.1'],
    ['[RFC 3263 4.2] a numeric target with a port', 'sip:a@192.0.2.1:5080', 'UDP 192.0.2.1 5080 192.0.2.1'],
    ['[RFC 5118 4.1] a numeric target of IPv6', 'sip:[2001:db8::1]:5080', 'UDP 2001:db8::1 5080 2001:db8::1'],
    ['[RFC 3263 4.1] a transport parameter', 'sip:192.0.2.1;transport=tcp', 'TCP 192.0.2.1 5060 192.0.2.1'],
    ['[RFC 3261 26.2.2] transport=tcp of sips:', 'sips:192.0.2.1;transport=tcp', 'TLS 192.0.2.1 5061 192.0.2.1'],
    ['[RFC 3261 26.2.2] transport=tls of sip:', 'sip:192.0.2.1;transport=TLS', 'TLS 192.0.2.1 5061 192.0.2.1'],
    ['[RFC 3263 4] maddr instead of the host', 'sip:example.com;maddr=192.0.2.7', 'UDP 192.0.2.7 5060 example.com'],
    ['[RFC 3263 4] maddr of IPv6', 'sips:example.com;maddr=[2001:db8::7]', 'TLS 2001:db8::7 5061 example.com'],
  ])('%s', async (_name, uri, target) => {
    const zone = new MemoryZone(full);
    expect(await locate(uri, zone)).toEqual([target]);
    expect(zone.asked).toEqual([]);
  });
});

describe('[RFC 3263 4.1] selecting a transport', () => {
  it('NAPTR records lead to SRV records: of the lowest order only', async () => {
    const zone = new MemoryZone(full);
    expect(await locate('sip:bob@example.com', zone)).toEqual([
      'TLS 2001:db8::1 5071 example.com',
      'TLS 192.0.2.1 5071 example.com',
      'TLS 192.0.2.2 5072 example.com',
    ]);
    expect(zone.asked).toEqual([
      'naptr example.com',
      'srv _sips._tcp.example.com',
      'aaaa server1.example.com',
      'a server1.example.com',
      'aaaa server2.example.com',
      'a server2.example.com',
    ]);
  });

  it('services that we do not speak are passed over', async () => {
    expect(await locate('sip:example.com', new MemoryZone(full), { transports: ['UDP'], families: ['IPv4'] })).toEqual([
      'UDP 192.0.2.1 5080 example.com',
      'UDP 192.0.2.2 5081 example.com',
    ]);
  });

  it('preference decides within one order', async () => {
    const naptr = { 'example.com': ['1 20 S sip+d2u _sip._udp.example.com', '1 10 s SIP+D2T _sip._tcp.example.com'] };
    expect(await locate('sip:example.com', new MemoryZone({ ...full, naptr }), { families: ['IPv4'] })).toEqual([
      'TCP 192.0.2.1 5060 example.com',
      'UDP 192.0.2.1 5080 example.com',
      'UDP 192.0.2.2 5081 example.com',
    ]);
  });

  it('[RFC 3263 4.1] sips: takes nothing but TLS', async () => {
    const naptr = { 'example.com': ['1 1 s SIP+D2T _sip._tcp.example.com', '2 1 s SIPS+D2T _sips._tcp.example.com'] };
    const targets = await locate('sips:example.com', new MemoryZone({ ...full, naptr }));
    expect(targets[0]).toBe('TLS 2001:db8::1 5071 example.com');
    expect(targets.every((target) => target.startsWith('TLS '))).toBe(true);
  });

  it('[RFC 7118 5.3] a WebSocket service is reached where NAPTR names it', async () => {
    const naptr = { 'example.com': ['1 1 s SIPS+D2W _sips._ws.example.com'] };
    const srv = { '_sips._ws.example.com': ['0 0 8443 server2.example.com'] };
    const zone = new MemoryZone({ ...full, naptr, srv });
    expect(await locate('sip:example.com', zone, { transports: ['WSS'] })).toEqual(['WSS 192.0.2.2 8443 example.com']);
  });

  it('without NAPTR, each transport that we speak is asked for by SRV, in our order', async () => {
    const zone = new MemoryZone(onlySrv);
    const targets = await locate('sip:example.com', zone, { families: ['IPv4'] });
    expect(targets).toEqual([
      'TCP 192.0.2.1 5060 example.com',
      'UDP 192.0.2.1 5080 example.com',
      'UDP 192.0.2.2 5081 example.com',
    ]);
    expect(zone.asked).not.toContain('srv _sips._tcp.example.com');
  });

  it('without NAPTR, sips: asks for _sips._tcp', async () => {
    const zone = new MemoryZone(onlySrv);
    expect((await locate('sips:example.com', zone))[0]).toBe('TLS 2001:db8::1 5071 example.com');
    expect(zone.asked.slice(0, 2)).toEqual(['naptr example.com', 'srv _sips._tcp.example.com']);
  });

  it('NAPTR records of other applications count for nothing', async () => {
    const naptr = { 'example.com': ['1 1 u E2U+sip _x.example.com', '1 1 a SIP+D2U server2.example.com'] };
    expect((await locate('sip:example.com', new MemoryZone({ ...full, naptr })))[0]).toContain('TCP 2001:db8::1');
  });

  it.each([
    ['TLS', 'sip:192.0.2.1', 'TLS 192.0.2.1 5061 192.0.2.1'],
    ['TLS', 'sip:example.com', 'TLS 2001:db8::1 5071 example.com'],
    ['TCP', 'sip:192.0.2.1', 'TCP 192.0.2.1 5060 192.0.2.1'],
  ] as const)('an element that speaks %s alone goes on with that: %s', async (transport, uri, target) => {
    expect((await locate(uri, new MemoryZone(onlySrv), { transports: [transport] }))[0]).toBe(target);
  });
});

describe('[RFC 3263 4.2] port and address', () => {
  it('a port makes it a matter of addresses alone', async () => {
    const zone = new MemoryZone(full);
    expect(await locate('sip:example.com:5099', zone)).toEqual(['UDP 192.0.2.9 5099 example.com']);
    expect(zone.asked).toEqual(['aaaa example.com', 'a example.com']);
  });

  it('a transport parameter without a port is asked for by SRV', async () => {
    const zone = new MemoryZone(full);
    expect((await locate('sip:example.com;transport=tcp', zone))[0]).toBe('TCP 2001:db8::1 5060 example.com');
    expect(zone.asked[0]).toBe('srv _sip._tcp.example.com');
  });

  it.each([
    ['sip:example.com', 'UDP', 5_060],
    ['sips:example.com', 'TLS', 5_061],
    ['sip:example.com;transport=tcp', 'TCP', 5_060],
    ['sip:example.com;transport=tls', 'TLS', 5_061],
  ])('without SRV, %s goes to the addresses of the host: %s, port %i', async (uri, transport, port) => {
    expect(await locate(uri, new MemoryZone(onlyAddresses))).toEqual(
      ['2001:db8::9', '192.0.2.9', '192.0.2.10'].map((address) => `${transport} ${address} ${port} example.com`),
    );
  });

  it.each([
    ['sip:example.com;transport=ws', 'WS 192.0.2.9 80 example.com'],
    ['sips:example.com;transport=ws', 'WSS 192.0.2.9 443 example.com'],
  ])('[RFC 6455 3] %s has the ports of the web', async (uri, target) => {
    expect(await locate(uri, new MemoryZone(full), { transports: ['WS', 'WSS'] })).toEqual([target]);
  });

  it('NAPTR without its SRV leads to the host by the transport it names', async () => {
    const zone = new MemoryZone({ ...full, srv: {} });
    expect(await locate('sip:example.com', zone)).toEqual(['TLS 192.0.2.9 5061 example.com']);
  });

  it('addresses come in the order of families that we like', async () => {
    const zone = new MemoryZone(onlyAddresses);
    const targets = await locate('sip:example.com', zone, { families: ['IPv4', 'IPv6'] });
    expect(targets.map((target) => target.split(' ')[1])).toEqual(['192.0.2.9', '192.0.2.10', '2001:db8::9']);
  });

  it('targets are found when they are asked for', async () => {
    const zone = new MemoryZone(full);
    const uri = parseUri('sips:example.com');
    if (uri.scheme === 'tel') throw new TypeError('expected sips:');
    const targets = locateServers(uri, { resolver: zone, random: () => 0 });
    await targets.next();
    await targets.return();
    expect(zone.asked).not.toContain('a server2.example.com');
  });
});

describe('[RFC 3263 4] nothing to send to', () => {
  const noService: Zone = { ...full, naptr: {}, srv: { '_sip._udp.example.com': ['0 0 0 .'] } };
  it.each([
    ['[RFC 3261 26.2.2] sips: over UDP', 'sips:example.com;transport=udp', full, {}],
    ['a transport that nobody here speaks', 'sip:192.0.2.1;transport=sctp', full, {}],
    ['a transport that we were told not to speak', 'sip:192.0.2.1;transport=tcp', full, { transports: ['UDP'] }],
    ['sips: without TLS', 'sips:192.0.2.1', full, { transports: ['UDP', 'TCP'] }],
    ['[RFC 3263 4.1] only services that we do not speak', 'sip:example.com', full, { transports: ['WS'] }],
    ['[RFC 2782] a service that is decidedly not there', 'sip:example.com;transport=udp', noService, {}],
    ['a name that does not exist', 'sip:nowhere.example', full, {}],
    ['only addresses of a family that we have not', 'sip:server2.example.com:1', full, { families: ['IPv6'] }],
  ] as const)('%s', async (_name, uri, zone, options) => {
    await expect(locate(uri, new MemoryZone(zone), options)).rejects.toMatchObject({
      code: 'ERR_SIP_SERVER_NOT_FOUND',
      statusCode: 503,
      cause: undefined,
    });
  });

  it('says why, where DNS did not answer', async () => {
    const zone = new MemoryZone({ failing: ['aaaa example.com', 'a example.com'] });
    await expect(locate('sip:example.com:5060', zone)).rejects.toMatchObject({ cause: new Error('SERVFAIL') });
  });

  it('a lookup that fails costs no more than what it would have found', async () => {
    const zone = new MemoryZone({ ...full, failing: ['naptr example.com', 'aaaa server1.example.com'] });
    expect(await locate('sip:example.com;transport=tcp', zone)).toEqual(['TCP 192.0.2.1 5060 example.com']);
    expect((await locate('sip:example.com', zone))[0]).toBe('TCP 192.0.2.1 5060 example.com');
  });
});

describe('a zone that leads nowhere', () => {
  const many = Array.from({ length: 500 }, (_, index) => `${index} 0 5060 host${index}.example.com`);

  it('gets no more than so many lookups', async () => {
    const zone = new MemoryZone({ srv: { '_sip._tcp.example.com': many, '_sip._udp.example.com': many } });
    await expect(locate('sip:example.com', zone)).rejects.toMatchObject({ code: 'ERR_SIP_SERVER_NOT_FOUND' });
    expect(zone.asked).toHaveLength(48);
  });

  it('gets no more than so many targets, each once', async () => {
    const a = { 'example.com': Array.from({ length: 500 }, (_, index) => `192.0.2.${index % 250}`) };
    expect(await locate('sip:example.com:5060', new MemoryZone({ a }))).toHaveLength(16);
    expect(await locate('sip:example.com:5060', new MemoryZone({ a }), { maxTargets: 1_000 })).toHaveLength(250);
  });

  it('is not asked for a name longer than names may be', async () => {
    const zone = new MemoryZone({});
    await expect(locate(`sip:${'a.'.repeat(150)}example:1`, zone)).rejects.toMatchObject({ statusCode: 503 });
    expect(zone.asked).toEqual([]);
  });
});

describe('[RFC 3263 5] where a response goes', () => {
  it.each([
    ['a numeric sent-by with a port', 'UDP 192.0.2.1:5080', ['UDP 192.0.2.1 5080 192.0.2.1'], []],
    ['a numeric sent-by without one', 'TLS [2001:db8::1]', ['TLS 2001:db8::1 5061 2001:db8::1'], []],
    [
      'a name with a port',
      'TCP example.com:5080',
      ['TCP 192.0.2.9 5080 example.com'],
      ['aaaa example.com', 'a example.com'],
    ],
  ])('%s', async (_name, via, targets, asked) => {
    const zone = new MemoryZone(full);
    expect(await answer(via, zone)).toEqual(targets);
    expect(zone.asked).toEqual(asked);
  });

  it('a name without a port is asked for by SRV, of the transport in Via alone', async () => {
    const zone = new MemoryZone(full);
    expect(await answer('UDP example.com', zone, { families: ['IPv4'] })).toEqual([
      'UDP 192.0.2.1 5080 example.com',
      'UDP 192.0.2.2 5081 example.com',
    ]);
    expect(zone.asked[0]).toBe('srv _sip._udp.example.com');
  });

  it('without SRV, the host itself', async () => {
    expect((await answer('TLS example.com', new MemoryZone(onlyAddresses)))[0]).toBe(
      'TLS 2001:db8::9 5061 example.com',
    );
  });

  it('a transport that we do not speak leads nowhere', async () => {
    await expect(answer('SCTP example.com', new MemoryZone(full))).rejects.toMatchObject({
      code: 'ERR_SIP_SERVER_NOT_FOUND',
    });
  });
});
