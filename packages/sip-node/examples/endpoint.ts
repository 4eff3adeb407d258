/**
 * Answers requests on UDP, TCP and TLS, sends one to the server of a URI and one to a server that is known, and stops.
 *
 *     node packages/sip-node/examples/endpoint.ts sip:127.0.0.1:5060 5070 5071
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { type ClientEvent, createResponse, Headers, noBody, type SipRequest } from '@wicgate/sip';
import { Endpoint } from '@wicgate/sip-node';

const host = '127.0.0.1';
const [server = 'sip:127.0.0.1:5060', port = '5070', tlsPort = '5071'] = process.argv.slice(2);

// Mutual TLS, where there are files for it: who we are, and whom we trust.
const { TLS_CERT, TLS_KEY, TLS_CA } = process.env;
const tls =
  TLS_CERT === undefined || TLS_KEY === undefined || TLS_CA === undefined
    ? undefined
    : { cert: readFileSync(TLS_CERT), key: readFileSync(TLS_KEY), ca: readFileSync(TLS_CA) };

const endpoint = new Endpoint({
  user: {
    // May be async. What it throws is answered 500, and told to onFault.
    onRequest: ({ request, respond }) => respond(createResponse(request, 200, { toTag: 'us' })),
    onAck: () => {},
    onStrayResponse: () => {},
    onFault: (flow, error) => console.error(`from ${flow.peer.address}: ${error.code}`),
    onListenerError: (listener, error) => console.error(`${listener}: ${error.message}`),
  },
  sentBy: (transport) => `${host}:${transport === 'TLS' ? tlsPort : port}`,
  routing: { tls },
});
await endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host, port: Number(port) });
if (tls !== undefined) await endpoint.listenTls({ name: 'mw', host, port: Number(tlsPort), tls });

// To whatever server DNS names for the URI, and on to the next where one fails.
await new Promise<void>((done) => endpoint.request(options(server), (event) => report(event, done)));
// To a server that is known.
const flow = await endpoint.connectUdp({ host, port: Number(port) });
await new Promise<void>((done) => endpoint.layer.request(options('sip:us'), flow, (event) => report(event, done)));

await endpoint.stop();

function report(event: ClientEvent, done: () => void): void {
  const isFinal = event.type !== 'response' || event.response.statusCode >= 200;
  console.log(event.type === 'response' ? event.response.statusCode : event.type);
  if (isFinal) done();
}

/** An OPTIONS; the Via is added where it leaves. */
function options(requestUri: string): SipRequest {
  const headers = Headers.of(
    ['Max-Forwards', '70'],
    ['From', `<sip:us@${host}>;tag=${endpoint.layer.createToken()}`],
    ['To', `<${requestUri}>`],
    ['Call-ID', endpoint.layer.createToken()],
    ['CSeq', '1 OPTIONS'],
  );
  return { method: 'OPTIONS', requestUri, headers, body: noBody };
}
