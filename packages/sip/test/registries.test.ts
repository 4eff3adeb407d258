import { describe, expect, it } from 'vitest';
import { headerKey, isListHeader } from '../src/headers/header-name.ts';
import { reasonPhraseOf } from '../src/messages/reason-phrases.ts';
import { methods } from '../src/transactions/methods.ts';

const files = import.meta.glob('./registries/*.csv', { query: '?raw', import: 'default', eager: true });

/** The rows of a registry without its heading. */
function rowsOf(registry: string): readonly (readonly string[])[] {
  const [, ...lines] = (files[`./registries/${registry}.csv`] ?? '').trim().split('\n');
  return lines.map((line) => line.split(','));
}

const headerFields = rowsOf('header-fields').map(([name = '', compact = '']) => ({
  name: name.replace(/ \(.*\)$/u, ''),
  compact,
}));
/** By the grammars of the RFCs that the registry names; challenges and credentials have commas of another kind. */
const listsOfTheGrammar = [
  'Accept',
  'Accept-Contact',
  'Accept-Encoding',
  'Accept-Language',
  'Accept-Resource-Priority',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Call-Info',
  'Contact',
  'Content-Encoding',
  'Content-Language',
  'Error-Info',
  'Feature-Caps',
  'Geolocation',
  'History-Info',
  'In-Reply-To',
  'P-Access-Network-Info',
  'P-Asserted-Identity',
  'P-Associated-URI',
  'P-Early-Media',
  'P-Media-Authorization',
  'P-Preferred-Identity',
  'P-Refused-URI-List',
  'P-Visited-Network-ID',
  'Path',
  'Permission-Missing',
  'Policy-Contact',
  'Policy-ID',
  'Proxy-Require',
  'Reason',
  'Record-Route',
  'Recv-Info',
  'Reject-Contact',
  'Request-Disposition',
  'Require',
  'Resource-Priority',
  'Route',
  'Security-Client',
  'Security-Server',
  'Security-Verify',
  'Service-Route',
  'Supported',
  'Trigger-Consent',
  'Unsupported',
  'User-to-User',
  'Via',
  'Warning',
];

const letters = [...'abcdefghijklmnopqrstuvwxyz'];

describe('IANA registries', () => {
  it('are whole', () => {
    expect([rowsOf('methods').length, rowsOf('response-codes').length, headerFields.length]).toEqual([14, 75, 134]);
  });

  it.each(rowsOf('response-codes').map(([code, phrase = '']) => [Number(code), phrase.replace(' (Deprecated)', '')]))(
    '[RFC 3261 27.4] %i is %s',
    (code, phrase) => {
      expect(reasonPhraseOf(Number(code))).toBe(phrase);
    },
  );

  it('[RFC 3261 27.4] no code has a phrase of its own that is not registered', () => {
    const registered = new Set(rowsOf('response-codes').map(([code]) => Number(code)));
    const ofClass = (code: number): string =>
      code >= 200 && code < 300 ? 'OK' : reasonPhraseOf(Math.floor(code / 100) * 100);
    const own = Array.from({ length: 600 }, (_, index) => index + 100).filter(
      (code) => !registered.has(code) && reasonPhraseOf(code) !== ofClass(code),
    );
    expect(own).toEqual([]);
  });

  it('[RFC 3261 27.4] the methods are those registered', () => {
    expect(new Set(methods)).toEqual(new Set(rowsOf('methods').map(([method]) => method)));
  });

  it('[RFC 3261 7.3.3] the compact forms are those registered, and n, which went with RFC 4474', () => {
    const ours = letters.map((letter) => [letter, headerKey(letter)]).filter(([letter, key]) => letter !== key);
    const registered = headerFields.filter(({ compact }) => compact !== '');
    const expected = [['n', 'identity-info'], ...registered.map(({ name, compact }) => [compact, name.toLowerCase()])];
    expect(ours).toEqual(expected.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
  });

  it('[RFC 3261 7.3.1] a list is every registered header field whose grammar has a comma', () => {
    const ours = headerFields.map(({ name }) => name).filter((name) => isListHeader(name.toLowerCase()));
    expect(ours).toEqual(listsOfTheGrammar);
  });
});
