/**
 * A stateful proxy on UDP and TCP that forks new requests to the targets it is given, by their q (RFC 3261 16).
 *
 *     node packages/sip-node/examples/proxy.ts 5060 '<sip:bob@127.0.0.1:5071>' '<sip:bob@127.0.0.1:5072>;q=0.5'
 *
 * @module
 */
import {
  type Contact,
  createRefusal,
  type ProxyTarget,
  parseContact,
  parseNameAddr,
  parseUri,
  prepareForward,
  preprocessRoute,
  type Refusal,
  refusalOf,
  refuse,
  type ServerTransaction,
  SipError,
  type SipRequest,
  type SipResponse,
  StatefulProxy,
  validateRequest,
} from '@wicgate/sip';
import { Endpoint, type NodeFlow } from '@wicgate/sip-node';

const host = '127.0.0.1';
const port = Number(process.argv[2] ?? 5_060);
const targets: Contact[] = [];

const endpoint = new Endpoint({
  sentBy: () => `${host}:${port}`,
  user: {
    onRequest: (transaction) => forward(transaction).catch((error) => answer(transaction, refusalFor(error))),
    onAck: (ack) => forwardAck(ack),
    onStrayResponse: () => {},
  },
});
const proxy = new StatefulProxy<NodeFlow>(endpoint);
try {
  for (const target of process.argv.slice(3)) targets.push(parseContact(target));
  await endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host, port });
  console.log(`proxy at ${host}:${port} for ${targets.length} targets`);
} catch (error) {
  console.error(`no proxy: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await endpoint.stop();
}

async function forward(transaction: ServerTransaction<NodeFlow>): Promise<void> {
  const { request } = transaction;
  if (request.method === 'CANCEL') return proxy.cancel(transaction);
  const verdict = validateRequest(request);
  if (typeof verdict !== 'string') return answer(transaction, verdict);
  const isInDialog = parseNameAddr(request.headers.first('To') ?? '', 'To').params.has('tag');
  const prepared = isInDialog ? [prepare(request)] : targets.map((target) => prepare(request, target));
  const reached: ProxyTarget<NodeFlow>[] = [];
  for (const outcome of await Promise.allSettled(prepared)) {
    if (outcome.status === 'fulfilled') reached.push(outcome.value);
  }
  if (reached.length === 0) return answer(transaction, createRefusal(480));
  const onFinal = ({ statusCode }: SipResponse) => console.log(`${request.method} ${statusCode}`);
  proxy.forward(transaction, reached, { onFinal });
}

async function forwardAck(ack: SipRequest): Promise<void> {
  // Nobody answers an ACK: one that leads nowhere is dropped.
  const prepared = await prepare(ack).catch(() => undefined);
  if (prepared !== undefined) proxy.forwardAck(prepared.request, prepared.flow);
}

/** The request as it leaves for `target`, or for whom its Request-URI names, and the way there. */
async function prepare(received: SipRequest, target?: Contact): Promise<ProxyTarget<NodeFlow>> {
  const routed = preprocessRoute(received, (uri) => uri.host === host && uri.port === port);
  const start = target === undefined ? {} : { requestUri: target.uri, recordRoute: `sip:${host}:${port};lr` };
  const { request, nextHop } = prepareForward(routed.request, start);
  const hop = parseUri(nextHop);
  if (hop.scheme === 'tel') throw new TypeError('expected a SIP URI');
  const place = { host: hop.host, port: hop.port ?? 5_060 };
  const isTcp = hop.params.get('transport')?.toLowerCase() === 'tcp';
  return { request, flow: await (isTcp ? endpoint.connectTcp(place) : endpoint.connectUdp(place)), q: target?.q };
}

function answer(transaction: ServerTransaction, refusal: Refusal): void {
  transaction.respond(refuse(transaction.request, refusal, endpoint.layer.createToken()));
}

function refusalFor(error: unknown): Refusal {
  return error instanceof SipError ? refusalOf(error) : createRefusal(500);
}
