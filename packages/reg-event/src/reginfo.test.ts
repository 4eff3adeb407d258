import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReginfoError } from './errors.ts';
import { encodeReginfo, formatReginfo } from './format-reginfo.ts';
import { decodeReginfo, parseReginfo } from './parse-reginfo.ts';
import type { Reginfo, ReginfoContact } from './reginfo.ts';

const plain: ReginfoContact = {
  id: 'c1',
  state: 'active',
  event: 'registered',
  expiresSeconds: undefined,
  retryAfterSeconds: undefined,
  durationRegisteredSeconds: undefined,
  q: undefined,
  callId: undefined,
  cseq: undefined,
  uri: 'sip:dora@desk.example',
  displayName: undefined,
  unknownParams: new Map(),
  pubGruu: undefined,
  tempGruu: undefined,
};

const whole: Reginfo = {
  version: 7,
  state: 'full',
  registrations: [
    {
      aor: 'sip:dora@example.net',
      id: 'r1',
      state: 'active',
      contacts: [
        {
          ...plain,
          event: 'shortened',
          expiresSeconds: 60,
          durationRegisteredSeconds: 7322,
          q: 0.8,
          callId: 'a84b4c76@desk',
          cseq: 17,
          displayName: 'Dora "the desk" <&>\t1',
          unknownParams: new Map([
            ['+sip.instance', '"<urn:uuid:00000000-0000-4000-8000-0123456789ab>"'],
            ['reg-id', '1'],
            ['audio', ''],
          ]),
          pubGruu: 'sip:dora@example.net;gr=urn:uuid:00000000-0000-4000-8000-0123456789ab',
          tempGruu: { uri: 'sip:x1y2z3@example.net;gr', firstCseq: 3 },
        },
        { ...plain, id: 'c2', state: 'terminated', event: 'probation', retryAfterSeconds: 30 },
      ],
    },
    { aor: 'tel:+49301234', id: 'r2', state: 'init', contacts: [] },
  ],
};

/** The conversation of RFC 3680 7, for another user: nobody there, then a first contact. */
const documents = {
  'nobody registered': `<?xml version="1.0"?>
    <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">
      <registration aor="sip:dora@example.net" id="x81" state="init"/>
    </reginfo>`,
  'a first contact, by a prefix and with extensions': `<?xml version="1.0" encoding="UTF-8"?>
    <!-- a comment --><ri:reginfo xmlns:ri="urn:ietf:params:xml:ns:reginfo" xmlns:o="urn:other" version="1" state="partial">
      <ri:registration aor="sip:dora@example.net" id="x81" state="active" o:state="unheard">
        <ri:contact id="c9" state="active" event="registered" duration-registered="0" expires=" 3600 " o:id="other">
          <ri:uri> sip:dora@desk.example </ri:uri>
          <ri:unknown-param name="audio"/><o:more><o:and>more</o:and></o:more>
          <ri:display-name xml:lang="de"><![CDATA[Dora & Co.]]></ri:display-name>
        </ri:contact>
      </ri:registration>
    </ri:reginfo>`,
};

describe('application/reginfo+xml', () => {
  it('[RFC 3680 5] comes back as it was written', () => {
    expect(decodeReginfo(encodeReginfo(whole))).toEqual(whole);
  });

  it('[RFC 3680 7] reads the example: an address-of-record without contacts', () => {
    expect(parseReginfo(documents['nobody registered'])).toEqual({
      version: 0,
      state: 'full',
      registrations: [{ aor: 'sip:dora@example.net', id: 'x81', state: 'init', contacts: [] }],
    });
  });

  it('[RFC 3680 7] [RFC 3680 5.1] reads the example: a contact; what others add is passed over', () => {
    const { version, state, registrations } = parseReginfo(
      documents['a first contact, by a prefix and with extensions'],
    );
    expect([version, state, registrations[0]?.state]).toEqual([1, 'partial', 'active']);
    expect(registrations[0]?.contacts).toEqual([
      {
        ...plain,
        id: 'c9',
        expiresSeconds: 3_600,
        durationRegisteredSeconds: 0,
        unknownParams: new Map([['audio', '']]),
        displayName: 'Dora & Co.',
      },
    ]);
  });

  it('[XML 2.2] writes nothing that XML does not have', () => {
    const odd = { ...whole, registrations: [{ aor: 'a\u0000\ud800\u{1f600}', id: '1', state: 'init', contacts: [] }] };
    expect(parseReginfo(formatReginfo(odd as Reginfo)).registrations[0]?.aor).toBe('a\ufffd\ufffd\u{1f600}');
  });
});

const start = '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">';
const contact = (attributes: string, children = '<uri>sip:a@b</uri>'): string =>
  `${start}<registration aor="a" id="1" state="active"><contact ${attributes}>${children}</contact></registration></reginfo>`;
const usual = 'id="1" state="active" event="created"';

const malformed = [
  ['nothing', ''],
  ['no XML', 'registered'],
  ['an end that is missing', start],
  ['two roots', `${start}</reginfo>${start}</reginfo>`],
  [
    'the same attribute twice',
    '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" version="0" state="full"/>',
  ],
  ['a prefix that nobody declared', '<ri:reginfo version="0" state="full"/>'],
  ['another namespace', '<reginfo xmlns="urn:other" version="0" state="full"/>'],
  ['another root', '<registration xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"/>'],
  ['a document type declaration', `<!DOCTYPE reginfo>${start}</reginfo>`],
  ['an entity of its own', `<!DOCTYPE reginfo [<!ENTITY a "b">]>${start}&a;</reginfo>`],
  ['an entity that nobody declared', `${start}&a;</reginfo>`],
  ['no version', '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" state="full"/>'],
  ['a version below 0', '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="-1" state="full"/>'],
  ['a version beyond 32 bits', '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="4294967296" state="full"/>'],
  ['a state that is none', '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="empty"/>'],
  ['a registration without aor', `${start}<registration id="1" state="init"/></reginfo>`],
  ['a registration without id', `${start}<registration aor="a" state="init"/></reginfo>`],
  ['a contact without uri', contact(usual, '')],
  ['a contact without event', contact('id="1" state="active"')],
  ['an event that is none', contact('id="1" state="active" event="toString"')],
  ['expires that is no number', contact(`${usual} expires="1e3"`)],
  ['q above 1', contact(`${usual} q="1.1"`)],
  ['a parameter without a name', contact(usual, '<uri>sip:a@b</uri><unknown-param>x</unknown-param>')],
] as const;

const tooLarge = [
  ['131,073 characters', `${start}${' '.repeat(131_073)}</reginfo>`],
  ['more than 4,000 elements', `${start}${'<x/>'.repeat(4_000)}</reginfo>`],
  ['nine elements inside each other', `${start}${'<x>'.repeat(8)}${'</x>'.repeat(8)}</reginfo>`],
  [
    'more than 32 attributes',
    contact(`${usual} ${Array.from({ length: 30 }, (_, index) => `a${index}=""`).join(' ')}`),
  ],
] as const;

describe('what is refused', () => {
  it.each(malformed)('[RFC 3680 5.4] %s', (_name, text) => {
    expect(() => parseReginfo(text)).toThrow(expect.objectContaining({ code: 'ERR_REGINFO_MALFORMED' }));
  });

  it.each(tooLarge)('[RFC 3680 8] %s', (_name, text) => {
    expect(() => parseReginfo(text)).toThrow(expect.objectContaining({ code: 'ERR_REGINFO_TOO_LARGE' }));
    expect(() => decodeReginfo(new TextEncoder().encode(text))).toThrow(ReginfoError);
  });

  it('[RFC 3680 5] octets that are no UTF-8', () => {
    expect(() => decodeReginfo(Uint8Array.of(0x3c, 0xff))).toThrow(
      expect.objectContaining({ code: 'ERR_REGINFO_MALFORMED', message: 'reginfo: expected UTF-8' }),
    );
  });

  it('[RFC 3680 8] is said without the value', () => {
    for (const [, text] of malformed) {
      expect(() => parseReginfo(text.replaceAll('"1"', '"secret"'))).toThrow(expect.not.stringContaining('secret'));
    }
  });

  it('[RFC 3680 5.4] survives mutation: a ReginfoError, or a text that stays as it was written', () => {
    const mutant = fc
      .tuple(
        fc.constantFrom(...Object.values(documents), formatReginfo(whole)),
        fc.array(fc.tuple(fc.nat(1_500), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 3 }),
      )
      .map(([text, changes]) =>
        changes.reduce((kept, [at, gone, noise]) => kept.slice(0, at) + noise + kept.slice(at + gone), text),
      );
    fc.assert(
      fc.property(mutant, (text) => {
        const written = tryOr(() => formatReginfo(parseReginfo(text)));
        if (written !== undefined) expect(formatReginfo(parseReginfo(written))).toBe(written);
      }),
    );
  });
});

/** What `run` returns, or undefined where it throws a ReginfoError. */
function tryOr<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ReginfoError) return undefined;
    throw error;
  }
}
