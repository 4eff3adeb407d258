import { formatReginfo, type Reginfo } from '@wicgate/reg-event';
import { VirtualClock } from '@wicgate/sip/testing';
import { describe, expect, it } from 'vitest';
import { type Binding, type Registration, Registrations } from '../registrations.ts';
import { noThirdParties } from '../trusted-node-authentication.ts';
import { RegistrationWatch } from './registration-watch.ts';
import { mayWatch } from './subscriber.ts';

const family = 'sip:family@ims.example';
const clock = new VirtualClock();
const subscriber = { impus: ['sip:ann@ims.example'], address: undefined };

function binding(name: string, params: readonly (readonly [string, string])[] = []): Binding {
  return {
    contact: {
      uri: `sip:${name}@one.invalid`,
      params: new Map(params),
      expiresSeconds: undefined,
      q: undefined,
      instance: undefined,
      regId: undefined,
      isEmergency: false,
    },
    path: ['<sip:token@192.0.2.7:5071;transport=tls;lr;ob>', '<sip:home.example;lr>'],
    callId: name,
    cseq: 1,
    thirdParties: noThirdParties,
    scheme: 'Trusted Node Authentication',
    isTlsProtected: false,
    impu: family,
    event: 'registered',
    isReauthenticationDue: false,
    expiresAt: clock.now() + 60_000,
    updatedAt: clock.now(),
  };
}

/** With one contact, and an identity that is shared with others. */
function register(registrations: Registrations, name: string): Registration {
  const set = [`sip:${name}@ims.example`, family].map((impu) => ({ impu, barred: false }));
  const registration = registrations.add({ impi: `${name}@ims.example`, implicitRegistrationSet: set });
  registrations.bind(registration, name, binding(name));
  return registration;
}

function outline({ registrations }: Reginfo): readonly string[] {
  return registrations.flatMap(({ aor, contacts }) => contacts.map(({ uri, state }) => `${aor} ${uri} ${state}`));
}

describe('[TS 24.229 5.4.2.1.1] an identity that two users share', () => {
  const registrations = new Registrations(clock, () => undefined);
  const ann = register(registrations, 'ann');
  const ben = register(registrations, 'ben');

  it('[TS 24.229 5.4.2.1.1] shows each of them their own registration only', () => {
    expect([mayWatch(subscriber, ann), mayWatch(subscriber, ben)]).toEqual([true, false]);
    const watch = new RegistrationWatch(family, subscriber, [ann]);
    expect(formatReginfo(watch.createReginfo(clock.now()))).not.toContain('ben');
  });

  it('[TS 24.229 5.2.3] shows a P-CSCF all that are reached by it, by any of their Path', () => {
    for (const address of ['192.0.2.7:5071', 'home.example:5061']) {
      expect([ann, ben].map((each) => mayWatch({ impus: [], address }, each))).toEqual([true, true]);
    }
    const others = ['192.0.2.7:5072', 'token@192.0.2.7:5071', 'one.invalid:5061'];
    expect(others.map((address) => mayWatch({ impus: [], address }, ann))).toEqual([false, false, false]);
    const watch = new RegistrationWatch(family, subscriber, [ann, ben]);
    expect(outline(watch.createReginfo(clock.now()))).toEqual([
      'sip:ann@ims.example sip:ann@one.invalid active',
      `${family} sip:ann@one.invalid active`,
      `${family} sip:ben@one.invalid active`,
      'sip:ben@ims.example sip:ben@one.invalid active',
    ]);
  });

  it('[TS 24.229 5.4.2.1.1] nobody at all may watch with no identity', () => {
    expect(mayWatch({ impus: [], address: undefined }, ann)).toBe(false);
  });
});

describe('[RFC 3680 5.1] the documents of one subscription', () => {
  const start = (): { watch: RegistrationWatch; registration: Registration; registrations: Registrations } => {
    const registrations = new Registrations(clock, () => undefined);
    const registration = register(registrations, 'ann');
    return { watch: new RegistrationWatch(family, subscriber, [registration]), registration, registrations };
  };

  it('[RFC 3680 5.1] have ids that are each their own, and stay', () => {
    const { watch, registration } = start();
    const ids = ({ registrations }: Reginfo) =>
      registrations.flatMap(({ id, contacts }) => [id, ...contacts.map((each) => each.id)]);
    const first = ids(watch.createReginfo(clock.now()));
    expect(new Set(first).size).toBe(4);
    watch.noteChanged(registration);
    expect(ids(watch.createReginfo(clock.now()))).toEqual(first);
  });

  it('[RFC 3680 5.1] do not say that a contact is gone which has come back', () => {
    const { watch, registration } = start();
    watch.createReginfo(clock.now());
    watch.noteGone(registration.impus, binding('ann'), 'expired');
    expect(outline(watch.createReginfo(clock.now())).filter((line) => line.endsWith('terminated'))).toEqual([]);
  });

  it('[RFC 3680 4.10] name at most 20 contacts of an identity that are gone', () => {
    const { watch, registration } = start();
    for (let count = 0; count < 30; count += 1) watch.noteGone(registration.impus, binding(`c${count}`), 'rejected');
    const gone = outline(watch.createReginfo(clock.now())).filter((line) => line.startsWith(family));
    expect(gone.filter((line) => line.endsWith('terminated'))).toHaveLength(20);
    expect(gone[0]).toContain('c10@');
  });

  it('[RFC 3680 5.1] forget the ids of those that they could not name', () => {
    const { watch, registration, registrations } = start();
    const idOf = (): string | undefined => watch.createReginfo(clock.now()).registrations[0]?.contacts[0]?.id;
    const before = idOf();
    registrations.unbind(registration, 'ann', 'rejected');
    for (const name of ['ann', ...Array.from({ length: 20 }, (_, index) => `c${index}`)]) {
      watch.noteGone(registration.impus, binding(name), 'rejected');
    }
    watch.createReginfo(clock.now());
    registrations.bind(registration, 'ann', binding('ann'));
    watch.demandFull();
    expect(idOf()).not.toBe(before);
  });

  it('[RFC 3680 5.1] carry the feature tags of a contact as far as they are short', () => {
    const { watch, registration, registrations } = start();
    const params = [
      ['+sip.instance', '"<urn:uuid:1>"'],
      ['audio', ''],
      ['+long', 'x'.repeat(600)],
      ['q', '0.5'],
    ] as const;
    registrations.bind(registration, 'ann', binding('ann', params));
    const { registrations: described } = watch.createReginfo(clock.now());
    expect([...(described[0]?.contacts[0]?.unknownParams.keys() ?? [])]).toEqual(['+sip.instance', 'audio']);
  });
});
