import { expect, it } from 'vitest';
import { CallScene } from './testing/call-agent.ts';

it.each([
  ['sip:bob@b.example', '<sip:bob@b.example>'],
  ['sip:bob@192.0.2.1:5070;transport=tcp', '<sip:bob@192.0.2.1>'],
  ['sips:bob@[2001:db8::1]:5071;maddr=192.0.2.1;ttl=1;lr;user=phone', '<sips:bob@[2001:db8::1];user=phone>'],
  ['sip:bob@b.example;method=MESSAGE?subject=x', '<sip:bob@b.example>'],
  ['tel:+1-201-555-0123', '<tel:+1-201-555-0123>'],
  ['urn:service:sos', '<urn:service:sos>'],
])('[RFC 3261 19.1.1, table 1] a call to %s has To %s', async (requestUri, to) => {
  const { alice, ours } = new CallScene('TCP');
  await alice.calls.call({ requestUri, from: '<sip:alice@a.example>' }, alice.user, ours);
  expect(ours.sent).toMatchObject([{ method: 'INVITE', requestUri }]);
  expect(ours.sent[0]?.headers.first('To')).toBe(to);
});

it('[RFC 3261 8.1.1.2] the To that a program wants is taken as it is', async () => {
  const { alice, ours } = new CallScene('TCP');
  const target = { requestUri: 'sip:bob@b.example', from: '<sip:alice@a.example>', to: 'Bob <sip:bob@c.example:5070>' };
  await alice.calls.call(target, alice.user, ours);
  expect(ours.sent[0]?.headers.first('To')).toBe('Bob <sip:bob@c.example:5070>');
});

it('a Request-URI with the scheme of SIP and not its grammar is refused', async () => {
  const { alice, ours } = new CallScene('TCP');
  const call = alice.calls.call({ requestUri: 'sip:', from: '<sip:alice@a.example>' }, alice.user, ours);
  await expect(call).rejects.toMatchObject({ code: 'ERR_SIP_HEADER_MALFORMED' });
  expect(ours.sent).toEqual([]);
});
