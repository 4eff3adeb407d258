/**
 * A WIC: puts registration, calls and activity together.
 *
 * @module
 */
import { parseUri, type ServerTransaction, type TransactionUser } from '@wicgate/sip';
import { Activity } from './activity/activity.ts';
import type { Access } from './calls/access.ts';
import { CallList } from './calls/call-list.ts';
import { Line } from './flow/line.ts';
import type { WebSocketFlow } from './flow/web-socket-flow.ts';
import { browserPlatform, createToken, type Platform, replacePlatform } from './platform.ts';
import { LivePreCallTest } from './pre-call/live-pre-call-test.ts';
import { AkaAuthentication } from './registration/aka-authentication.ts';
import type { Authentication } from './registration/authentication.ts';
import { type BearerSyntax, createBearerAuthentication } from './registration/bearer-authentication.ts';
import { DigestAuthentication } from './registration/digest-authentication.ts';
import { Registrar } from './registration/registrar.ts';
import { Registration } from './registration/registration.ts';
import { checkCredentials, type WebCredentials, type WicCredentials } from './registration/wic-credentials.ts';
import { RegistrationEvent } from './registration-event/registration-event.ts';
import type { RequestAuthentication } from './request-authentication/request-authentication.ts';
import type { Wic, WicOptions } from './wic.ts';

export interface CreateWicOptions extends WicOptions {
  /** Replaces parts of the browser, e.g. to run in Node. */
  readonly platform?: Partial<Platform>;
  /** How the token is written; TS 24.371 unless said otherwise. */
  readonly bearerSyntax?: BearerSyntax;
}

/**
 * A WIC that is not registered yet.
 *
 * @throws {TypeError} an option is no URL, URI or domain name: the caller's mistake.
 * @example
 * const wic = createWic({ epCscfUrl: 'wss://localhost:8445/', homeDomain: 'ims.example', impu, ...rest });
 * await wic.register();
 * const call = wic.call('bob', { video: true });
 */
export function createWic(given: CreateWicOptions): Wic {
  checkOptions(given);
  const platform = replacePlatform(browserPlatform(), given.platform ?? {});
  const { authenticate, requestAuthentication } = createAuthenticate(given, platform);
  // What lives on must not hold the password.
  const { credentials: _credentials, accessToken: _accessToken, ...options } = given;
  const callList = new CallList(platform);
  const line = new Line({
    platform,
    url: options.epCscfUrl,
    user: routeRequests(callList, (transaction) => registrationEvent.receive(transaction)),
    onLost: (end) => {
      if (end !== 'replaced' || !activity.giveWay()) registration.lineLost(end);
    },
  });
  const contactUri = `sip:${createToken(platform)}@${line.sentBy};transport=ws`;
  const { registration, registrationEvent } = createRegistration(
    { options, platform, line, callList, contactUri, requestAuthentication },
    authenticate,
  );
  const access = createAccess({ options, platform, line, registration, contactUri, requestAuthentication });
  callList.connect(access);
  const preCallTest = new LivePreCallTest({ access, wic: options, callList });
  const wish: Wish = { isRegistered: false };
  const activity: Activity = createActivity({ options, platform, callList, registration, wish });
  return assemble({ options, platform, callList, registration, wish, activity, preCallTest });
}

interface RegistrationParts {
  readonly options: CreateWicOptions;
  readonly platform: Platform;
  readonly line: Line;
  readonly callList: CallList;
  readonly contactUri: string;
  readonly requestAuthentication: RequestAuthentication | undefined;
}

/** The registration, and the subscription to what the network says of it. */
function createRegistration(
  { options, platform, line, callList, contactUri, requestAuthentication }: RegistrationParts,
  authenticate: () => Promise<Authentication>,
): { readonly registration: Registration; readonly registrationEvent: RegistrationEvent } {
  const registrar = new Registrar({ platform, line, wic: options, contactUri });
  const registrationEvent = new RegistrationEvent({
    platform,
    line,
    own: { uri: contactUri, instanceId: registrar.instanceId },
    requestAuthentication,
    onNews: (news) => registration.told(news),
  });
  const registration: Registration = new Registration({
    platform,
    line,
    registrar,
    displayName: options.displayName,
    gateway: options.epCscfUrl,
    authenticate,
    onRegistered: (registered, isNewFlow) => {
      registrationEvent.follow(registered, isNewFlow);
      callList.onRegistered(isNewFlow);
    },
    onUnregistered: (forGood) => {
      registrationEvent.leave();
      callList.onUnregistered(forGood);
    },
  });
  return { registration, registrationEvent };
}

/** What belongs to the subscription goes there, all else to the calls. */
function routeRequests(
  callList: CallList,
  receive: (transaction: ServerTransaction<WebSocketFlow>) => boolean,
): TransactionUser<WebSocketFlow> {
  return {
    onRequest: (transaction) => {
      if (!receive(transaction)) callList.onRequest(transaction);
    },
    onAck: (ack) => callList.onAck(ack),
    onStrayResponse: (response) => callList.onStrayResponse(response),
    onServerEvent: (transaction, event) => callList.onServerEvent(transaction, event),
  };
}

interface Authentications {
  readonly authenticate: () => Promise<Authentication>;
  /** Of requests other than REGISTER: users of SIP Digest only are asked (TS 33.203 N.2.1.2). */
  readonly requestAuthentication: RequestAuthentication | undefined;
}

function createAuthenticate(options: CreateWicOptions, platform: Platform): Authentications {
  const credentials = readCredentials(options);
  if (credentials.kind === 'web') {
    const authenticate = authenticateByToken(credentials, options.bearerSyntax ?? 'TS 24.371');
    return { authenticate, requestAuthentication: undefined };
  }
  const { homeDomain, impu } = options;
  if (credentials.kind === 'aka') {
    const authenticate = async () => new AkaAuthentication({ platform, homeDomain, credentials });
    return { authenticate, requestAuthentication: undefined };
  }
  const digest = new DigestAuthentication({ platform, homeDomain, impu, credentials });
  return { authenticate: authenticateBy(digest), requestAuthentication: digest.requests };
}

// Closures of their own, so that they hold nothing but what they need.
function authenticateByToken({ accessToken }: WebCredentials, syntax: BearerSyntax): () => Promise<Authentication> {
  return async () => createBearerAuthentication(await accessToken(), syntax);
}

function authenticateBy(authentication: Authentication): () => Promise<Authentication> {
  return async () => authentication;
}

function readCredentials({ accessToken, credentials }: CreateWicOptions): WicCredentials {
  if (accessToken !== undefined && credentials === undefined) return { kind: 'web', accessToken };
  if (accessToken !== undefined || credentials === undefined) {
    throw new TypeError('credentials: expected them, or accessToken');
  }
  return credentials;
}

interface AccessParts {
  readonly options: CreateWicOptions;
  readonly platform: Platform;
  readonly line: Line;
  readonly registration: Registration;
  readonly contactUri: string;
  readonly requestAuthentication: RequestAuthentication | undefined;
}

function createAccess(parts: AccessParts): Omit<Access, 'addDialog' | 'deleteDialog'> {
  const { options, platform, line, registration, contactUri, requestAuthentication } = parts;
  return {
    platform,
    line,
    contact: `<${contactUri}>`,
    homeDomain: options.homeDomain,
    displayName: options.displayName,
    requestAuthentication,
    get registered() {
      return registration.current;
    },
    get rtcConfiguration() {
      return createRtcConfiguration(options, registration);
    },
  };
}

/** The TURN servers with the credential of the registration (TS 33.203 X.5.2.2 step 5). */
function createRtcConfiguration(options: CreateWicOptions, { current }: Registration): RTCConfiguration {
  const credential = current?.turnCredential;
  const urls = [...options.turnUris];
  const hasTurn = credential !== undefined && urls.length > 0;
  const { iceTransportPolicy: policy } = options;
  return {
    iceServers: hasTurn ? [{ urls, username: credential.username, credential: credential.password }] : [],
    iceTransportPolicy: typeof policy === 'function' ? policy() : policy,
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
  };
}

/** What the person wants, whatever the network and other tabs do. */
interface Wish {
  isRegistered: boolean;
}

interface WicParts {
  readonly options: CreateWicOptions;
  readonly platform: Platform;
  readonly callList: CallList;
  readonly registration: Registration;
  readonly wish: Wish;
  readonly activity: Activity;
  readonly preCallTest: LivePreCallTest;
}

function assemble(parts: WicParts): Wic {
  const { platform, callList, registration, wish, activity, preCallTest } = parts;
  const stops = [platform.onWake(() => registration.wake()), platform.onPageHide(() => callList.leaveAll(true))];
  return {
    registration: registration.state,
    calls: callList.calls,
    activity: activity.state,
    preCallTest,
    async register() {
      wish.isRegistered = true;
      if (await activity.acquire()) await registration.register();
    },
    async deregister() {
      wish.isRegistered = false;
      await letGo(parts);
      await activity.endElsewhere();
      if (!wish.isRegistered) activity.release();
    },
    retryNow: () => registration.retryNow(),
    useHere() {
      wish.isRegistered = true;
      void activity.take();
    },
    call: (target, media) => callList.call(target, media),
    close() {
      wish.isRegistered = false;
      for (const stop of stops) stop();
      preCallTest.stop();
      callList.leaveAll(true);
      registration.stop();
      activity.close();
    },
  };
}

function createActivity(parts: Omit<WicParts, 'activity' | 'preCallTest'>): Activity {
  const { options, platform, callList, registration, wish } = parts;
  return new Activity({
    platform,
    name: `wicgate ${options.homeDomain} ${options.epCscfUrl}`,
    onTakenOver: () => void (wish.isRegistered && registration.register()),
    onAsked: () => letGo(parts),
    onSignedOut: async () => {
      wish.isRegistered = false;
      await letGo(parts);
      registration.signedOut();
    },
    onLost: () => {
      callList.leaveAll(true);
      registration.stop();
    },
  });
}

/** Calls first: their BYE needs the registration. */
async function letGo({ callList, registration }: Pick<WicParts, 'callList' | 'registration'>): Promise<void> {
  callList.leaveAll(false);
  await registration.deregister();
}

function checkOptions(options: CreateWicOptions): void {
  const { epCscfUrl, homeDomain, impu } = options;
  if (!/^wss?:\/\//iu.test(epCscfUrl) || !URL.canParse(epCscfUrl))
    throw new TypeError('epCscfUrl: expected a wss: URL');
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/u.test(homeDomain)) {
    throw new TypeError('homeDomain: expected a domain name');
  }
  if (!isUri(impu)) throw new TypeError('impu: expected a sip: or tel: URI');
  checkCredentials(readCredentials(options), impu);
}

function isUri(text: string): boolean {
  try {
    parseUri(text);
    return true;
  } catch {
    return false;
  }
}
