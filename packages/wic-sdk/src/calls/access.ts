/**
 * What a call needs of the WIC around it: the way to the network, the registration, the dialogs.
 *
 * @module
 */
import type { Dialog, ServerTransaction, SipRequest, SipResponse } from '@wicgate/sip';
import type { Line } from '../flow/line.ts';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import type { Platform } from '../platform.ts';
import type { Registered } from '../registration/register-outcome.ts';
import type { RequestAuthentication } from '../request-authentication/request-authentication.ts';

/** Takes what comes in a dialog. */
export interface DialogUser {
  onRequest(transaction: ServerTransaction<WebSocketFlow>): void;
  onAck(ack: SipRequest): void;
  /** A 2xx to INVITE that belongs to no transaction any more (RFC 6026 8.1). */
  onLateSuccess(response: SipResponse): void;
  /** The flow is gone: what was under way on it gets no answer any more. */
  flowLost?(): void;
  /** Registered on a new flow: the far end has to learn of it. */
  repair?(): void;
  /** Media have to find a new path. */
  restartIce?(): void;
}

export interface Access {
  readonly platform: Platform;
  readonly line: Line;
  /** Value of Contact in dialogs. */
  readonly contact: string;
  readonly homeDomain: string;
  readonly displayName: string | undefined;
  /** Undefined while there is no registration: requests would be refused. */
  readonly registered: Registered | undefined;
  /** Answers the challenges of the S-CSCF; undefined where the user is not registered by SIP Digest. */
  readonly requestAuthentication: RequestAuthentication | undefined;
  readonly rtcConfiguration: RTCConfiguration;
  readonly addDialog: (dialog: Dialog, user: DialogUser) => void;
  readonly deleteDialog: (dialog: Dialog) => void;
}

/** The methods a WIC answers (RFC 3261 20.5). */
export const allow = 'INVITE, ACK, CANCEL, BYE, INFO, OPTIONS';
export const supported = 'trickle-ice, outbound, gruu';
/** Info packages we take (RFC 6086 5.2.3). */
export const infoPackage = 'trickle-ice';
export const fragmentType = 'application/trickle-ice-sdpfrag';
export const descriptionType = 'application/sdp';

/** What every INVITE and every answer to one says of us. */
export const capabilities: readonly (readonly [string, string])[] = [
  ['Allow', allow],
  ['Supported', supported],
  ['Recv-Info', infoPackage],
];

/** Whether the sender of `message` takes candidates by INFO (RFC 8840 5). */
export function takesTrickle({ headers }: SipRequest | SipResponse): boolean {
  return headers.all('Recv-Info').some((value) => value.trim().toLowerCase() === infoPackage);
}

/** Media type of the body, without parameters, in lower case. */
export function contentTypeOf({ headers }: SipRequest | SipResponse): string {
  return (headers.first('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
