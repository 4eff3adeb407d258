/**
 * An eP-CSCF whose core authenticates by SIP Digest, and who registers there.
 *
 * @module
 */
import { type DigestCredentials, parseDigestCredentials, type SipRequest } from '@wicgate/sip';
import { DigestRegistrar } from './digest-registrar.ts';
import { DigestWic, type DigestWicOptions } from './digest-wic.ts';
import type { Edge } from './edge.ts';

export class DigestEdge {
  readonly edge: Edge;
  registrar: DigestRegistrar;

  constructor(edge: Edge) {
    this.edge = edge;
    this.registrar = this.restartCore();
  }

  /** An S-CSCF without memory: it knows dora with two identities, erik with one, and no nonce. */
  restartCore(): DigestRegistrar {
    const { core } = this.edge;
    this.registrar = new DigestRegistrar((request) => core.answerWell(request));
    this.registrar.addUser('dora', ['sip:dora@ims.example', 'sip:dora-2@ims.example']);
    this.registrar.addUser('erik');
    core.requests.length = 0;
    core.answer = (request) =>
      request.method === 'REGISTER' ? this.registrar.answer(request) : core.answerWell(request);
    return this.registrar;
  }

  /** A WIC that has not registered. */
  async connect(name = 'dora', options: DigestWicOptions = {}): Promise<DigestWic> {
    return new DigestWic(await this.edge.connect(name), options);
  }

  /** A WIC that has registered by Digest. */
  async register(name = 'dora'): Promise<DigestWic> {
    const wic = await this.connect(name);
    const { statusCode } = await wic.register();
    if (statusCode !== 200) throw new Error(`expected 200, got ${statusCode}`);
    return wic;
  }

  /** The REGISTERs that the core got, oldest first. */
  get registers(): readonly SipRequest[] {
    return this.edge.core.requests.filter(({ method }) => method === 'REGISTER');
  }

  /** `integrity-protected` of each of them. */
  get indicators(): readonly (string | undefined)[] {
    return this.registers.map((request) => findCredentials(request)?.params.get('integrity-protected'));
  }
}

/** The Digest credentials of a request. */
export function findCredentials(request: SipRequest | undefined): DigestCredentials | undefined {
  const value = request?.headers.first('Authorization');
  return value === undefined ? undefined : parseDigestCredentials(value);
}

/** Authorization that names a user and answers nothing, with `extra` behind it. */
export function unanswered(extra = '', username = 'dora@ims.example'): readonly [name: string, value: string] {
  const named = `Digest username="${username}",realm="ims.example",nonce="",uri="sip:ims.example",response=""`;
  return ['Authorization', named + extra];
}

/** To and From of a REGISTER for the identity of `name`. */
export function identity(name: string): readonly (readonly [name: string, value: string])[] {
  return [
    ['To', `<sip:${name}@ims.example>`],
    ['From', `<sip:${name}@ims.example>;tag=${name}`],
  ];
}
