/**
 * What a page sees of a WIC: its registration and its calls, as values that change.
 *
 * No protocol word comes out of here: the SDK decides, the page draws.
 *
 * @module
 */
import type { PreCallTest } from './pre-call/pre-call-test.ts';
import type { WebCredentials, WicCredentials } from './registration/wic-credentials.ts';

/** A value that changes. Snapshots are immutable and stay the same object until something changes. */
export interface Observable<T> {
  /** Calls `listener` after every change; the function it returns ends that. Bound: may be handed on. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => T;
}

/**
 * Why a registration failed for good. `not signed in`: the web session has ended. `no identity`: none may be used.
 * `network ended`: it stood, and the network ended it. `sim unavailable`: the SIM gives no answer.
 */
export type RegistrationFailure = 'refused' | 'not signed in' | 'no identity' | 'network ended' | 'sim unavailable';

/** What the network refused, where it can be told: the person can do something about it. */
export type RefusalDetail =
  /** The private identity or the password is wrong, or the identity is somebody else's. */
  | 'wrong credentials'
  /** Whoever answered does not know the secret: it is not the person's network. */
  | 'network not authenticated'
  /** The network knows no way to register with what the person has. */
  | 'scheme not offered'
  /** SIM and network do not agree about the numbers of challenges, even after they compared them. */
  | 'sim out of step'
  /** A fresh access token is not accepted either, or is not for calls. */
  | 'token refused'
  /** The access token is good, but not for the public identity. */
  | 'identity not granted'
  /** The private identity is not one that this web server may lend. */
  | 'identity outside pool'
  /** The subscription does not allow the web server or authorization server, or the network allows it for nobody. */
  | 'third party not allowed'
  | 'third party barred';

/**
 * How the network ended a registration: by what it told of the contact (RFC 3680 5.1), or without a word. After
 * `unregistered` and `expired` another one was tried, and ended so too.
 */
export type NetworkEnd = 'rejected' | 'unregistered' | 'expired' | 'connection closed';

/** What is known beside the reason; `not granted`: the person no longer lets the web server register for them. */
export type FailureDetail = RefusalDetail | NetworkEnd | SimProblem | 'not granted';

/** What is the matter with the SIM; `not allowed`: the person did not let this page use it. */
export type SimProblem = 'no profile' | 'not allowed' | 'blocked' | 'storage' | 'not answering';

/** What the person can do about a failed registration. */
export type RegistrationRemedy =
  | ('sign in' | 'try again' | 'correct the credentials' | 'see to the SIM')
  | ('choose another way' | 'ask the operator' | 'leave this network' | 'allow access');

/** Stable; for programs. */
export type RegistrationFailureCode =
  | ('ERR_WIC_REGISTRATION_REFUSED' | 'ERR_WIC_SIGNED_OUT' | 'ERR_WIC_NO_IDENTITY' | 'ERR_WIC_NETWORK_ENDED')
  | ('ERR_WIC_CREDENTIALS_WRONG' | 'ERR_WIC_NETWORK_NOT_AUTHENTICATED' | 'ERR_WIC_SCHEME_NOT_OFFERED')
  | ('ERR_WIC_SIM_OUT_OF_STEP' | 'ERR_WIC_SIM_UNAVAILABLE' | 'ERR_WIC_TOKEN_REFUSED' | 'ERR_WIC_ACCESS_NOT_GRANTED')
  | ('ERR_WIC_IDENTITY_NOT_GRANTED' | 'ERR_WIC_IDENTITY_OUTSIDE_POOL')
  | ('ERR_WIC_THIRD_PARTY_NOT_ALLOWED' | 'ERR_WIC_THIRD_PARTY_BARRED');

/** By an access token of the web, by a SIP password, or by a SIM. */
export type RegistrationScheme = 'web' | 'digest' | 'aka';

/** How one is registered. */
export interface RegistrationDetails {
  readonly scheme: RegistrationScheme;
  /** The default public identity. */
  readonly impu: string;
  /** All public identities that were registered with it; the default one first. */
  readonly impus: readonly string[];
  /** The private identity; undefined where only the network knows it. */
  readonly impi: string | undefined;
  readonly displayName: string | undefined;
  /** On the scale of Date.now(); the registration is renewed before. */
  readonly expiresAtMs: number;
  /** URL of the eP-CSCF's WebSocket. */
  readonly gateway: string;
}

export interface RegistrationFailed {
  readonly status: 'failed';
  readonly reason: RegistrationFailure;
  /** Where more is known than the reason. */
  readonly detail?: FailureDetail;
  readonly code: RegistrationFailureCode;
  readonly remedy: RegistrationRemedy;
}

export type RegistrationState =
  | { readonly status: 'not registered' }
  | {
      readonly status: 'registering';
      /** From 1; grows with each try since the last success. */
      readonly attempt: number;
      /** On the scale of Date.now(): the next try waits until then. Undefined while one is under way. */
      readonly retryAtMs: number | undefined;
    }
  | ({ readonly status: 'registered' } & RegistrationDetails)
  | RegistrationFailed;

/** Whether this tab or another one of the same browser holds the registration. */
export type Activity = { readonly status: 'active' } | { readonly status: 'elsewhere' };

export interface Wic {
  readonly registration: Observable<RegistrationState>;
  /** Calls that ring or run, and for a moment those that ended; oldest first. */
  readonly calls: Observable<readonly Call[]>;
  readonly activity: Observable<Activity>;
  /** Tries devices, connection and relays before somebody calls. */
  readonly preCallTest: PreCallTest;
  /** Registers and stays registered until {@link deregister}. Resolves when registered or given up for good. */
  readonly register: () => Promise<void>;
  /** Ends calls and registration. Resolves when the network confirmed it, or after 2 s. */
  readonly deregister: () => Promise<void>;
  /** Starts the try that waits until `retryAtMs` now, even where the network asked to wait: only for who presses it. */
  readonly retryNow: () => void;
  /** Takes the registration over from the other tab. */
  readonly useHere: () => void;
  /**
   * Calls a name (`bob`), an address (`bob@ims.example`) or a URI (`sip:…`, `tel:…`).
   *
   * @throws {TargetInvalid} code `ERR_WIC_TARGET_INVALID`: none of these.
   */
  readonly call: (target: string, media: { readonly video: boolean }) => Call;
  /** Ends everything at once, without waiting for the network. */
  readonly close: () => void;
}

export type CallStatus = 'calling' | 'ringing' | 'incoming' | 'connecting' | 'in call' | 'ended' | 'failed';

export type CallEndCause =
  | ('hung up' | 'cancelled' | 'declined' | 'busy' | 'no answer' | 'answered elsewhere')
  | ('not registered' | 'unknown user' | 'not allowed' | 'server error' | 'connection lost')
  /** The person or the browser refused microphone or camera; or no path for media was found. */
  | ('media refused' | 'media failed')
  /** Nothing but a relay may be used, and there is none: {@link CallEnd.relayProblem}. */
  | 'no relay';

/**
 * Why there is no relay. `not offered`: no server is configured, or the network handed out no credential; `refused`:
 * a server does not take the credential; `full`: it has no room; `unreachable`: none answers, over no transport.
 */
export type RelayProblem = 'not offered' | 'refused' | 'full' | 'unreachable';

export interface CallEnd {
  readonly by: 'local' | 'remote';
  readonly cause: CallEndCause;
  /** With the cause `no relay`. */
  readonly relayProblem?: RelayProblem | undefined;
}

/** A TURN server that media pass through. */
export interface Relay {
  /** Host and port as configured, e.g. `turn.example:3478`; of the far end's the address that it sends from. */
  readonly server: string | undefined;
  /** Between this browser and the server; undefined for the far end's, which that end alone knows. */
  readonly transport: 'UDP' | 'TCP' | 'TLS' | undefined;
}

/** The way that media take. With no relay at either end it is direct. */
export interface MediaPath {
  readonly ownRelay: Relay | undefined;
  /** As far as it is known here. */
  readonly farRelay: Relay | undefined;
}

export interface CallState {
  /** `calling`: sent; `ringing`: the far end alerts; `incoming`: ours alerts; `connecting`: answered, media on its way. */
  readonly status: CallStatus;
  /** On the scale of Date.now(). */
  readonly connectedAtMs: number | undefined;
  readonly muted: boolean;
  readonly camera: boolean;
  /** The far end sends, or offers to send, pictures. */
  readonly offersVideo: boolean;
  readonly localStream: MediaStream | undefined;
  readonly remoteStream: MediaStream | undefined;
  readonly end: CallEnd | undefined;
}

/** Of a caller: only what the network vouches for; else it is the `anonymousPeer`. */
export interface Peer {
  readonly uri: string;
  readonly displayName: string | undefined;
}

/** Methods are bound. None throws because the call has ended meanwhile. */
export interface Call extends Observable<CallState> {
  readonly id: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly peer: Peer;
  /**
   * The way that media take now; undefined before there is one and when the call is over. Changes when a renewed
   * credential, another network or a server that failed makes media take another way.
   *
   * @example
   * call.path.subscribe(() => show(call.path.getSnapshot()?.ownRelay?.transport ?? 'direct'));
   */
  readonly path: Observable<MediaPath | undefined>;
  /**
   * True while the call is answered and its media have no path: the browser got no answer over it for more than a
   * moment (`disconnected` for 1 s) or gave it up (`failed`; RFC 7675 5.1, RFC 8445 9). False again once there is a
   * path or the call is over. The call goes on meanwhile, and another path is looked for.
   *
   * @example
   * call.isInterrupted.subscribe(() => show(call.isInterrupted.getSnapshot() ? 'No connection' : 'In call'));
   */
  readonly isInterrupted: Observable<boolean>;
  readonly answer: (media: { readonly video: boolean }) => Promise<void>;
  readonly decline: () => void;
  readonly hangUp: () => void;
  readonly setMuted: (muted: boolean) => void;
  /** Rejects with a CameraRefused (`ERR_WIC_CAMERA_REFUSED`); the call goes on. */
  readonly setCamera: (on: boolean) => Promise<void>;
}

export type IceTransportPolicy = 'all' | 'relay';

export interface WicOptions {
  /** W2, e.g. `wss://localhost:8445/`. */
  readonly epCscfUrl: string;
  readonly homeDomain: string;
  /** The public identity to register, e.g. `sip:alice@ims.example`. */
  readonly impu: string;
  readonly displayName: string | undefined;
  readonly turnUris: readonly string[];
  /** `relay`: nothing else may be used, so that nobody learns our address. A function is asked as each call begins. */
  readonly iceTransportPolicy: IceTransportPolicy | (() => IceTransportPolicy);
  /** Short for `credentials` of kind `web`: one of the two is needed. */
  readonly accessToken?: WebCredentials['accessToken'] | undefined;
  /** What the user registers with; a change needs another WIC. */
  readonly credentials?: WicCredentials | undefined;
}
