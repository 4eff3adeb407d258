import { Headers, noBody, SipError, type SipRequest } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { anonymousPeer, isAnonymous } from './anonymous-peer.ts';
import { readPeer } from './peer-identity.ts';

type Field = readonly [name: string, value: string];

/** An INVITE whose From claims to be the bank. */
function invite(...fields: readonly Field[]): SipRequest {
  const from: Field = ['From', '"Your Bank" <sip:bank@ims.example>;tag=b1'];
  return {
    method: 'INVITE',
    requestUri: 'sip:alice@ims.example',
    headers: Headers.of(from, ...fields),
    body: noBody,
  };
}

const asserted = (value: string): Field => ['P-Asserted-Identity', value];
const privacy = (value: string): Field => ['Privacy', value];
const bob = { uri: 'sip:bob@ims.example', displayName: undefined };

describe('who calls', () => {
  it.each([
    {
      what: 'name and URI',
      fields: [asserted('"Bob B" <sip:bob@ims.example>')],
      peer: { ...bob, displayName: 'Bob B' },
    },
    { what: 'no name, whatever From says', fields: [asserted('<sip:bob@ims.example>')], peer: bob },
    { what: 'an empty name', fields: [asserted('"" <sip:bob@ims.example>')], peer: bob },
    { what: 'the first of two', fields: [asserted('<sip:bob@ims.example>, "Bob" <tel:+49301>')], peer: bob },
    { what: 'a number', fields: [asserted('<tel:+49301>')], peer: { uri: 'tel:+49301', displayName: undefined } },
    { what: 'one of a scheme we know', fields: [asserted('<urn:x:y>'), asserted('<sip:bob@ims.example>')], peer: bob },
    { what: 'no privacy wanted', fields: [asserted('<sip:bob@ims.example>'), privacy('none')], peer: bob },
    { what: 'a word that has id in it', fields: [asserted('<sip:bob@ims.example>'), privacy('idle')], peer: bob },
  ])('[RFC 3325 9.1] is the asserted identity: $what', ({ fields, peer }) => {
    expect(readPeer(invite(...fields))).toEqual(peer);
    expect(isAnonymous(readPeer(invite(...fields)))).toBe(false);
  });

  it.each([
    { what: 'nothing is asserted', fields: [] },
    {
      what: 'only the caller prefers something',
      fields: [['P-Preferred-Identity', '<sip:bank@ims.example>'] as Field],
    },
    { what: 'another header field names somebody', fields: [['Remote-Party-ID', '<sip:bank@ims.example>'] as Field] },
    { what: 'the asserted identity has an unknown scheme', fields: [asserted('"Bank" <urn:x:y>')] },
    { what: 'privacy is wanted', fields: [asserted('"Bob" <sip:bob@ims.example>'), privacy('id')] },
    { what: 'more privacy is wanted', fields: [asserted('<sip:bob@ims.example>'), privacy('header; ID;critical')] },
    { what: 'privacy is wanted twice', fields: [asserted('<sip:bob@ims.example>'), privacy('none'), privacy('id')] },
    { what: 'nobody is asserted', fields: [asserted('"Your Bank" <sip:anonymous@Anonymous.Invalid;x=y>')] },
  ])('[RFC 3325 7] is unknown where $what', ({ fields }) => {
    expect(readPeer(invite(...fields))).toEqual(anonymousPeer);
    expect(isAnonymous(readPeer(invite(...fields)))).toBe(true);
  });

  it('[RFC 3325 9.1] is not guessed from a broken asserted identity, whether or not privacy is wanted', () => {
    expect(() => readPeer(invite(asserted('<sip')))).toThrow(SipError);
    expect(() => readPeer(invite(asserted('<sip'), privacy('id')))).toThrow(SipError);
  });
});
