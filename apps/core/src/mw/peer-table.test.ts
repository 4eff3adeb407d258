import { describe, expect, it } from 'vitest';
import { hostPort } from './host-port.ts';
import { PeerTable, parsePeers } from './peer-table.ts';

describe('the list of peers', () => {
  it.each([
    ['127.0.0.1:5061=a.example', [{ host: '127.0.0.1', port: 5_061, name: 'a.example' }]],
    [
      'Host.example:1=A.example, [2001:DB8::1]:65535=b.example',
      [
        { host: 'host.example', port: 1, name: 'a.example' },
        { host: '[2001:db8::1]', port: 65_535, name: 'b.example' },
      ],
    ],
  ])('%s', (text, peers) => {
    expect(parsePeers(text)).toEqual(peers);
  });

  it.each(['', 'a.example', 'a:1', 'a:0=b', 'a:65536=b', 'a:x=b', 'a:1=b c', '2001:db8::1:5061=b', 'a:1=b,,c:1=d'])(
    '%j is none',
    (text) => {
      expect(parsePeers(text)).toBeUndefined();
    },
  );
});

describe('[TS 33.210 5] the peers', () => {
  const table = new PeerTable(parsePeers('192.0.2.1:5061=a.example,[2001:db8::1]:6000=b.example') ?? []);

  it.each([
    ['sip:192.0.2.1', 'a.example'],
    ['sip:flow@192.0.2.1:5061;transport=tls;lr', 'a.example'],
    ['sip:[2001:DB8::1]:6000', 'b.example'],
  ])('%s leads to %s', (uri, name) => {
    expect(table.locate(uri).name).toBe(name);
  });

  it.each(['sip:192.0.2.1:5060', 'sip:192.0.2.2', 'tel:+49301', 'sip:[2001:db8::1]'])('%s leads to nobody', (uri) => {
    expect(() => table.locate(uri)).toThrow(expect.objectContaining({ code: 'ERR_CORE_NO_ROUTE', statusCode: 404 }));
  });

  it('[RFC 5922 7.2] trust is a name that a certificate proves', () => {
    expect(table.isTrusted(['x.example', 'b.example'])).toBe(true);
    expect(table.isTrusted(['x.example'])).toBe(false);
    expect(table.isTrusted(['192.0.2.1'])).toBe(false);
    expect(table.isTrusted([])).toBe(false);
  });
});

it.each([
  ['127.0.0.1', '127.0.0.1:5060'],
  ['::1', '[::1]:5060'],
  ['[::1]', '[::1]:5060'],
  ['host.example', 'host.example:5060'],
])('[RFC 3261 25.1] %s stands in a URI as %s', (host, text) => {
  expect(hostPort(host, 5_060)).toBe(text);
});
