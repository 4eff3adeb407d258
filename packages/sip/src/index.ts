export { findBody } from './bodies/find-body.ts';
export {
  type BodyLimits,
  type BodyPart,
  defaultBodyLimits,
  formatMultipart,
  isMultipart,
  parseMultipart,
} from './bodies/multipart.ts';
export type { CallDialog } from './calls/call-dialog.ts';
export type { CallEnd, CallMedia, CallUser } from './calls/call-user.ts';
export { Calls, type CallsOptions } from './calls/calls.ts';
export type { CallTarget } from './calls/create-invite.ts';
export type { IncomingCall } from './calls/incoming-call.ts';
export type { OutgoingCall } from './calls/outgoing-call.ts';
export { AcceptedInvite, type AcceptedInviteOptions } from './dialogs/accepted-invite.ts';
export { createNotifiedDialog, createUacDialog, createUasDialog } from './dialogs/create-dialog.ts';
export { createDialogResponse, type DialogResponseOptions } from './dialogs/create-dialog-response.ts';
export { Dialog, type DialogRequestOptions, type DialogStart, type DialogState } from './dialogs/dialog.ts';
export type { DialogId } from './dialogs/dialog-id.ts';
export { Dialogs } from './dialogs/dialogs.ts';
export { InviteExchange, type InviteExchangeOptions } from './dialogs/invite-exchange.ts';
export { type DigestAlgorithm, type DigestHash, findDigestAlgorithm } from './digest/digest-algorithm.ts';
export { DigestClient, type DigestClientOptions } from './digest/digest-client.ts';
export type { DigestAsker } from './digest/digest-offers.ts';
export type {
  DigestAccepted,
  DigestClaim,
  DigestOutcome,
  DigestRefusal,
  DigestRefused,
  DigestStale,
} from './digest/digest-outcome.ts';
export {
  createHa1,
  type DigestInput,
  type DigestSecret,
  digestResponse,
  hashUsername,
  isSameDigest,
} from './digest/digest-response.ts';
export { DigestServer, type DigestServerOptions } from './digest/digest-server.ts';
export type { AkaAnswer, DigestUser } from './digest/digest-user.ts';
export type { NonceContext, NonceSource, NonceVerdict } from './digest/nonce-source.ts';
export { SealedNonces, type SealedNoncesOptions } from './digest/sealed-nonces.ts';
export { StoredNonces, type StoredNoncesOptions } from './digest/stored-nonces.ts';
export {
  type AnySipError,
  BodyMalformed,
  ChallengeUnsupported,
  CredentialsRejected,
  DialogsExhausted,
  DialogUnknown,
  DowngradeRefused,
  HeaderMalformed,
  HeaderMissing,
  InfoPackageRefused,
  InviteOverlapped,
  MaxForwardsExceeded,
  MessageMalformed,
  MessageTooLarge,
  OfferOverlapped,
  OfferPending,
  PrackUnmatched,
  ReferTargetRefused,
  RequestOutOfOrder,
  RequestPending,
  ResponseOutOfTurn,
  ServerNotAuthenticated,
  ServerNotFound,
  SessionIntervalTooSmall,
  SipError,
  TooManyRealms,
  TransportFailed,
  VersionNotSupported,
} from './errors.ts';
export { type StreamEvent, StreamFramer } from './framing/stream-framer.ts';
export { formatParams } from './grammar/format-params.ts';
export { quoted, unquote } from './grammar/quoted-string.ts';
export { Scanner } from './grammar/scanner.ts';
export { decodeUtf8, encodeUtf8 } from './grammar/utf8.ts';
export { chooseGruu, findGruus, type Gruus } from './gruu/gruus.ts';
export { createPublicGruu, type GruuTarget, resolveGruu } from './gruu/public-gruu.ts';
export { type AssertedIdentity, findAssertedIdentity } from './headers/asserted-identity.ts';
export {
  type AuthenticationInfo,
  formatAuthenticationInfo,
  parseAuthenticationInfo,
} from './headers/authentication-info.ts';
export {
  type Authorization,
  findBearerToken,
  formatAuthorization,
  hasBearerCredentials,
  parseAuthorization,
} from './headers/authorization.ts';
export {
  type DigestCredentials,
  formatDigestCredentials,
  isDigest,
  parseDigestCredentials,
} from './headers/authorization-digest.ts';
export {
  type Challenge,
  formatOtherChallenge,
  type OtherChallenge,
  parseChallenge,
  parseChallenges,
} from './headers/challenge.ts';
export { type BearerChallenge, formatBearerChallenge } from './headers/challenge-bearer.ts';
export { type DigestChallenge, formatDigestChallenge } from './headers/challenge-digest.ts';
export { type Contact, findContacts, formatContact, parseContact } from './headers/contact.ts';
export {
  type ContentDisposition,
  formatContentDisposition,
  parseContentDisposition,
} from './headers/content-disposition.ts';
export { type ContentType, formatContentType, parseContentType } from './headers/content-type.ts';
export { type CSeq, formatCSeq, parseCSeq, readCSeq } from './headers/cseq.ts';
export { formatDate, parseDate } from './headers/date.ts';
export { type Event, formatEvent, isSameEvent, parseEvent } from './headers/event.ts';
export { formatExpires, parseExpires } from './headers/expires.ts';
export { type ExtTurnCred, extTurnCredHeader, formatExtTurnCred, parseExtTurnCred } from './headers/ext-turn-cred.ts';
export { formatFeatureParams, parseFeatureParams } from './headers/feature-params.ts';
export { formatFlowTimer, parseFlowTimer } from './headers/flow-timer.ts';
export { formatGeolocation, type Geolocation, isLocationForRouting, parseGeolocation } from './headers/geolocation.ts';
export type { HeaderField } from './headers/header-field.ts';
export { Headers } from './headers/headers.ts';
export { formatHistoryInfo, type HistoryInfo, parseHistoryInfo } from './headers/history-info.ts';
export { formatIdentity, type Identity, parseIdentity } from './headers/identity.ts';
export { formatInfoPackage, type InfoPackage, parseInfoPackage } from './headers/info-package.ts';
export { formatMinSe, type MinSe, parseMinSe } from './headers/min-se.ts';
export { formatNameAddr, type NameAddr, parseNameAddr, readNameAddr } from './headers/name-addr.ts';
export { findNumber } from './headers/number-header.ts';
export {
  formatPAccessNetworkInfo,
  isNetworkProvided,
  type PAccessNetworkInfo,
  parsePAccessNetworkInfo,
} from './headers/p-access-network-info.ts';
export {
  type ChargingFunctionAddress,
  formatPChargingFunctionAddresses,
  parsePChargingFunctionAddresses,
} from './headers/p-charging-function-addresses.ts';
export { formatPChargingVector, parsePChargingVector } from './headers/p-charging-vector.ts';
export {
  formatPVisitedNetworkId,
  type PVisitedNetworkId,
  parsePVisitedNetworkId,
} from './headers/p-visited-network-id.ts';
export { formatPrivacy, isIdentityPrivate, parsePrivacy } from './headers/privacy.ts';
export { formatRAck, parseRAck, type RAck } from './headers/rack.ts';
export { formatReason, parseReason, type Reason } from './headers/reason.ts';
export { formatRecvInfo, parseRecvInfo } from './headers/recv-info.ts';
export { formatReferSub, parseReferSub, type ReferSub } from './headers/refer-sub.ts';
export { formatReferTo, parseReferTo, type ReferTo } from './headers/refer-to.ts';
export { formatReferredBy, parseReferredBy, type ReferredBy } from './headers/referred-by.ts';
export { formatReplaces, parseReplaces, type Replaces } from './headers/replaces.ts';
export { formatRetryAfter, parseRetryAfter, type RetryAfter } from './headers/retry-after.ts';
export { formatRSeq, parseRSeq } from './headers/rseq.ts';
export {
  formatSecurityMechanism,
  isSameMechanisms,
  parseSecurityMechanism,
  preferenceOf,
  type SecurityMechanism,
} from './headers/security-mechanism.ts';
export { formatSessionExpires, parseSessionExpires, type SessionExpires } from './headers/session-expires.ts';
export {
  formatSubscriptionState,
  parseSubscriptionState,
  type SubscriptionState,
} from './headers/subscription-state.ts';
export { formatTargetDialog, parseTargetDialog, type TargetDialog } from './headers/target-dialog.ts';
export { findTokens, formatTokens, hasToken } from './headers/token-list.ts';
export { formatVia, parseVia, readVia, type Via } from './headers/via.ts';
export { formatWarning, parseWarning, type Warning } from './headers/warning.ts';
export { createInfo, type InfoBody } from './info-packages/create-info.ts';
export { InfoPackages, type ReceivedInfo } from './info-packages/info-packages.ts';
export { type Capabilities, inspectRequest } from './inspection/inspect-request.ts';
export { MergedRequests, type MergedRequestsOptions } from './inspection/merged-requests.ts';
export { type RedirectTarget, redirectTargets } from './inspection/redirect-targets.ts';
export { createRefusal, type Refusal, refusalOf, refuse } from './inspection/refusal.ts';
export { type RetryAdvice, retryAdvice, statusCodeOf } from './inspection/retry-advice.ts';
export { createInstantMessage, type InstantMessageFields } from './instant-messages/create-instant-message.ts';
export {
  acceptInstantMessage,
  type InstantMessageOutcome,
  type InstantMessagePolicy,
  receiveInstantMessage,
} from './instant-messages/receive-instant-message.ts';
export { answerBroken, type BrokenAnswerOptions } from './messages/answer-broken.ts';
export { checkMessage } from './messages/check-message.ts';
export { createResponse, type ResponseOptions } from './messages/create-response.ts';
export { formatMessage } from './messages/format-message.ts';
export { isRequest, noBody, type SipMessage, type SipRequest, type SipResponse } from './messages/message.ts';
export { defaultLimits, type MessageLimits } from './messages/message-limits.ts';
export { parseMessage } from './messages/parse-message.ts';
export { reasonOfError } from './messages/reason-of-error.ts';
export { reasonPhraseOf } from './messages/reason-phrases.ts';
export { findDescription } from './offer-answer/find-description.ts';
export { type End, OfferAnswer } from './offer-answer/offer-answer.ts';
export type { Carrier, DescriptionRole, OfferAnswerState } from './offer-answer/offer-answer-table.ts';
export { findUpdateObstacle, findUpdateRefusal, type UpdateSituation } from './offer-answer/update-rules.ts';
export {
  decideByFlowToken,
  type FlowTokenDecision,
  type FlowTokenFinding,
  wantsOutboundPath,
} from './outbound/edge-proxy.ts';
export { FlowRecovery, type FlowRecoveryOptions, type FlowRecoveryState } from './outbound/flow-recovery.ts';
export { type FlowRecoveryTerms, flowRecoveryDelayMs } from './outbound/flow-recovery-delay.ts';
export { crlfPing, crlfPong, KeepAlive, type KeepAliveOptions } from './outbound/keep-alive.ts';
export { type KeepAliveTerms, keepAliveIntervalMs } from './outbound/keep-alive-interval.ts';
export { createOutboundContact, isOutboundInUse, type OutboundContact, withOb } from './outbound/outbound-contact.ts';
export { decideRegistrarOutbound, type RegistrarOutbound } from './outbound/registrar-outbound.ts';
export { grantKeep, keepOffer, readKeep } from './outbound/via-keep.ts';
export { createPrack } from './provisional-responses/create-prack.ts';
export { type ProvisionalOrder, ReceivedProvisionals } from './provisional-responses/received-provisionals.ts';
export { decideReliability, type Reliability, type ReliabilityPolicy } from './provisional-responses/reliability.ts';
export { ReliableResponses, type ReliableResponsesOptions } from './provisional-responses/reliable-responses.ts';
export { bestResponse } from './proxy/best-response.ts';
export { decrementMaxForwards } from './proxy/max-forwards.ts';
export { type ForwardedRequest, type ForwardOptions, prepareForward } from './proxy/prepare-forward.ts';
export { preprocessRoute, type RoutedHere } from './proxy/preprocess-route.ts';
export { sipHash, sipHashKey } from './proxy/sip-hash.ts';
export { type ForwardHooks, type ProxyOptions, type ProxyTarget, StatefulProxy } from './proxy/stateful-proxy.ts';
export { forwardStatelessly, returnStatelessly, type StatelessHop } from './proxy/stateless-proxy.ts';
export { type ProxyCapabilities, validateRequest } from './proxy/validate-request.ts';
export { createRefer, type OutOfDialogReferFields, type ReferFields, referHeaders } from './refer/create-refer.ts';
export type { IncomingRefer, ReferRequest } from './refer/incoming-refer.ts';
export { findReplaces, matchReplaces, type ReplacesOutcome, replacesOf } from './refer/match-replaces.ts';
export { matchTargetDialog, targetDialogOf } from './refer/match-target-dialog.ts';
export { ReferReceiver, type ReferReceiverOptions } from './refer/refer-receiver.ts';
export { formatReferTarget, type ReferTarget, readReferTarget } from './refer/refer-target.ts';
export { Referral, type ReferralEnd, type ReferralOptions } from './refer/referral.ts';
export { formatSipfrag, parseSipfrag, type SipfragStatus, sipfragContentType } from './refer/sipfrag.ts';
export { createRegister, type RegisterFields } from './registrations/create-register.ts';
export { type Registered, readRegistered, type SentContact } from './registrations/registered.ts';
export {
  type FetchOutcome,
  Registration,
  type RegistrationOptions,
  type RegistrationState,
} from './registrations/registration.ts';
export type { RegistrationFailure } from './registrations/registration-failure.ts';
export type { RegistrationStatus } from './registrations/registration-table.ts';
export { type LocationOptions, locateResponse, locateServers } from './server-location/locate-servers.ts';
export { orderSrv } from './server-location/order-srv.ts';
export {
  type Inform,
  RequestSender,
  type RequestSenderOptions,
  type SendOptions,
  type SentRequest,
} from './server-location/request-sender.ts';
export type { NaptrRecord, Resolver, SrvRecord } from './server-location/resolver.ts';
export { defaultPorts, type ServerTarget, type Transport } from './server-location/server-target.ts';
export {
  type ProxySessionTimerPolicy,
  proxySessionTimerRequest,
  proxySessionTimerResponse,
} from './session-timers/proxy-session-timer.ts';
export {
  answerSessionTimer,
  leastSessionSeconds,
  raiseSessionTimer,
  readSessionInterval,
  requestSessionTimer,
  type SessionInterval,
  type SessionTimerAnswer,
  type SessionTimerWish,
} from './session-timers/session-interval.ts';
export { SessionTimer, type SessionTimerOptions } from './session-timers/session-timer.ts';
export { createSubscribe, type SubscribeFields } from './subscriptions/create-subscribe.ts';
export type { EventPackage, NotifyBody, SubscribeDecision } from './subscriptions/event-package.ts';
export { type Notification, readNotification } from './subscriptions/notification.ts';
export { Notifier, type NotifierOptions } from './subscriptions/notifier.ts';
export { NotifierSubscription, type NotifierSubscriptionOptions } from './subscriptions/notifier-subscription.ts';
export type { NotifierStage } from './subscriptions/notifier-table.ts';
export { Subscriber, type SubscriberOptions } from './subscriptions/subscriber.ts';
export { Subscription } from './subscriptions/subscription.ts';
export type { SubscriptionEnd } from './subscriptions/subscription-end.ts';
export type { SubscriptionStage } from './subscriptions/subscription-table.ts';
export { answerCancel } from './transactions/answer-cancel.ts';
export type { Callback } from './transactions/callback.ts';
export type { Clock } from './transactions/clock.ts';
export type { Flow } from './transactions/flow.ts';
export { methods } from './transactions/methods.ts';
export { T1, T2, T4 } from './transactions/timers.ts';
export type { ClientEvent, ServerEvent } from './transactions/transaction-host.ts';
export {
  type ClientTransaction,
  type ServerTransaction,
  TransactionLayer,
  type TransactionLayerOptions,
  type TransactionUser,
} from './transactions/transaction-layer.ts';
export type { TrickleEvent, TrickleRole } from './trickle-ice/trickle-gate.ts';
export {
  type TrickleFragment,
  type TrickleOutcome,
  TrickleSender,
  type TrickleSenderOptions,
} from './trickle-ice/trickle-sender.ts';
export {
  planFirstOffer,
  readTrickleSupport,
  type TrickleMode,
  type TrickleSupport,
  trickleFragmentType,
  trickleIce,
  trickleModes,
} from './trickle-ice/trickle-support.ts';
export { isSameUri } from './uris/is-same-uri.ts';
export { canonicalImpu, formatUri, parseUri, type SipUri, type TelUri } from './uris/uri.ts';
export type { Authorize } from './usages/send-authorized.ts';
export type { SendRequest } from './usages/send-request.ts';
export { sendWithDigest } from './usages/send-with-digest.ts';
