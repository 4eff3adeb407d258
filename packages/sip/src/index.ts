export { AcceptedInvite, type AcceptedInviteOptions } from './dialogs/accepted-invite.ts';
export { createUacDialog, createUasDialog } from './dialogs/create-dialog.ts';
export { createDialogResponse, type DialogResponseOptions } from './dialogs/create-dialog-response.ts';
export { Dialog, type DialogRequestOptions, type DialogStart, type DialogState } from './dialogs/dialog.ts';
export type { DialogId } from './dialogs/dialog-id.ts';
export { Dialogs } from './dialogs/dialogs.ts';
export { InviteExchange, type InviteExchangeOptions } from './dialogs/invite-exchange.ts';
export {
  type AnySipError,
  HeaderMalformed,
  HeaderMissing,
  InviteOverlapped,
  MaxForwardsExceeded,
  MessageMalformed,
  MessageTooLarge,
  RequestOutOfOrder,
  RequestPending,
  ResponseOutOfTurn,
  SipError,
  TransportFailed,
  VersionNotSupported,
} from './errors.ts';
export { type StreamEvent, StreamFramer } from './framing/stream-framer.ts';
export { formatParams, quoted, Scanner, unquote } from './grammar/scanner.ts';
export { decodeUtf8, encodeUtf8 } from './grammar/utf8.ts';
export {
  type Authorization,
  findBearerToken,
  formatAuthorization,
  hasBearerCredentials,
  parseAuthorization,
} from './headers/authorization.ts';
export { type CSeq, formatCSeq, parseCSeq } from './headers/cseq.ts';
export { type HeaderField, Headers } from './headers/headers.ts';
export { formatNameAddr, type NameAddr, parseNameAddr } from './headers/name-addr.ts';
export { findNumber } from './headers/number-header.ts';
export { formatVia, parseVia, type Via } from './headers/via.ts';
export { checkMessage } from './messages/check-message.ts';
export { createResponse, type ResponseOptions } from './messages/create-response.ts';
export { formatMessage } from './messages/format-message.ts';
export { isRequest, noBody, type SipMessage, type SipRequest, type SipResponse } from './messages/message.ts';
export { defaultLimits, type MessageLimits, parseMessage } from './messages/parse-message.ts';
export { reasonPhraseOf } from './messages/reason-phrases.ts';
export { decrementMaxForwards } from './proxy/max-forwards.ts';
export { type ForwardHooks, type ProxyTarget, StatefulProxy } from './proxy/stateful-proxy.ts';
export type { Clock } from './transactions/clock.ts';
export type { Flow } from './transactions/flow.ts';
export { T1, T2, T4 } from './transactions/timers.ts';
export type { ClientEvent, ServerEvent } from './transactions/transaction-host.ts';
export {
  type ClientTransaction,
  type ServerTransaction,
  TransactionLayer,
  type TransactionLayerOptions,
  type TransactionUser,
} from './transactions/transaction-layer.ts';
export { isSameUri } from './uris/is-same-uri.ts';
export { canonicalImpu, formatUri, parseUri, type SipUri, type TelUri } from './uris/uri.ts';
