import { decodeReginfo, type Reginfo, type ReginfoContact } from '@wicgate/reg-event';
import { describe, expect, it } from 'vitest';
import { fitReginfo, maxBodyOctets } from './fit-reginfo.ts';

const feature = ['+g.3gpp.icsi-ref', '"urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"'] as const;
const flow = [
  ['+sip.instance', '"<urn:uuid:00000000-0000-4000-8000-00000000000a>"'],
  ['reg-id', '1'],
] as const;

function reginfo(identities: number, contacts: number, user: string): Reginfo {
  const contact = (id: string): ReginfoContact => ({
    id,
    state: 'active',
    event: 'registered',
    expiresSeconds: 600,
    retryAfterSeconds: undefined,
    durationRegisteredSeconds: undefined,
    q: undefined,
    callId: undefined,
    cseq: undefined,
    uri: `sip:${user}@${id}.invalid`,
    displayName: undefined,
    unknownParams: new Map([...flow, feature]),
    pubGruu: undefined,
    tempGruu: undefined,
  });
  const registrations = Array.from({ length: identities }, (_, identity) => ({
    aor: `sip:alice${identity}@ims.example`,
    id: `r${identity}`,
    state: 'active' as const,
    contacts: Array.from({ length: contacts }, (_each, index) => contact(`c${identity}-${index}`)),
  }));
  return { version: 0, state: 'full', registrations };
}

/** Contacts of each identity, and parameters of the first contact. */
function detailOf(body: Uint8Array): readonly number[] {
  const { registrations } = decodeReginfo(body);
  return [
    ...registrations.map(({ contacts }) => contacts.length),
    registrations[0]?.contacts[0]?.unknownParams.size ?? 0,
  ];
}

describe('[RFC 3261 18.1.1] the size of a notification', () => {
  it.each([
    ['is whole where it fits', reginfo(2, 10, 'alice'), [10, 10, 3]],
    ['goes without feature tags', reginfo(2, 10, 'a'.repeat(2_150)), [10, 10, 2]],
    ['names the contacts once', reginfo(3, 10, 'a'.repeat(2_000)), [10, 0, 0, 2]],
    ['names none', reginfo(2, 10, '&'.repeat(2_000)), [0, 0, 0]],
  ])('[RFC 3261 18.1.1] %s', (_name, whole, detail) => {
    const body = fitReginfo(whole);
    expect(body.length).toBeLessThanOrEqual(maxBodyOctets);
    expect(detailOf(body)).toEqual(detail);
  });
});
