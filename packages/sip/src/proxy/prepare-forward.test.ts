import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../messages/message.ts';
import { createRequest } from '../testing/memory-element.ts';
import { prepareForward } from './prepare-forward.ts';

const create = (requestUri: string, ...fields: readonly (readonly [string, string])[]): SipRequest => {
  const { headers, ...rest } = createRequest('INVITE');
  return { ...rest, requestUri, headers: fields.reduce((all, [name, value]) => all.with(name, value), headers) };
};

describe('prepareForward', () => {
  it('[RFC 3261 16.6] sets target, Max-Forwards, Record-Route and Route, each on top', () => {
    const received = create('sip:b@c', ['Record-Route', '<sip:p0;lr>'], ['Route', '<sip:p2;lr>']);
    const options = { requestUri: 'sip:b@192.0.2.4', routes: ['sip:p1;lr', 'sip:x;lr'], recordRoute: 'sip:us;lr' };
    const { request, nextHop } = prepareForward(received, options);
    expect(request.requestUri).toBe('sip:b@192.0.2.4');
    expect(request.headers.first('Max-Forwards')).toBe('69');
    expect(request.headers.all('Record-Route')).toEqual(['<sip:us;lr>', '<sip:p0;lr>']);
    expect(request.headers.all('Route')).toEqual(['<sip:p1;lr>', '<sip:x;lr>', '<sip:p2;lr>']);
    expect(nextHop).toBe('sip:p1;lr');
    expect(received.headers.first('Max-Forwards')).toBe('70');
  });

  it.each([
    {
      why: 'the Request-URI without Route',
      received: create('sip:b@c'),
      nextHop: 'sip:b@c',
      uri: 'sip:b@c',
      routes: [],
    },
    {
      why: 'the top Route that routes loosely',
      received: create('sip:b@c', ['Route', '<sip:p1;lr>, <sip:p2>']),
      nextHop: 'sip:p1;lr',
      uri: 'sip:b@c',
      routes: ['<sip:p1;lr>', '<sip:p2>'],
    },
    {
      why: 'the top Route that routes strictly, which is the Request-URI then',
      received: create('sip:b@c', ['Route', '<sip:p1?x=y>, <sip:p2;lr>']),
      nextHop: 'sip:p1',
      uri: 'sip:p1',
      routes: ['<sip:p2;lr>', '<sip:b@c>'],
    },
    {
      why: 'a strict router that is the only one',
      received: create('sip:b@c', ['Route', '<sip:p1>']),
      nextHop: 'sip:p1',
      uri: 'sip:p1',
      routes: ['<sip:b@c>'],
    },
  ])('[RFC 3261 16.6-7] goes to $why', ({ received, nextHop, uri, routes }) => {
    const forwarded = prepareForward(received);
    expect(forwarded.nextHop).toBe(nextHop);
    expect(forwarded.request.requestUri).toBe(uri);
    expect(forwarded.request.headers.all('Route')).toEqual(routes);
  });

  it.each([
    { given: 'sip:b@x;method=BYE;user=phone?Subject=x', sent: 'sip:b@x;user=phone' },
    { given: 'sip:B@x;LR', sent: 'sip:B@x;LR' },
    { given: 'tel:+1555', sent: 'tel:+1555' },
    { given: 'foo:bar', sent: 'foo:bar' },
  ])('[RFC 3261 16.6-2] makes $sent of the target $given', ({ given, sent }) => {
    expect(prepareForward(create('sip:b@c'), { requestUri: given }).request.requestUri).toBe(sent);
  });

  it.each([
    { why: 'without lr', requestUri: 'sip:b@c', recordRoute: 'sip:us' },
    { why: 'of tel', requestUri: 'sip:b@c', recordRoute: 'tel:+1;lr' },
    { why: 'of sip where the target is sips', requestUri: 'sips:b@c', recordRoute: 'sip:us;lr' },
  ])('[RFC 3261 16.6-4] refuses a Record-Route $why', ({ requestUri, recordRoute }) => {
    expect(() => prepareForward(create(requestUri), { recordRoute })).toThrow(TypeError);
  });

  it('[RFC 3261 16.6-4] records sips: for sips:', () => {
    const { request } = prepareForward(create('sips:b@c'), { recordRoute: 'sips:us;lr' });
    expect(request.headers.all('Record-Route')).toEqual(['<sips:us;lr>']);
  });

  it('[RFC 3261 16.6-3] goes no further than Max-Forwards', () => {
    const { headers, ...rest } = create('sip:b@c');
    expect(() => prepareForward({ ...rest, headers: headers.set('Max-Forwards', '0') })).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_MAX_FORWARDS_EXCEEDED' }),
    );
  });
});
