/**
 * The part of an eP-CSCF that hears of revocations: a listener that believes only the WAF's own signature.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';

export interface Revoked {
  readonly jti?: string;
  readonly sid?: string;
  readonly exp: number;
}

export interface Heard {
  readonly body: Revoked;
  readonly claims: JWTPayload;
  readonly atMs: number;
}

export class EpCscfUnderTest {
  readonly heard: Heard[] = [];
  /** What it answers from now on. */
  status = 204;
  /** How often it was asked, whatever it answered. */
  asked = 0;
  readonly #server: Server;
  readonly #port: number;
  #keys: () => Promise<JSONWebKeySet> = () => Promise.reject(new TypeError('expected keys'));
  #changed: () => void = () => undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  static async start(port = 0): Promise<EpCscfUnderTest> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    const epCscf = new EpCscfUnderTest(server, typeof address === 'object' ? (address?.port ?? 0) : 0);
    server.on('request', (request, response) => {
      epCscf.#hear(request).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(401).end(),
      );
    });
    return epCscf;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}/revocations`;
  }

  trust(keys: () => Promise<JSONWebKeySet>): void {
    this.#keys = keys;
  }

  /** The first thing heard that `isIt`, also if that was before. */
  async hears(isIt: (revoked: Revoked) => boolean): Promise<Heard> {
    for (;;) {
      const found = this.heard.find(({ body }) => isIt(body));
      if (found !== undefined) return found;
      await this.#change();
    }
  }

  async isAsked(times: number): Promise<void> {
    while (this.asked < times) await this.#change();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#changed;
      this.#changed = () => {
        before();
        resolve();
      };
    });
  }

  async #hear(request: IncomingMessage): Promise<number> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const assertion = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(await this.#keys()), {
      typ: 'revocation+jwt',
      algorithms: ['ES256'],
      audience: 'https://ep-cscf.ims.example',
      maxTokenAge: 60,
    });
    this.asked += 1;
    if (this.status === 204) this.heard.push({ body: JSON.parse(text) as Revoked, claims: payload, atMs: Date.now() });
    const tell = this.#changed;
    this.#changed = () => undefined;
    tell();
    return this.status;
  }
}
