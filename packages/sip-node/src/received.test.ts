import { expect, it } from 'vitest';
import { withReceived } from './received.ts';
import { createRequest } from './testing/messages.ts';

const source = { address: '192.0.2.7', port: 40_000 };

it.each([
  ['SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1', 'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1'],
  ['SIP/2.0/UDP pc.example;branch=z9hG4bK1', 'SIP/2.0/UDP pc.example;branch=z9hG4bK1;received=192.0.2.7'],
  [
    'SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1;rport',
    'SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1;rport=40000;received=192.0.2.7',
  ],
  // What a sender wrote there itself.
  ['SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1;received=198.51.100.1', 'SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1'],
  ['SIP/2.0/UDP pc.example;received=198.51.100.1;rport=9', 'SIP/2.0/UDP pc.example;rport=40000;received=192.0.2.7'],
])('[RFC 3261 18.2.1] [RFC 3581 4] %s becomes %s', (before, after) => {
  const request = createRequest();
  const received = withReceived({ ...request, headers: request.headers.with('Via', before) }, source);
  expect(received.headers.all('Via')).toEqual([after]);
});

it('[RFC 3261 18.2.1] an IPv6 sent-by stands in brackets', () => {
  const via = 'SIP/2.0/TCP [2001:db8::1];branch=z9hG4bK1';
  const request = createRequest();
  const sent = { ...request, headers: request.headers.with('Via', via) };
  expect(withReceived(sent, { address: '2001:db8::1', port: 1 }).headers.first('Via')).toBe(via);
  const otherwise = 'SIP/2.0/TCP [2001:DB8:0:0::1];branch=z9hG4bK1';
  const same = { ...request, headers: request.headers.with('Via', otherwise) };
  expect(withReceived(same, { address: '2001:db8::1', port: 1 }).headers.first('Via')).toBe(otherwise);
  const elsewhere = withReceived(sent, { address: '2001:db8::2', port: 1 });
  expect(elsewhere.headers.first('Via')).toBe(`${via};received=2001:db8::2`);
});
