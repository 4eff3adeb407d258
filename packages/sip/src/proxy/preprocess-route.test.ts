import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../messages/message.ts';
import { createRequest } from '../testing/memory-element.ts';
import { formatUri, type SipUri } from '../uris/uri.ts';
import { preprocessRoute } from './preprocess-route.ts';

const isOwn = ({ host, port }: SipUri): boolean => host === 'us.example' && (port === undefined || port === 5070);
const create = (requestUri: string, ...routes: readonly string[]): SipRequest => {
  const { headers, ...rest } = createRequest('INVITE');
  return { ...rest, requestUri, headers: routes.reduce((all, route) => all.with('Route', route), headers) };
};

describe('preprocessRoute', () => {
  it.each([
    {
      why: 'nothing is ours',
      from: create('sip:b@c', '<sip:p1;lr>'),
      to: ['sip:b@c', '<sip:p1;lr>'],
      own: [],
    },
    {
      why: 'the top Route is ours',
      from: create('sip:b@c', '<sip:orig@us.example;lr>, <sip:p1;lr>'),
      to: ['sip:b@c', '<sip:p1;lr>'],
      own: ['sip:orig@us.example;lr'],
    },
    {
      why: 'several in a row are ours',
      from: create('sip:b@c', '<sip:in@us.example;lr>', '<sip:out@US.example:5070;lr>', '<sip:p1>'),
      to: ['sip:b@c', '<sip:p1>'],
      own: ['sip:in@us.example;lr', 'sip:out@us.example:5070;lr'],
    },
    {
      why: 'one further down is ours',
      from: create('sip:b@c', '<sip:p1;lr>, <sip:us.example;lr>'),
      to: ['sip:b@c', '<sip:p1;lr>', '<sip:us.example;lr>'],
      own: [],
    },
    {
      why: 'RFC 3261 16.4: a strict router put our Record-Route in the Request-URI',
      from: create('sip:us.example;lr', '<sip:p1;lr>, <sip:b@192.0.2.4>'),
      to: ['sip:b@192.0.2.4', '<sip:p1;lr>'],
      own: [],
    },
    {
      why: 'it did so as the last one',
      from: create('sip:us.example;lr', '<sip:b@192.0.2.4>'),
      to: ['sip:b@192.0.2.4'],
      own: [],
    },
    { why: 'we are asked ourselves', from: create('sip:us.example'), to: ['sip:us.example'], own: [] },
    { why: 'our URI stands alone', from: create('sip:us.example;lr'), to: ['sip:us.example;lr'], own: [] },
    {
      why: 'maddr names us',
      from: create('sip:b@c:5070;maddr=US.example;transport=tcp;user=phone'),
      to: ['sip:b@c;user=phone'],
      own: [],
    },
    {
      why: 'maddr names somebody else',
      from: create('sip:b@c:5070;maddr=239.255.255.1'),
      to: ['sip:b@c:5070;maddr=239.255.255.1'],
      own: [],
    },
    { why: 'it is a tel URI', from: create('tel:+1555'), to: ['tel:+1555'], own: [] },
    { why: 'it is a URI of another scheme', from: create('foo:us.example;lr'), to: ['foo:us.example;lr'], own: [] },
  ])('[RFC 3261 16.4] where $why', ({ from, to, own }) => {
    const { request, ownRoutes } = preprocessRoute(from, isOwn);
    expect([request.requestUri, ...request.headers.all('Route')]).toEqual(to);
    expect(ownRoutes.map(formatUri)).toEqual(own);
  });

  it('[RFC 3261 16.4] leaves a request that is not ours as it is', () => {
    const request = create('sip:b@c', '<sip:p1;lr>');
    expect(preprocessRoute(request, isOwn).request).toBe(request);
  });

  it.each(['<sip:p1;lr', '<foo:p1>'])('[RFC 3261 20.34] refuses the Route %s', (route) => {
    expect(() => preprocessRoute(create('sip:b@c', route), isOwn)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }),
    );
  });
});
