import { describe, expect, it } from 'vitest';
import { createRequest } from '../testing/memory-element.ts';
import { type ProxyCapabilities, validateRequest } from './validate-request.ts';

interface Case {
  readonly why: string;
  readonly method?: string;
  readonly requestUri?: string;
  readonly header?: readonly [string, string];
  readonly capabilities?: ProxyCapabilities;
}

const validate = ({ method = 'INVITE', requestUri = 'sip:b@c', header, capabilities }: Case): unknown => {
  const { headers, ...rest } = createRequest(method);
  const changed = header === undefined ? headers : headers.set(...header);
  return validateRequest({ ...rest, requestUri, headers: changed }, capabilities);
};
const maxForwards = (value: string): readonly [string, string] => ['Max-Forwards', value];

describe('validateRequest', () => {
  it.each<Case & { statusCode: number; headers?: readonly (readonly [string, string])[] }>([
    { why: 'step 2, an unknown scheme', requestUri: 'foo:bar', statusCode: 416 },
    {
      why: 'step 2, one that this proxy does not serve',
      requestUri: 'tel:+1',
      capabilities: { schemes: ['sip'] },
      statusCode: 416,
    },
    { why: '21.4.12, a Request-URI too long', requestUri: `sip:${'b'.repeat(2_043)}@c`, statusCode: 414 },
    { why: 'step 1, a Request-URI out of the grammar', requestUri: 'sip:a@b@c', statusCode: 400 },
    { why: 'step 3, no hop left', header: maxForwards('0'), statusCode: 483 },
    { why: 'step 3, no hop left for REGISTER', method: 'REGISTER', header: maxForwards('0'), statusCode: 483 },
    { why: 'step 3, no hop left for OPTIONS', method: 'OPTIONS', header: maxForwards('0'), statusCode: 483 },
    {
      why: 'step 3, no hop left for INVITE, which nobody answers in the place of another',
      header: maxForwards('0'),
      capabilities: { answersOptions: true },
      statusCode: 483,
    },
    { why: 'step 1, a number that is none', header: maxForwards('x'), statusCode: 400 },
    {
      why: 'step 5, an extension that means nothing here',
      header: ['Proxy-Require', 'foo, BAR, baz'],
      capabilities: { extensions: ['bar'] },
      statusCode: 420,
      headers: [['Unsupported', 'foo, baz']],
    },
  ])('[RFC 3261 16.3] $statusCode: $why', ({ statusCode, headers = [], ...given }) => {
    expect(validate(given)).toMatchObject({ statusCode, headers });
  });

  it.each<Case>([
    { why: 'an INVITE' },
    { why: 'a last hop', header: maxForwards('1') },
    { why: 'a request without Max-Forwards', header: ['Subject', 'x'] },
    { why: 'a Request-URI as long as may be', requestUri: `sip:${'b'.repeat(2_042)}@c` },
    { why: 'a tel URI', requestUri: 'tel:+15551234' },
    { why: 'a scheme that only this proxy knows', requestUri: 'foo:bar', capabilities: { schemes: ['foo'] } },
    { why: 'known extensions', header: ['Proxy-Require', 'Privacy'], capabilities: { extensions: ['privacy'] } },
    { why: '8.2.2.3: an ACK with Proxy-Require', method: 'ACK', header: ['Proxy-Require', 'foo'] },
    { why: '8.2.2.3: a CANCEL with Proxy-Require', method: 'CANCEL', header: ['Proxy-Require', 'foo'] },
    { why: 'Require, which is not for proxies', header: ['Require', 'foo'] },
  ])('[RFC 3261 16.3] forwards $why', (given) => {
    expect(validate(given)).toBe('forward');
  });

  it('[RFC 3261 16.3-3] leaves an OPTIONS without a hop left to be answered here', () => {
    const given = { why: '', method: 'OPTIONS', header: maxForwards('0'), capabilities: { answersOptions: true } };
    expect(validate(given)).toBe('answer');
  });
});
