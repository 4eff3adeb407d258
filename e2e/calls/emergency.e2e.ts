/**
 * Emergency calls of a connection on which nobody has registered (TS 33.203 O.2.3, TS 23.167).
 */
import { openW2, requestText, type W2Peer } from '../faults/sip-peer.ts';
import { expect, test } from '../fixtures.ts';
import { headersOf } from '../media/w2-trace.ts';

const sos = 'urn:service:sos';

const offer = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 9 RTP/AVP 0', ''].join(
  '\r\n',
);

function withOffer(request: string): string {
  const length = `Content-Type: application/sdp\r\nContent-Length: ${offer.length}\r\n\r\n${offer}`;
  return request.replace(/Content-Length: 0\r\n\r\n$/u, length);
}

/** The next request of the dialog that the 200 has made. */
function inDialog(ok: string, method: string, cseq: number): string {
  const first = (name: string): string => headersOf([ok], 'SIP/2.0', name)[0] ?? '';
  const routes = ok
    .split('\r\n')
    .filter((line) => /^record-route:/iu.test(line))
    .toReversed()
    .map((line) => line.replace(/^record-route:/iu, 'Route:'));
  return [
    `${method} ${first('Contact').replace(/^.*<|>.*$/gu, '')} SIP/2.0`,
    `Via: SIP/2.0/WSS test.invalid;rport;branch=z9hG4bK${method}`,
    'Max-Forwards: 70',
    ...routes,
    ...['From', 'To', 'Call-ID'].map((name) => `${name}: ${first(name)}`),
    `CSeq: ${cseq} ${method}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

async function talkToEmergencyCentre(peer: W2Peer): Promise<void> {
  const ok = await peer.exchange(withOffer(requestText({ method: 'INVITE', user: 'anybody', requestUri: sos })));
  expect(ok).toMatch(/^SIP\/2\.0 200 /u);
  expect(ok).toMatch(/CSeq: 1 INVITE/u);
  peer.send(inDialog(ok, 'ACK', 1));
  expect(await peer.exchange(inDialog(ok, 'BYE', 2))).toMatch(/^SIP\/2\.0 200 /u);
}

test('[O.2.3] [X.2.3.3 s] an emergency call needs no registration; any other call without one is refused', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  const peer = await openW2(lab.ports.epCscf, { origin: lab.wwsfUrl, subprotocol: 'sip' });
  await talkToEmergencyCentre(peer);
  const invite = requestText({ method: 'INVITE', user: 'anybody', requestUri: alice.account.impu });
  expect(await peer.exchange(invite)).toMatch(/^SIP\/2\.0 403 /u);
  await expect(alice.incoming).toBeHidden();
  peer.close();
});
