import { describe, expect, it } from 'vitest';
import { findContacts, formatContact, parseContact } from './contact.ts';
import { Headers } from './headers.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Contact',
  clause: 'RFC 3261 20.10',
  parse: parseContact,
  format: formatContact,
  wellFormed: [
    {
      source: 'RFC 3261 20.10',
      value: '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600',
      canonical: '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7;expires=3600',
    },
    { source: 'RFC 5626 4.2.1', value: '<sip:line1@192.0.2.2;transport=tcp;ob>;reg-id=1;+sip.instance="<urn:uuid:0>"' },
    { source: 'RFC 3261 20.10, without brackets', value: 'sip:a@b;q=0.1', canonical: '<sip:a@b>;q=0.1' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'URI' },
    { fault: 'a star among others', value: '*;expires=0', at: 0, expected: 'URI' },
    { fault: 'a parameter twice', value: '<sip:a@b>;q=1;q=0', at: 14, expected: 'each parameter once' },
  ],
});

describe('parseContact', () => {
  it('[RFC 5626 4.2.1] names what a registration says', () => {
    const value = '<sip:a@b>;expires=60;q=0.5;reg-id=2;+sip.instance="<urn:uuid:f81d4fae>"';
    expect(parseContact(value)).toMatchObject({
      expiresSeconds: 60,
      q: 0.5,
      regId: 2,
      instanceId: 'urn:uuid:f81d4fae',
    });
  });

  it.each(['<sip:a@b>', '<sip:a@b>;expires=x;q=2;reg-id=0;+sip.instance="x"', '<sip:a@b>;expires=4294967296;q=0.1234'])(
    '[RFC 3261 20.19] takes what is no number as absent: %s',
    (value) => {
      const { expiresSeconds, q, instanceId, regId } = parseContact(value);
      expect([expiresSeconds, q, instanceId, regId]).toEqual([undefined, undefined, undefined, undefined]);
    },
  );

  it('[RFC 3261 20.10] writes nothing that breaks out', () => {
    const value = parseContact('<sip:a@b>');
    expect(() => formatContact({ ...value, params: new Map([['x', '1, <sip:c@d>']]) })).toThrow(TypeError);
  });
});

describe('findContacts', () => {
  it.each([
    { fields: [], found: [] },
    { fields: ['*'], found: '*' },
    { fields: ['<sip:a@b>, "x, y" <sip:c@d>', 'sip:e@f'], found: ['sip:a@b', 'sip:c@d', 'sip:e@f'] },
  ])('[RFC 3261 10.2] finds $found', ({ fields, found }) => {
    const contacts = findContacts(Headers.of(...fields.map((value) => ['Contact', value] as const)));
    expect(contacts === '*' ? contacts : contacts.map(({ uri }) => uri)).toEqual(found);
  });

  it.each(['*, <sip:a@b>', '*, *'])('[RFC 3261 10.2.2] refuses %s', (value) => {
    expect(() => findContacts(Headers.of(['Contact', value]))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', message: 'Contact: expected * alone at offset 0' }),
    );
  });
});
