/**
 * Answers calls on UDP and TCP: rings, accepts, and prints how each one goes, until it is interrupted.
 *
 *     node packages/sip-node/examples/answer.ts 5060
 *
 * @module
 */
import { type CallEnd, Calls, encodeUtf8, type IncomingCall, parseNameAddr } from '@wicgate/sip';
import { Endpoint, type NodeFlow } from '@wicgate/sip-node';

const host = '127.0.0.1';
const port = Number(process.argv[2] ?? 5_060);

// Where media would come from and go to.
const description = encodeUtf8(
  `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n`,
);
const media = {
  createOffer: () => description,
  createAnswer: (offer: Uint8Array) => {
    console.log(`offer of ${offer.length} octets`);
    return description;
  },
  acceptAnswer: () => {},
};

const endpoint = new Endpoint({
  sentBy: () => `${host}:${port}`,
  user: {
    onRequest: (transaction) => calls.onRequest(transaction),
    onAck: (ack) => calls.onAck(ack),
    onStrayResponse: (response) => calls.onStrayResponse(response),
    onFault: (flow, error) => console.error(`from ${flow.peer.address}: ${error.message}`),
  },
});
const calls = new Calls<NodeFlow>({
  clock: endpoint.clock,
  random: Math.random,
  contact: `<sip:bob@${host}:${port}>`,
  onCall: (call) => take(call),
  onFault: (error) => console.error(error),
});
calls.attach(endpoint.layer);
process.once('SIGINT', () => void endpoint.stop());

try {
  await endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host, port });
  console.log(`waiting at sip:bob@${host}:${port}`);
} catch (error) {
  console.error(`cannot wait for calls: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await endpoint.stop();
}

/** What it throws goes to onFault, and the caller gets a 500 unless it has got an answer. */
async function take(call: IncomingCall<NodeFlow>): Promise<void> {
  console.log(`call from ${parseNameAddr(call.request.headers.first('From') ?? '', 'From').uri}`);
  // Before anything else: who takes part. Without a user the call gets 480.
  call.use({
    media,
    onAnswered: () => console.log('answered'),
    onEnded: (end: CallEnd) => console.log(`ended: ${end.by}`),
  });
  await call.ring();
  // A telephone would wait here until somebody picks up.
  await call.accept();
}
