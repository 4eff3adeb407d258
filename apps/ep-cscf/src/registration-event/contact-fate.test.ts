import { type Reginfo, type ReginfoContact, type ReginfoRegistration, ReginfoView } from '@wicgate/reg-event';
import { describe, expect, it } from 'vitest';
import { type FlowContact, fateOf } from './contact-fate.ts';

const alice = 'sip:alice@ims.example';
const tel = 'tel:+493012';
const own: FlowContact = {
  uri: 'sip:alice@wic.invalid;transport=ws',
  instance: 'urn:uuid:1',
  regId: 1,
  impus: [alice, tel],
};
const flow = new Map([
  ['+sip.instance', '"<urn:uuid:1>"'],
  ['reg-id', '1'],
]);

function contact(event: ReginfoContact['event'], changes: Partial<ReginfoContact> = {}): ReginfoContact {
  const isActive = ['registered', 'created', 'refreshed', 'shortened'].includes(event);
  return {
    id: changes.uri ?? 'own',
    state: isActive ? 'active' : 'terminated',
    event,
    expiresSeconds: undefined,
    retryAfterSeconds: undefined,
    durationRegisteredSeconds: undefined,
    q: undefined,
    callId: undefined,
    cseq: undefined,
    uri: own.uri,
    displayName: undefined,
    unknownParams: flow,
    pubGruu: undefined,
    tempGruu: undefined,
    ...changes,
  };
}

function of(aor: string, ...contacts: ReginfoContact[]): ReginfoRegistration {
  const state = contacts.some((each) => each.state === 'active') ? 'active' : 'terminated';
  return { aor, id: aor, state, contacts };
}

function fate(
  registrations: readonly ReginfoRegistration[],
  { state = 'full', ours = own }: { state?: Reginfo['state']; ours?: FlowContact } = {},
) {
  const view = new ReginfoView();
  if (state === 'partial') view.apply({ version: 0, state: 'full', registrations: [of(alice, contact('registered'))] });
  const document = { version: 1, state, registrations };
  view.apply(document);
  return fateOf(ours, document, view);
}

const stands = { type: 'stands', shortenedSeconds: undefined, withdrawn: [] };
const gone = (event: string) => ({ type: 'gone', event });
const untold = { type: 'untold' };

describe('[TS 24.229 5.2.3] what a notification says of a contact', () => {
  it.each([
    ['stands where it is active', [of(alice, contact('registered'))], stands],
    [
      'stands where one identity has it still',
      [of(alice, contact('rejected')), of(tel, contact('created'))],
      {
        ...stands,
        withdrawn: [alice],
      },
    ],
    ['stands under another id', [of(alice, contact('unregistered', { id: 'old' }), contact('registered'))], stands],
    [
      'is gone with the last identity',
      [of(alice, contact('rejected')), of(tel, contact('rejected'))],
      gone('rejected'),
    ],
    ['is gone by what ends the most', [of(alice, contact('expired')), of(tel, contact('rejected'))], gone('rejected')],
    [
      'is gone by an end without a reason',
      [of(alice, contact('registered', { state: 'terminated' }))],
      gone('expired'),
    ],
    [
      'is missing from a full state',
      [of(alice, contact('registered', { uri: 'sip:else@wic.invalid' }))],
      gone('missing'),
    ],
    ['is missing where nothing is left', [of(alice)], gone('missing')],
    ['is not told where no contact is named', [{ ...of(alice), state: 'active' as const }], untold],
    ['is not told where it is about others', [of('sip:bob@ims.example')], untold],
    [
      'is another one in an emergency',
      [of(alice, contact('rejected', { uri: `${own.uri};sos` }), contact('registered', { id: 'o' }))],
      stands,
    ],
    [
      'is another one of another flow',
      [
        of(
          alice,
          contact('rejected', { id: 'o', unknownParams: new Map([...flow, ['reg-id', '2']]) }),
          contact('registered'),
        ),
      ],
      stands,
    ],
    [
      'is not ours where it cannot be read',
      [of(alice, contact('rejected', { uri: 'nonsense' }), contact('registered', { id: 'o' }))],
      stands,
    ],
    [
      'is cut short',
      [of(alice, contact('shortened', { expiresSeconds: 30 })), of(tel, contact('shortened', { expiresSeconds: 20 }))],
      {
        ...stands,
        shortenedSeconds: 20,
      },
    ],
  ] as const)('[TS 24.229 5.2.3] [RFC 3680 5.1] %s', (_name, registrations, expected) => {
    expect(fate(registrations)).toEqual(expected);
  });

  it('[RFC 3680 5.1] a partial state says nothing of what it does not name', () => {
    expect(
      fate([of(alice, contact('unregistered', { uri: 'sip:x@y.invalid' }), contact('registered'))], {
        state: 'partial',
      }),
    ).toEqual(stands);
    expect(fate([of(alice, contact('unregistered'))], { state: 'partial' })).toEqual(gone('unregistered'));
  });

  it('[RFC 3261 10.2.4] a contact without a flow is known by its URI, header fields of the URI aside', () => {
    const ours = { ...own, uri: `${own.uri}?x=y`, regId: 0, instance: 'connection:1' };
    expect(fate([of(alice, contact('rejected', { unknownParams: new Map() }))], { ours })).toEqual(gone('rejected'));
  });
});
