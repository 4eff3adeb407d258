import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { formatMessage } from '../messages/format-message.ts';
import { ElementPair } from '../usages/testing/element-pair.ts';
import { createInstantMessage, type InstantMessageFields } from './create-instant-message.ts';
import { acceptInstantMessage, receiveInstantMessage } from './receive-instant-message.ts';

const fields: InstantMessageFields = {
  target: 'sip:bob@bob.example',
  from: 'sip:alice@alice.example',
  fromTag: 'a',
  callId: 'call',
  contentType: 'text/plain',
  body: encodeUtf8('Watson, come here.'),
};
const policy = { accept: ['text/plain'], toTag: 'b' };

describe('createInstantMessage', () => {
  it('[RFC 3428 4] has no Contact and travels outside dialogs', async () => {
    const pair = new ElementPair();
    const events: string[] = [];
    pair.bob.receive = (transaction) => {
      const outcome = receiveInstantMessage(transaction.request, policy);
      if (outcome.type === 'deliver') events.push(`deliver ${outcome.body.length}`);
      transaction.respond(acceptInstantMessage(transaction.request, 200, 'b'));
      return true;
    };
    const request = createInstantMessage({ ...fields, headers: [['Route', '<sip:p.example;lr>']] });
    pair.alice.send(request, (event) => events.push(event.type));
    await pair.clock.run(64_000);
    expect(events).toEqual(['deliver 18', 'response']);
    expect([pair.alice.requests[0]?.headers.has('Contact'), pair.bob.responses[0]?.headers.has('Contact')]).toEqual([
      false,
      false,
    ]);
    expect([pair.bob.responses[0]?.body.length, pair.clock.pending]).toEqual([0, 0]);
  });

  it('[RFC 3428 8] stays within 1300 octets with its Via, unless every hop controls congestion', () => {
    const empty = formatMessage(createInstantMessage({ ...fields, body: encodeUtf8('') })).length;
    const body = (octets: number): Uint8Array => new Uint8Array(octets).fill(97);
    // Content-Length grows by three digits.
    const most = 1_300 - 150 - empty - 2;
    expect(createInstantMessage({ ...fields, body: body(most) }).body).toHaveLength(most);
    expect(() => createInstantMessage({ ...fields, body: body(most + 1) })).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }),
    );
    expect(createInstantMessage({ ...fields, body: body(5_000), isPathReliable: true }).body).toHaveLength(5_000);
  });

  it.each(['Contact', 'm', 'Record-Route'])('[RFC 3428 4] refuses %s', (name) => {
    expect(() => createInstantMessage({ ...fields, headers: [[name, '<sip:a@b>']] })).toThrow(TypeError);
  });
});

describe('receiveInstantMessage', () => {
  const request = createInstantMessage(fields);

  it('[RFC 3428 7] delivers what is understood, with its lifetime', () => {
    const headers = request.headers.set('Content-Type', 'Text/Plain;charset=UTF-8').with('Expires', '60');
    expect(receiveInstantMessage({ ...request, headers }, policy)).toEqual({
      type: 'deliver',
      contentType: 'text/plain',
      body: fields.body,
      lifetimeSeconds: 60,
    });
    const empty = { ...request, headers: request.headers.without('Content-Type'), body: encodeUtf8('') };
    expect(receiveInstantMessage(empty, policy)).toMatchObject({ type: 'deliver', contentType: undefined });
  });

  it.each([
    {
      fault: 'another type',
      headers: request.headers.set('Content-Type', 'text/html'),
      name: 'Accept',
      value: 'text/plain',
    },
    { fault: 'no type', headers: request.headers.without('Content-Type'), name: 'Accept', value: 'text/plain' },
    {
      fault: 'an encoding',
      headers: request.headers.with('Content-Encoding', 'gzip'),
      name: 'Accept-Encoding',
      value: 'identity',
    },
    {
      fault: 'a second encoding',
      headers: request.headers.with('Content-Encoding', 'identity, gzip'),
      name: 'Accept-Encoding',
      value: 'identity',
    },
  ])('[RFC 3261 8.2.3] refuses $fault with 415', ({ headers, name, value }) => {
    const outcome = receiveInstantMessage({ ...request, headers }, policy);
    if (outcome.type !== 'refuse') throw new TypeError('expected a refusal');
    expect([outcome.response.statusCode, outcome.response.headers.first(name)]).toEqual([415, value]);
  });

  it.each([200, 202] as const)('[RFC 3428 7] answers %d without body and Contact', (statusCode) => {
    const response = acceptInstantMessage(request, statusCode, 'b');
    expect([response.statusCode, response.body.length, response.headers.has('Contact')]).toEqual([
      statusCode,
      0,
      false,
    ]);
    expect(response.headers.first('To')).toBe('<sip:bob@bob.example>;tag=b');
  });
});
