/**
 * What this end takes, and how INVITE, UPDATE and the answers to them say so (RFC 3261 8.2, 13.2.1, 20.5; RFC 6086
 * 5.2.3).
 *
 * @module
 */
import { formatTokens } from '../headers/token-list.ts';
import { InfoPackages } from '../info-packages/info-packages.ts';
import { type Capabilities, inspectRequest } from '../inspection/inspect-request.ts';
import type { Refusal } from '../inspection/refusal.ts';
import { noBody, type SipRequest } from '../messages/message.ts';
import type { HeaderPairs } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import type { CallContext } from './call-context.ts';

/** The methods a call answers. */
export const callMethods: readonly string[] = [
  ...['INVITE', 'ACK', 'CANCEL', 'BYE'],
  ...['PRACK', 'UPDATE', 'INFO', 'OPTIONS'],
];

const descriptionType = 'application/sdp';

const understood: Omit<Capabilities, 'extensions' | 'schemes'> = {
  methods: callMethods,
  contentTypes: [descriptionType, 'multipart/*'],
  contentEncodings: [],
};

/** Allow, Supported and Recv-Info. */
export function capabilitiesOf<F extends Flow>(context: CallContext<F>): HeaderPairs {
  return [
    ['Allow', formatTokens(callMethods)],
    ['Supported', formatTokens(supportedOf(context))],
    ['Recv-Info', new InfoPackages(context.infoPackages).recvInfo],
  ];
}

/** The option tags this end knows. */
export function supportedOf<F extends Flow>({ reliability, supported }: CallContext<F>): readonly string[] {
  return [...(reliability === 'never' ? [] : ['100rel']), 'timer', ...supported];
}

/** How to refuse an INVITE that makes a call, or any other request outside one (RFC 3261 8.2). */
export function inspectOutside<F extends Flow>(request: SipRequest, context: CallContext<F>): Refusal | undefined {
  return inspectRequest(request, { ...understood, schemes: context.schemes, extensions: supportedOf(context) });
}

/**
 * How to refuse a request in a dialog, whatever its method is (RFC 3261 8.2.2.3, 8.2.3). Bodies count in INVITE and
 * UPDATE; that of another request is for who answers it.
 */
export function inspectInDialog<F extends Flow>(request: SipRequest, context: CallContext<F>): Refusal | undefined {
  const { method } = request;
  const looked = method === 'INVITE' || method === 'UPDATE' ? request : { ...request, body: noBody };
  const { schemes } = context;
  return inspectRequest(looked, { ...understood, schemes, methods: [method], extensions: supportedOf(context) });
}

/** The header field that goes with a session description; none where there is none. */
export function descriptionHeaders(body: Uint8Array | undefined): HeaderPairs {
  return body === undefined ? [] : [['Content-Type', descriptionType]];
}
