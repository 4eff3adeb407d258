import { describe, expect, it } from 'vitest';
import { routeRequest } from './route-request.ts';

const rows = [
  {
    source: 'no route set',
    target: 'sip:bob@192.0.2.4',
    routeSet: [],
    requestUri: 'sip:bob@192.0.2.4',
    routes: [],
  },
  {
    source: 'a loose router first, with its parameters',
    target: 'sip:bob@192.0.2.4;transport=tcp',
    routeSet: ['<sip:p1.example;lr>;a=b', '"P2" <sip:p2.example>'],
    requestUri: 'sip:bob@192.0.2.4;transport=tcp',
    routes: ['<sip:p1.example;lr>;a=b', '"P2" <sip:p2.example>'],
  },
  {
    source: 'RFC 3261 16.12.1.2, a strict router first',
    target: 'sip:bob@192.0.2.4',
    routeSet: ['<sip:p1.example;transport=tcp>', '<sip:p2.example;lr>'],
    requestUri: 'sip:p1.example;transport=tcp',
    routes: ['<sip:p2.example;lr>', '<sip:bob@192.0.2.4>'],
  },
  {
    source: 'RFC 3261 19.1.1 table 1, what no Request-URI carries',
    target: 'sip:bob@192.0.2.4;method=BYE;ob?Subject=x',
    routeSet: [],
    requestUri: 'sip:bob@192.0.2.4;ob',
    routes: [],
  },
  {
    source: 'the same for a strict router',
    target: 'tel:+1',
    routeSet: ['<sip:p1.example;method=INVITE?a=b>'],
    requestUri: 'sip:p1.example',
    routes: ['<tel:+1>'],
  },
];

describe('routeRequest', () => {
  it.each(rows)('[RFC 3261 12.2.1.1] routes with $source', ({ target, routeSet, requestUri, routes }) => {
    expect(routeRequest(target, routeSet)).toEqual({ requestUri, routes });
  });

  it.each([
    { fault: 'a target that is no URI', target: 'bob', routeSet: [] },
    { fault: 'a route that is no URI', target: 'sip:bob@b', routeSet: ['<p1>'] },
    { fault: 'a route of another scheme', target: 'sip:bob@b', routeSet: ['<http://p1>'] },
  ])('[RFC 3261 12.2.1.1] refuses $fault', ({ target, routeSet }) => {
    expect(() => routeRequest(target, routeSet)).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }));
  });
});
