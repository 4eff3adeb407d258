/**
 * Calls somebody, prints how it goes, and hangs up.
 *
 *     node packages/sip-node/examples/call.ts 'sip:bob@127.0.0.1:5060;transport=tcp' 5070
 *
 * @module
 */
import { type CallEnd, Calls, encodeUtf8, parseUri, type SipResponse } from '@wicgate/sip';
import { Endpoint, type NodeFlow } from '@wicgate/sip-node';

const host = '127.0.0.1';
const requestUri = process.argv[2] ?? 'sip:bob@127.0.0.1';
const port = Number(process.argv[3] ?? 5_070);

// Where media would come from and go to; the stack carries the octets and keeps offers and answers in step.
const description = encodeUtf8(
  `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n`,
);
const media = {
  createOffer: () => description,
  createAnswer: () => description,
  acceptAnswer: (answer: Uint8Array) => console.log(`answer of ${answer.length} octets`),
};

const endpoint = new Endpoint({
  sentBy: () => `${host}:${port}`,
  user: {
    onRequest: (transaction) => calls.onRequest(transaction),
    onAck: (ack) => calls.onAck(ack),
    onStrayResponse: (response) => calls.onStrayResponse(response),
  },
});
const calls = new Calls<NodeFlow>({
  clock: endpoint.clock,
  random: Math.random,
  contact: `<sip:alice@${host}:${port}>`,
  onCall: (call) => call.reject(486),
});
calls.attach(endpoint.layer);

try {
  const flow = await connect();
  const user = {
    media,
    onProgress: ({ statusCode, reasonPhrase }: SipResponse) => console.log(`${statusCode} ${reasonPhrase}`),
    onAnswered: () => {
      console.log('answered');
      call.hangUp();
    },
    onEnded: (end: CallEnd) => {
      console.log(`ended: ${end.by}`);
      // The BYE is on its way, and its answer.
      endpoint.clock.after(1_000, () => void endpoint.stop());
    },
  };
  const call = await calls.call({ requestUri, from: `<sip:alice@${host}>` }, user, flow);
} catch (error) {
  console.error(`cannot call: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await endpoint.stop();
}

/** The way to whom the URI names; requests of the far end come by either transport. */
async function connect(): Promise<NodeFlow> {
  const uri = parseUri(requestUri);
  if (uri.scheme === 'tel') throw new TypeError('expected a SIP URI');
  await endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host, port });
  const destination = { host: uri.host, port: uri.port ?? 5_060 };
  const isTcp = uri.params.get('transport')?.toLowerCase() === 'tcp';
  return isTcp ? endpoint.connectTcp(destination) : endpoint.connectUdp(destination);
}
