/**
 * A small E-CSCF with the emergency centre behind it (TS 23.167 6.2.2): answers emergency calls of trusted peers.
 *
 * It takes calls to `urn:service:sos` and its kinds (RFC 5031) and refuses all else. It has no media: every stream of an
 * offer is refused in an answer that is otherwise whole (RFC 3264 6).
 *
 * @module
 */
import type { Logger, RunningFunction } from '@wicgate/node-kit';
import { listenAt } from '@wicgate/node-kit';
import { Calls, createRefusal, type IncomingCall, refuse, type ServerTransaction } from '@wicgate/sip';
import { Endpoint, type NodeFlow, type TlsIdentity } from '@wicgate/sip-node';
import { refuseStreams } from './refuse-streams.ts';

export interface ECscfOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity;
  /** Certificate names of those who may send. */
  readonly trustedNames: readonly string[];
  readonly log: Logger;
}

/** @throws {AddressInUse} */
export async function startECscf({ host, port, tls, trustedNames, log }: ECscfOptions): Promise<RunningFunction> {
  const endpoint: Endpoint = new Endpoint({
    sentBy: () => `${host}:${port}`,
    user: {
      onRequest: (transaction) => {
        if (isTaken(transaction, trustedNames)) calls.onRequest(transaction);
        else transaction.respond(refuse(transaction.request, createRefusal(403), endpoint.layer.createToken()));
      },
      onAck: (ack) => calls.onAck(ack),
      onStrayResponse: (response) => calls.onStrayResponse(response),
    },
  });
  const calls = new Calls<NodeFlow>({
    clock: endpoint.clock,
    random: Math.random,
    contact: `<sip:sos@${host}:${port};transport=tls>`,
    schemes: ['urn', 'sip'],
    onCall: (call) => answer(call, log),
    onFault: (cause) => log.warn({ event: 'e-cscf.fault', cause }),
  });
  calls.attach(endpoint.layer);
  await listenAt({ host, port, setting: '--port-base' }, (address) =>
    endpoint.listenTls({ name: 'e-cscf', ...address, tls }),
  );
  return { stop: () => endpoint.stop() };
}

function isTaken({ request, flow }: ServerTransaction<NodeFlow>, trustedNames: readonly string[]): boolean {
  const isTrusted = flow.peer.certificateNames.some((name) => trustedNames.includes(name.toLowerCase()));
  const isInDialog = request.headers.first('To')?.includes(';tag=') === true;
  return isTrusted && (isInDialog || /^urn:service:sos(?:\.[a-z0-9-]+)*$/iu.test(request.requestUri));
}

async function answer(call: IncomingCall<NodeFlow>, log: Logger): Promise<void> {
  log.info({ event: 'e-cscf.call', service: call.request.requestUri.toLowerCase() });
  const refused = (offer: Uint8Array): Uint8Array => refuseStreams(offer);
  call.use({ media: { createOffer: () => refuseStreams(undefined), createAnswer: refused, acceptAnswer: () => {} } });
  await call.ring();
  await call.accept();
}
