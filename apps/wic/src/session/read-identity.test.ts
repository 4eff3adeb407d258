import { describe, expect, it } from 'vitest';
import { readPrivateIdentity, readPublicIdentity } from './read-identity.ts';

const domain = 'ims.example';

describe('identities as people type them', () => {
  it.each([
    ['dora', 'sip:dora@ims.example'],
    [' dora ', 'sip:dora@ims.example'],
    ['dora@other.example', 'sip:dora@other.example'],
    ['sip:dora@ims.example', 'sip:dora@ims.example'],
    ['SIPS:dora@ims.example', 'sips:dora@ims.example'],
    ['+49 (30) 12.34-5', 'tel:+493012345'],
    ['tel:+4930123', 'tel:+4930123'],
  ])('[X.2.2.3] reads %s as the public identity %s', (typed, impu) => {
    expect(readPublicIdentity(typed, domain)).toBe(impu);
  });

  it.each(['', ' ', 'dora and bob', 'dora@', '@ims.example', 'dora@ims..', 'javascript:alert(1)', 'a@b@c', '<dora>'])(
    '[X.2.2.3] takes "%s" for no public identity',
    (typed) => {
      expect(readPublicIdentity(typed, domain)).toBeUndefined();
    },
  );

  it.each([
    ['dora', 'dora@ims.example'],
    ['dora@private.example', 'dora@private.example'],
    ['do ra', undefined],
    ['dora@', undefined],
    ['"dora"', undefined],
  ])('[X.2.2.3] reads %s as the private identity %s', (typed, impi) => {
    expect(readPrivateIdentity(typed, domain)).toBe(impi);
  });
});
