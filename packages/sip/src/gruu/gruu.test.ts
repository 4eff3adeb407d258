import { describe, expect, it } from 'vitest';
import { parseContact } from '../headers/contact.ts';
import { chooseGruu, findGruus } from './gruus.ts';
import { createPublicGruu, resolveGruu } from './public-gruu.ts';

const publicGruu = 'sip:callee@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
const temporaryGruu = 'sip:tgruu.7hs==jd7vnzga5w7fajsc7-ajd6fabz0f8g5@example.com;gr';

describe('findGruus', () => {
  it('[RFC 5627 9] reads what the registrar gave', () => {
    const contact = parseContact(`<sip:callee@192.0.2.1>;pub-gruu="${publicGruu}";temp-gruu="${temporaryGruu}"`);
    expect(findGruus(contact)).toEqual({ publicGruu, temporaryGruu });
  });

  it.each(['pub-gruu="sip:a@b"', 'pub-gruu="mailto:a@b;gr"', 'pub-gruu=""', 'pub-gruu', 'x=y'])(
    '[RFC 5627 8] takes %s for none',
    (param) => {
      expect(findGruus(parseContact(`<sip:a@b>;${param}`))).toEqual({
        publicGruu: undefined,
        temporaryGruu: undefined,
      });
    },
  );
});

describe('chooseGruu', () => {
  const own = 'sip:a@192.0.2.1';
  const none = { publicGruu: undefined, temporaryGruu: undefined };
  it.each([
    { title: 'in the open', gruus: { publicGruu, temporaryGruu }, isAnonymous: false, chosen: publicGruu },
    { title: 'in private', gruus: { publicGruu, temporaryGruu }, isAnonymous: true, chosen: temporaryGruu },
    { title: 'in private without a temporary one', gruus: { ...none, publicGruu }, isAnonymous: true, chosen: own },
    {
      title: 'with a temporary one alone',
      gruus: { ...none, temporaryGruu },
      isAnonymous: false,
      chosen: temporaryGruu,
    },
    { title: 'with none', gruus: none, isAnonymous: false, chosen: own },
  ])('[RFC 5627 4.3] chooses $title', ({ gruus, isAnonymous, chosen }) => {
    expect(chooseGruu(gruus, isAnonymous, own)).toBe(chosen);
  });
});

describe('public GRUUs', () => {
  it.each([
    { aor: 'sip:callee@example.com', instanceId: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', gruu: publicGruu },
    {
      aor: 'sips:a:secret@Example.com;x=y?z=1',
      instanceId: 'urn:gsma:imei:90420156-025763-0',
      gruu: 'sips:a@example.com;gr=urn:gsma:imei:90420156-025763-0',
    },
    { aor: 'sip:a@example.com', instanceId: 'urn:x:a;b=c d', gruu: 'sip:a@example.com;gr=urn:x:a%3Bb%3Dc%20d' },
  ])('[RFC 5627 5.4] are the same for the same $instanceId, and resolved', ({ aor, instanceId, gruu }) => {
    expect(createPublicGruu(aor, instanceId)).toBe(gruu);
    const base = gruu.slice(0, gruu.indexOf(';'));
    expect(resolveGruu(gruu)).toEqual({ type: 'public', aor: base, instanceId });
  });

  it.each([
    { uri: temporaryGruu, target: { type: 'temporary', user: 'tgruu.7hs==jd7vnzga5w7fajsc7-ajd6fabz0f8g5' } },
    { uri: 'sip:example.com;gr', target: { type: 'none' } },
    { uri: 'sip:a@example.com', target: { type: 'none' } },
    { uri: 'tel:+1', target: { type: 'none' } },
    { uri: 'sip:a@example.com;gr=%ff', target: { type: 'public', aor: 'sip:a@example.com', instanceId: '%ff' } },
  ])('[RFC 5627 6.1] resolves $uri', ({ uri, target }) => {
    expect(resolveGruu(uri)).toEqual(target);
  });

  it('[RFC 5627 5.4] are for SIP URIs', () => {
    expect(() => createPublicGruu('tel:+1', 'urn:x:1')).toThrow(TypeError);
  });
});
