import { describe, expect, it } from 'vitest';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import { type Capabilities, inspectionSteps, inspectRequest } from './inspect-request.ts';
import { createRefusal, refuse } from './refusal.ts';

const capabilities: Capabilities = {
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'MESSAGE'],
  schemes: ['sip', 'sips', 'tel'],
  extensions: ['100rel', 'timer'],
  contentTypes: ['application/sdp', 'multipart/*'],
  contentEncodings: ['gzip'],
  contentLanguages: ['en'],
};
const body = new Uint8Array(3);

interface Shape {
  readonly method?: string;
  readonly requestUri?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
}

const create = ({
  method = 'INVITE',
  requestUri = 'sip:us@here.example',
  headers = [],
  ...rest
}: Shape): SipRequest => ({
  method,
  requestUri,
  headers: Headers.of(
    ['Via', 'SIP/2.0/TCP them.example;branch=z9hG4bK1'],
    ['From', '<sip:them@there.example>;tag=1'],
    ['To', '<sip:us@here.example>'],
    ['Call-ID', 'call'],
    ['CSeq', `1 ${method}`],
    ...headers,
  ),
  body: rest.body ?? noBody,
});
const type = ['Content-Type', 'application/sdp'] as const;

const refused: readonly (Shape & { why: string; statusCode: number; advice?: readonly [string, string] })[] = [
  {
    why: '8.2.1: a method of SIP that is not offered',
    method: 'PUBLISH',
    statusCode: 405,
    advice: ['Allow', 'INVITE, ACK, CANCEL, BYE, MESSAGE'],
  },
  {
    why: '21.5.2: a method that is none',
    method: 'invite',
    statusCode: 501,
    advice: ['Allow', 'INVITE, ACK, CANCEL, BYE, MESSAGE'],
  },
  { why: '8.2.2.1: an unknown scheme', requestUri: 'nobodyKnowsThisScheme:totallyopaquecontent', statusCode: 416 },
  { why: '8.2.2.1: an http URI', requestUri: 'http://here.example', statusCode: 416 },
  { why: '21.4.12: a Request-URI too long', requestUri: `sip:${'us'.repeat(1_020)}@here`, statusCode: 414 },
  { why: '19.1.1: a Request-URI out of the grammar', requestUri: 'sip:us@here@there', statusCode: 400 },
  {
    why: '8.2.2.3: extensions of which one is unknown',
    headers: [['Require', '100rel, FOO, bar']],
    statusCode: 420,
    advice: ['Unsupported', 'FOO, bar'],
  },
  { why: '20.32: a Require out of the grammar', headers: [['Require', 'a b']], statusCode: 400 },
  { why: '20.15: a body without a type', body, statusCode: 400 },
  {
    why: '8.2.3: a body of an unknown type',
    headers: [['Content-Type', 'application/unknown']],
    body,
    statusCode: 415,
    advice: ['Accept', 'application/sdp, multipart/*'],
  },
  {
    why: '20.11: a body that must be handled',
    headers: [
      ['Content-Type', 'text/plain'],
      ['Content-Disposition', 'session;handling=required'],
    ],
    body,
    statusCode: 415,
    advice: ['Accept', 'application/sdp, multipart/*'],
  },
  {
    why: '8.2.3: a body in an unknown coding',
    headers: [type, ['Content-Encoding', 'gzip, br']],
    body,
    statusCode: 415,
    advice: ['Accept-Encoding', 'identity, gzip'],
  },
  {
    why: '8.2.3: a body in another language',
    headers: [type, ['Content-Language', 'fr']],
    body,
    statusCode: 415,
    advice: ['Accept-Language', 'en'],
  },
  { why: '20.15: a type out of the grammar', headers: [['Content-Type', 'sdp']], body, statusCode: 400 },
];

const accepted: readonly (Shape & { why: string })[] = [
  { why: 'a request without anything' },
  { why: 'a tel URI', requestUri: 'tel:+15551234' },
  { why: 'a scheme in capitals', requestUri: 'SIPS:us@here.example' },
  { why: 'known extensions, in any case', headers: [['Require', '100REL, timer']] },
  { why: '8.2.2.3: Require in CANCEL', method: 'CANCEL', headers: [['Require', 'foo']] },
  { why: '8.2.2.3: Require in ACK', method: 'ACK', headers: [['Require', 'foo']] },
  { why: '17: an ACK, whatever is in it', method: 'ACK', requestUri: 'x:y', body },
  { why: 'Proxy-Require, which is for proxies', headers: [['Proxy-Require', 'foo']] },
  { why: 'a body of a known type', headers: [['Content-Type', 'Application/SDP;charset=utf-8']], body },
  { why: 'a body of a known kind of types', headers: [['Content-Type', 'multipart/mixed;boundary=x']], body },
  { why: 'known codings and languages', headers: [type, ['e', 'identity, GZIP'], ['Content-Language', 'EN']], body },
  {
    why: '20.11: an unknown body that is optional',
    headers: [
      ['Content-Type', 'text/x'],
      ['Content-Disposition', 'render;handling=OPTIONAL'],
    ],
    body,
  },
  { why: 'a type without a body', headers: [['Content-Type', 'text/x']] },
];

describe('inspectRequest', () => {
  it.each(refused)('[RFC 3261 8.2] $statusCode for $why', ({ statusCode, advice, ...shape }) => {
    const refusal = inspectRequest(create(shape), capabilities);
    expect(refusal).toMatchObject({ statusCode, headers: advice === undefined ? [] : [advice] });
  });

  it.each(accepted)('[RFC 3261 8.2] nothing against $why', (shape) => {
    expect(inspectRequest(create(shape), capabilities)).toBeUndefined();
  });

  it('[RFC 3261 8.2] goes through the clauses in their order', () => {
    const order = ['8.2.1', '8.2.2.1', '8.2.2.3', '8.2.3'];
    expect(inspectionSteps.map(([clause]) => clause)).toEqual(order);
    const all = { method: 'FOO', requestUri: 'x:y', headers: [['Require', 'foo']] as const, body };
    expect(inspectRequest(create(all), capabilities)?.statusCode).toBe(501);
    expect(inspectRequest(create({ ...all, method: 'INVITE' }), capabilities)?.statusCode).toBe(416);
    const known = { ...all, method: 'INVITE', requestUri: 'sip:us@here.example' };
    expect(inspectRequest(create(known), capabilities)?.statusCode).toBe(420);
  });

  it('[RFC 3261 8.2.3] takes bodies in any language unless it knows its own', () => {
    const request = create({ headers: [type, ['Content-Language', 'fr']], body });
    expect(inspectRequest(request, { ...capabilities, contentLanguages: undefined })).toBeUndefined();
  });

  it('[RFC 3261 21.4.1] says in the reason phrase what is wrong, and shows no value', () => {
    const refusal = inspectRequest(create({ requestUri: 'sip:secret@here@there' }), capabilities);
    expect(refusal?.reasonPhrase).toBe('Malformed Request-URI');
  });
});

describe('refuse', () => {
  it('[RFC 3261 8.2.6] makes the response, with the phrase of the registry where none is given', () => {
    const response = refuse(create({}), createRefusal(420, ['Unsupported', 'foo']), 'us');
    expect(response).toMatchObject({ statusCode: 420, reasonPhrase: 'Bad Extension' });
    expect(response.headers.first('To')).toBe('<sip:us@here.example>;tag=us');
    expect(response.headers.first('Unsupported')).toBe('foo');
    expect(refuse(create({}), { ...createRefusal(400), reasonPhrase: 'Odd' }, 'us').reasonPhrase).toBe('Odd');
  });
});
