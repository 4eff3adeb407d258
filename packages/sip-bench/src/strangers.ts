/**
 * The other parsers: JsSIP, SIP.js and the npm package `sip`, each asked in its own way for the same things.
 *
 * They take text, as their transports hand it to them, and are given text; ours takes octets and decodes them itself.
 * Their parsers are reached by their files where a package does not export them.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What reading From, To, Call-ID, CSeq and Via comes to: enough to know that it was read. */
export interface Essentials {
  readonly fromUri: string;
  readonly fromTag: string;
  readonly toUri: string;
  readonly callId: string;
  readonly cseq: number;
  readonly method: string;
  readonly branch: string;
  readonly sentBy: string;
}

export interface Stranger {
  readonly name: string;
  parse(text: string): unknown;
  read(text: string): Essentials;
  /** What it makes a 200 with, where it can without a transaction. */
  readonly createOk?: (text: string) => () => string;
}

interface JsSipUri {
  toString(): string;
}
interface JsSipMessage {
  readonly from: { readonly uri: JsSipUri };
  readonly from_tag: string;
  readonly to: { readonly uri: JsSipUri };
  readonly call_id: string;
  readonly cseq: number;
  readonly method: string;
  readonly via: { readonly branch: string; readonly host: string; readonly port: number | undefined };
}
interface SipJsMessage {
  readonly from: { readonly uri: JsSipUri };
  readonly fromTag: string;
  readonly to: { readonly uri: JsSipUri };
  readonly callId: string;
  readonly cseq: number;
  readonly method: string;
  readonly via: { readonly branch: string; readonly host: string; readonly port: number | undefined };
}
interface SipVia {
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Readonly<Record<string, string>>;
}
interface SipAddress {
  readonly uri: string;
  readonly params: Readonly<Record<string, string>>;
}
interface SipPackageMessage {
  readonly headers: {
    readonly 'from': SipAddress;
    readonly 'to': SipAddress;
    readonly 'call-id': string;
    readonly 'cseq': { readonly seq: number; readonly method: string };
    readonly 'via': readonly SipVia[];
  };
}

const require = createRequire(import.meta.url);

export async function loadStrangers(): Promise<readonly Stranger[]> {
  return [jsSip(), await sipJs(), sipPackage()];
}

function jsSip(): Stranger {
  const { parseMessage } = require('jssip/lib/Parser.js') as {
    parseMessage(text: string, ua: object): JsSipMessage | undefined;
  };
  const parse = (text: string): JsSipMessage => parsed(parseMessage(text, {}));
  return {
    name: 'JsSIP',
    parse,
    read: (text) => {
      const { from, from_tag: fromTag, to, call_id: callId, cseq, method, via } = parse(text);
      return {
        fromUri: from.uri.toString(),
        fromTag,
        toUri: to.uri.toString(),
        callId,
        cseq,
        method,
        branch: via.branch,
        sentBy: `${via.host}:${via.port}`,
      };
    },
  };
}

async function sipJs(): Promise<Stranger> {
  const file = join(dirname(require.resolve('sip.js')), 'core/messages/parser.js');
  const { Parser } = (await import(pathToFileURL(file).href)) as {
    Parser: { parseMessage(text: string, logger: object): SipJsMessage | undefined };
  };
  const logger = { error: () => {}, warn: () => {}, log: () => {}, debug: () => {} };
  const parse = (text: string): SipJsMessage => parsed(Parser.parseMessage(text, logger));
  return {
    name: 'SIP.js',
    parse,
    read: (text) => {
      const { from, fromTag, to, callId, cseq, method, via } = parse(text);
      return {
        fromUri: from.uri.toString(),
        fromTag,
        toUri: to.uri.toString(),
        callId,
        cseq,
        method,
        branch: via.branch,
        sentBy: `${via.host}:${via.port}`,
      };
    },
  };
}

function sipPackage(): Stranger {
  const sip = require('sip') as {
    parse(text: string): SipPackageMessage | undefined;
    stringify(message: unknown): string;
    makeResponse(request: unknown, status: number, reason: string): unknown;
  };
  const parse = (text: string): SipPackageMessage => parsed(sip.parse(text));
  return {
    name: 'sip',
    parse,
    read: (text) => {
      const { headers } = parse(text);
      const [via] = headers.via;
      return {
        fromUri: headers.from.uri,
        fromTag: headers.from.params.tag ?? '',
        toUri: headers.to.uri,
        callId: headers['call-id'],
        cseq: headers.cseq.seq,
        method: headers.cseq.method,
        branch: via?.params.branch ?? '',
        sentBy: `${via?.host}:${via?.port}`,
      };
    },
    createOk: (text) => {
      const request = parse(text);
      return () => sip.stringify(sip.makeResponse(request, 200, 'OK'));
    },
  };
}

function parsed<T>(message: T | undefined): T {
  if (message === undefined) throw new TypeError('expected a message');
  return message;
}
