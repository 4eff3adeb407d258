/**
 * Registers at a registrar that asks for Digest, prints what was granted, and leaves again.
 *
 *     node packages/sip-node/examples/register.ts 'sip:127.0.0.1:5060' 'sip:alice@example.com' alice secret 5070
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { DigestClient, parseContact, Registration, type RegistrationState, sendWithDigest } from '@wicgate/sip';
import { Endpoint } from '@wicgate/sip-node';

const host = '127.0.0.1';
const [registrar = 'sip:127.0.0.1', aor = 'sip:alice@example.com', username = 'alice', password = '', port = '5070'] =
  process.argv.slice(2);

const endpoint = new Endpoint({
  sentBy: () => `${host}:${port}`,
  user: { onRequest: () => {}, onAck: () => {}, onStrayResponse: () => {} },
});

// One account: the strongest challenge is answered, and a weaker one afterwards is not.
const digest = new DigestClient({ findUser: () => ({ username, password }), random: randomBytes });

const registration = new Registration({
  registrar,
  aor,
  contacts: [parseContact(`<sip:${username}@${host}:${port}>`)],
  expiresSeconds: 600,
  fromTag: endpoint.layer.createToken(),
  callId: endpoint.layer.createToken(),
  clock: endpoint.clock,
  random: Math.random,
  send: sendWithDigest((request, inform) => void endpoint.request(request, inform), digest),
  authorize: (request, response) => digest.retry(request, response),
  onState: (state) => tell(state),
});
try {
  await endpoint.listenUdp({ name: 'udp', host, port: Number(port) });
  registration.register();
} catch (error) {
  console.error(`cannot register: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await endpoint.stop();
}

function tell({ status, registered, failure }: RegistrationState): void {
  console.log(`${status}${failure === undefined ? '' : `: ${failure.type}`}`);
  if (status === 'registered' && registered !== undefined) {
    console.log(`for ${registered.expiresSeconds} s at ${registered.own.map(({ uri }) => uri).join(', ')}`);
    registration.unregister();
  }
  if (status === 'failed') process.exitCode = 1;
  if (status === 'unregistered' || status === 'failed') void endpoint.stop();
}
