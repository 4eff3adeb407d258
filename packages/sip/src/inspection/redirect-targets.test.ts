import { describe, expect, it } from 'vitest';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipResponse } from '../messages/message.ts';
import { createRequest } from '../testing/memory-element.ts';
import { redirectTargets } from './redirect-targets.ts';

const request = { ...createRequest('INVITE'), requestUri: 'sip:bob@there.example' };
const redirect = (contact: string, statusCode = 302): SipResponse => ({
  statusCode,
  reasonPhrase: '',
  headers: Headers.of(['Contact', contact]),
  body: noBody,
});
const urisOf = (contact: string, tried?: readonly string[]): readonly string[] =>
  redirectTargets(redirect(contact), request, tried).map(({ uri }) => uri);

describe('redirectTargets', () => {
  it('[RFC 3261 8.1.3.4] gives the likeliest first, with their lifetime', () => {
    expect(redirectTargets(redirect('<sip:a@x>;q=0.2, <sip:b@x>;expires=60, <tel:+1555>;q=0.7'), request)).toEqual([
      { uri: 'sip:b@x', q: 1, expiresSeconds: 60 },
      { uri: 'tel:+1555', q: 0.7, expiresSeconds: undefined },
      { uri: 'sip:a@x', q: 0.2, expiresSeconds: undefined },
    ]);
  });

  it.each([
    { why: 'the Request-URI itself', contact: '<sip:bob@THERE.example>, <sip:c@x>', uris: ['sip:c@x'] },
    { why: 'what was tried before', contact: '<sip:old@x>, <sip:c@x>', uris: ['sip:c@x'] },
    { why: 'the same twice', contact: '<sip:c@x>, <sip:c@X>', uris: ['sip:c@x'] },
    { why: 'another scheme', contact: '<mailto:c@x>, <sip:c@x>', uris: ['sip:c@x'] },
    { why: 'a star', contact: '*', uris: [] },
    { why: 'what is out of the grammar', contact: '<sip:c@x', uris: [] },
    { why: 'that alone, not what stands beside it', contact: 'sip: <a>, <sip:c@x>', uris: ['sip:c@x'] },
  ])('[RFC 3261 8.1.3.4] leaves out $why', ({ contact, uris }) => {
    expect(urisOf(contact, ['sip:old@x'])).toEqual(uris);
  });

  it('[RFC 3261 19.1.1] leaves out what no Request-URI may carry', () => {
    expect(urisOf('<sip:c@x;method=BYE;transport=tcp?Subject=x>')).toEqual(['sip:c@x;transport=tcp']);
  });

  it('[RFC 3261 8.1.3.4] leads from sips: to sips: only', () => {
    const secure = { ...request, requestUri: 'sips:bob@there.example' };
    const targets = redirectTargets(redirect('<sip:c@x>, <sips:c@x>, <tel:+1555>'), secure);
    expect(targets.map(({ uri }) => uri)).toEqual(['sips:c@x']);
  });

  it('[RFC 3261 21.3] gives nothing for other responses, and never more than twenty of the first hundred', () => {
    const copies = Array.from({ length: 100 }, () => '<sip:bob@there.example>');
    expect(urisOf([...copies, '<sip:c@x>'].join(', '))).toEqual([]);
    expect(urisOf([...copies.slice(1), '<sip:c@x>'].join(', '))).toEqual(['sip:c@x']);
    expect(redirectTargets(redirect('<sip:c@x>', 485), request)).toEqual([]);
    expect(urisOf(Array.from({ length: 40 }, (_, at) => `<sip:${at}@x>`).join(', '))).toHaveLength(20);
  });
});
