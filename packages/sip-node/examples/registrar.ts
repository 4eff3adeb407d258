/**
 * A registrar with Digest for one account, on UDP and TCP (RFC 3261 10.3, 22.4), until it is interrupted.
 *
 *     node packages/sip-node/examples/registrar.ts 5060 sip:alice@example.com alice secret
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  createHa1,
  createRefusal,
  createResponse,
  DigestServer,
  findContacts,
  findNumber,
  formatContact,
  HeaderMalformed,
  isSameUri,
  parseNameAddr,
  parseUri,
  refuse,
  SealedNonces,
  type ServerTransaction,
  type SipRequest,
} from '@wicgate/sip';
import { Endpoint } from '@wicgate/sip-node';

type Header = readonly [name: string, value: string];

const host = '127.0.0.1';
const [port = '5060', aor = 'sip:alice@example.com', username = 'alice', password = ''] = process.argv.slice(2);
const realm = 'example.com';
const mostSeconds = 3_600;
/** By URI: when the binding ends, in milliseconds since 1970. */
const bindings = new Map<string, number>();

// The nonces carry their own proof: none is stored.
const nonces = new SealedNonces({ key: randomBytes(32), lifetimeMs: 60_000, now: Date.now, random: randomBytes });
const digest = new DigestServer({ realm, nonces, random: randomBytes, algorithms: ['SHA-256', 'MD5'] });

const endpoint = new Endpoint({
  sentBy: () => `${host}:${port}`,
  user: {
    // What is thrown is answered: a SipError with its status code, all else with 500.
    onRequest: (transaction) => (transaction.request.method === 'REGISTER' ? register : refuseOther)(transaction),
    onAck: () => {},
    onStrayResponse: () => {},
    onFault: (flow, error) => console.error(`from ${flow.peer.address}: ${error.message}`),
  },
});
process.once('SIGINT', () => void endpoint.stop());

try {
  parseUri(aor);
  await endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host, port: Number(port) });
  console.log(`registrar of ${aor} at ${host}:${port}`);
} catch (error) {
  console.error(`no registrar: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await endpoint.stop();
}

function register(transaction: ServerTransaction): void {
  const { request } = transaction;
  const outcome = digest.authenticate(request, (claim) =>
    claim.username === username ? createHa1(claim.algorithm.hash, { username, realm, password }) : undefined,
  );
  if (outcome.kind !== 'accepted') {
    answer(transaction, 401, digest.challenge({ stale: outcome.kind === 'stale' }));
  } else if (!isSameUri(parseNameAddr(request.headers.first('To') ?? '', 'To').uri, aor)) {
    // Who proved to be alice may bind alice, and nobody else (10.3 steps 4 and 5).
    answer(transaction, 403);
  } else {
    bind(request);
    console.log(`${aor} is at ${[...bindings.keys()].join(', ') || 'no place'}`);
    answer(transaction, 200, [...contactHeaders(), ['Authentication-Info', outcome.authenticationInfo()]]);
  }
}

/** 10.3 steps 6 and 7: what is named changes, what is not stays. A REGISTER without Contact only asks. */
function bind({ headers }: SipRequest): void {
  const contacts = findContacts(headers);
  const usual = findNumber(headers, 'Expires') ?? mostSeconds;
  if (contacts === '*' && usual > 0) throw new HeaderMalformed('Expires', 0, '0 beside a Contact of *');
  for (const known of bindings.keys()) {
    if (contacts === '*' || contacts.some(({ uri }) => isSameUri(known, uri))) bindings.delete(known);
  }
  for (const { uri, expiresSeconds = usual } of contacts === '*' ? [] : contacts) {
    if (expiresSeconds > 0) bindings.set(uri, Date.now() + 1_000 * Math.min(expiresSeconds, mostSeconds));
  }
}

/** 10.3 step 8: every binding, and the seconds it has left. */
function contactHeaders(): readonly Header[] {
  for (const [uri, until] of bindings) if (until <= Date.now()) bindings.delete(uri);
  return [...bindings].map(([uri, until]) => {
    const params = new Map([['expires', String(Math.ceil((until - Date.now()) / 1_000))]]);
    return ['Contact', formatContact({ displayName: undefined, uri, params })];
  });
}

function answer(transaction: ServerTransaction, statusCode: number, headers: readonly Header[] = []): void {
  const toTag = endpoint.layer.createToken();
  transaction.respond(createResponse(transaction.request, statusCode, { toTag, headers }));
}

function refuseOther(transaction: ServerTransaction): void {
  const refusal = createRefusal(405, ['Allow', 'REGISTER']);
  transaction.respond(refuse(transaction.request, refusal, endpoint.layer.createToken()));
}
