import { anonymousPeer } from '@wicgate/wic-sdk';
import { describe, expect, it } from 'vitest';
import { addressOf, initialsOf, isolate, peerDetail, peerName, peerNameWithin, userOf } from './peer-name.ts';

const names = [
  { uri: 'sip:bob@ims.example', displayName: undefined, name: 'Bob' },
  { uri: 'sip:bob@ims.example', displayName: 'Robert Sample', name: 'Robert Sample' },
  { uri: 'sip:bob@ims.example', displayName: '  ', name: 'Bob' },
  { uri: 'sip:guest-001@ims.example;user=ip', displayName: undefined, name: 'Guest-001' },
  { uri: 'tel:+49301234567', displayName: undefined, name: '+49301234567' },
  { uri: 'sip:%C3%A5se@ims.example', displayName: undefined, name: 'Åse' },
  { uri: 'sip:50%@ims.example', displayName: undefined, name: '50%' },
  { uri: 'sip:@ims.example', displayName: undefined, name: 'Unknown' },
  { uri: 'sip:bob@ims.example', displayName: 'Bank\u202Eecila\u0000', name: 'Bankecila' },
  { uri: 'sip:bob@ims.example', displayName: 'x'.repeat(500), name: 'x'.repeat(60) },
];

describe('what a person is called', () => {
  it.each(names)('[contract] $uri with $displayName', ({ uri, displayName, name }) => {
    expect(peerName({ uri, displayName })).toBe(name);
  });

  it('[RFC 3325 9.1] is nothing, where the network vouches for nobody', () => {
    expect(peerName(anonymousPeer)).toBe('Unknown caller');
    expect(peerNameWithin(anonymousPeer)).toBe('an unknown caller');
    expect(peerDetail(anonymousPeer)).toBe('The network could not confirm who is calling');
  });

  it('[RFC 3325 9.1] is what the network vouches for', () => {
    const bob = { uri: 'sip:bob@ims.example', displayName: undefined };
    expect(peerNameWithin(bob)).toBe('Bob');
    expect(peerDetail(bob)).toBe('bob@ims.example');
  });

  it('[contract] writes an address as people do', () => {
    expect(addressOf('sip:bob@ims.example;transport=wss?x=y')).toBe('bob@ims.example');
  });

  it('[contract] never cuts an address short: it is dialled again', () => {
    const long = `${'x'.repeat(100)}@ims.example`;
    expect(addressOf(`sip:${long}`)).toBe(long);
  });

  it.each(['\u202A', '\u202E', '\u2066', '\u2069'])('[UAX 9 2] is not turned round by %j', (control) => {
    expect(userOf(`sip:${encodeURIComponent(`b${control}ob`)}@ims.example`)).toBe('bob');
    expect(peerName({ uri: 'sip:bob@ims.example', displayName: `B${control}ob` })).toBe('Bob');
    expect(addressOf(`sip:b${control}ob@ims.example`)).toBe('bob@ims.example');
  });

  it('[UAX 9 2.4] does not turn the sentence round', () => {
    expect(isolate('Bob')).toBe('Bob');
    expect(isolate('Åse 3')).toBe('Åse 3');
    expect(isolate('דנה')).toBe('\u2068דנה\u2069');
    expect(isolate('سلمى')).toBe('\u2068سلمى\u2069');
  });

  it.each([
    ['Bob', 'B'],
    ['Robert Sample', 'RS'],
    ['Guest-001', 'G0'],
    ['Unknown caller', '?'],
    ['', '?'],
    ['+++', '?'],
  ])('[contract] stands for %s by %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
