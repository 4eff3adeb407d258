/**
 * A core that answers from a table, so that what stands before it is measured and not the core: 401 where a scheme asks
 * for a proof and there is none, 200 otherwise. It checks nothing.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createServer, type TLSSocket } from 'node:tls';
import { createAuthenticationVector, createMilenage, formatAkaNonce } from '@wicgate/aka';
import {
  createResponse,
  findNumber,
  formatMessage,
  isDigest,
  isRequest,
  parseDigestCredentials,
  readNameAddr,
  type SipRequest,
  type SipResponse,
  StreamFramer,
} from '@wicgate/sip';
import { akaAlgorithm, amf, findScheme, homeDomain, milenageKeys, type SchemeName } from './accounts.ts';

const { CORE_PORT, CORE_CERT_FILE = '', CORE_KEY_FILE = '', CORE_CA_FILE = '' } = process.env;
const [cert, key, ca] = [CORE_CERT_FILE, CORE_KEY_FILE, CORE_CA_FILE].map((file) => readFileSync(file));
const tls = { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) };

const toTag = 'a1b2c3d4e5f6a1b2c3d4e5f6';
const nonce = 'Zm9yIHRoZSB0YWJsZSBhbnkgbm9uY2UgZG9lcywgaXQgY2hlY2tzIG5vbmU=';
const proof = `nextnonce="${nonce}",qop=auth,rspauth="${'0'.repeat(64)}",cnonce="0000000000000000",nc=00000001`;
const serviceRoute = `<sip:orig@127.0.0.1:${CORE_PORT};transport=tls;lr>`;

/** The challenges of a scheme that has some, in the order of RFC 8760. */
const challenges: Readonly<Partial<Record<SchemeName, readonly string[]>>> = {
  'Digest MD5': [challenge(nonce, 'MD5')],
  'Digest SHA-256': [challenge(nonce, 'SHA-256'), challenge(nonce, 'MD5')],
  'AKAv2-SHA-256': [challenge(akaNonce(), akaAlgorithm)],
};

createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, serve).listen(Number(CORE_PORT), '127.0.0.1');

function challenge(of: string, algorithm: string): string {
  return `Digest realm="${homeDomain}",nonce="${of}",qop="auth",algorithm=${algorithm}`;
}

function akaNonce(): string {
  const source = { milenage: createMilenage(milenageKeys()), amf: Buffer.from(amf, 'hex'), sqn: 32 };
  return formatAkaNonce(createAuthenticationVector({ ...source, rand: Buffer.alloc(16, 0x5a) }));
}

function serve(socket: TLSSocket): void {
  const framer = new StreamFramer();
  socket.setNoDelay(true);
  // The other end is gone; so is what it asked.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    for (const event of framer.push(chunk)) {
      if (event.type !== 'message' || !isRequest(event.message)) continue;
      socket.write(formatMessage(answer(event.message)));
    }
  });
}

function answer(request: SipRequest): SipResponse {
  if (request.method !== 'REGISTER') return createResponse(request, 200, { toTag });
  const { uri } = readNameAddr(request.headers, 'To');
  const scheme = findScheme(uri.slice('sip:'.length));
  const asked = scheme === undefined ? undefined : challenges[scheme.name];
  if (asked !== undefined && !hasProof(request)) {
    const headers = asked.map((value) => ['WWW-Authenticate', value] as const);
    return createResponse(request, 401, { toTag, headers });
  }
  const info = asked === undefined ? [] : [['Authentication-Info', proof] as const];
  return createResponse(request, 200, { toTag, headers: [...registered(request, uri), ...info] });
}

function registered({ headers }: SipRequest, uri: string): readonly (readonly [string, string])[] {
  const expires = findNumber(headers, 'Expires') ?? 0;
  const contact = `${headers.first('Contact')};expires=${expires}`;
  return [
    ...headers.all('Path').map((path) => ['Path', path] as const),
    ...(expires > 0 ? [['Contact', contact] as const] : []),
    ['Service-Route', serviceRoute],
    ['P-Associated-URI', `<${uri}>`],
  ];
}

function hasProof({ headers }: SipRequest): boolean {
  const value = headers.all('Authorization').find(isDigest);
  return value !== undefined && parseDigestCredentials(value).response !== '';
}
