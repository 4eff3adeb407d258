/**
 * Where the attacks take place: a lab with its partner domain, beside its eP-CSCF a naive one, and people to attack.
 *
 * @module
 */
import { dirname, join } from 'node:path';
import type { Lab } from '@wicgate/lab';
import { test as base } from '../fixtures.ts';
import { answer, ask, createClient } from './digest-user.ts';
import { NaiveEdge } from './naive-edge.ts';
import { Operator } from './operator.ts';
import { TokenMint } from './tokens.ts';
import { Wic } from './wic.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The eP-CSCF, or the one that checks nothing. */
export type Edge = 'eP-CSCF' | 'naive edge';

export class Stage {
  readonly lab: Lab;
  readonly naiveEdge: NaiveEdge;
  readonly operator: Operator;
  /** Folder of the lab's certificates and their keys. */
  readonly certificates: string;
  /** Signs as the home network's WAF does. */
  readonly waf: TokenMint;
  /** Signs as the partner's does. */
  readonly partnerWaf: TokenMint;
  readonly #wics: Wic[] = [];
  #users = 0;

  private constructor(lab: Lab, certificates: string, naiveEdge: NaiveEdge) {
    const state = dirname(certificates);
    const issuer = (port: number): string => `https://localhost:${port}`;
    this.lab = lab;
    this.certificates = certificates;
    this.naiveEdge = naiveEdge;
    this.operator = new Operator(lab.ports);
    this.waf = new TokenMint({
      issuer: issuer(lab.ports.waf),
      clientId: 'wwsf.ims.example',
      stateFolder: join(state, 'waf'),
    });
    this.partnerWaf = new TokenMint({
      issuer: issuer(lab.ports.partnerWaf),
      clientId: 'wwsf.partner.example',
      stateFolder: join(state, 'partner', 'waf'),
    });
  }

  static async start(lab: Lab): Promise<Stage> {
    const certificates = dirname(lab.caFile);
    return new Stage(lab, certificates, await NaiveEdge.start(lab, certificates));
  }

  /** A subscriber that nobody else knows; `fields` as the provisioning API takes them. */
  async subscriber(name: string, fields: (user: string) => Fields = () => ({})): Promise<string> {
    this.#users += 1;
    const user = `${name}${this.#users}`;
    const usual = { impi: `${user}@ims.example`, impus: [{ impu: `sip:${user}@ims.example` }] };
    await this.operator.subscribe({ ...usual, ...fields(user) });
    return user;
  }

  /** A connection on W2 of a page of the WWSF, closed when the test ends. */
  async open(user: string, edge: Edge = 'eP-CSCF'): Promise<Wic> {
    const port = edge === 'eP-CSCF' ? this.lab.ports.epCscf : this.naiveEdge.port;
    const wic = await Wic.open(port, this.lab.wwsfUrl, user);
    this.#wics.push(wic);
    return wic;
  }

  /** Somebody new who has registered by a token. */
  async registered(name: string, edge?: Edge): Promise<Wic> {
    const wic = await this.open(await this.subscriber(name), edge);
    const { statusCode } = await wic.register(this.bearer(wic.user));
    if (statusCode !== 200) throw new Error(`expected a registered user, got ${statusCode}`);
    return wic;
  }

  /** Somebody new who has registered by SIP Digest, with the password `<user>-secret`. */
  async registeredByPassword(name: string): Promise<Wic> {
    const wic = await this.open(await this.subscriber(name, (user) => ({ digest: { password: `${user}-secret` } })));
    const { response } = await answer(wic, createClient(wic.user, { password: `${wic.user}-secret` }), await ask(wic));
    if (response.statusCode !== 200) throw new Error(`expected a registered user, got ${response.statusCode}`);
    return wic;
  }

  /** Credentials with a good token. */
  bearer(user: string): string {
    return `Bearer ${this.waf.token(user)}`;
  }

  /** The status of a message from a registered user to another: 200 where both are what they were. */
  async reach(from: Wic, to: string): Promise<number> {
    return (await from.request('MESSAGE', { requestUri: `sip:${to}@ims.example` })).statusCode;
  }

  closeAll(): void {
    for (const wic of this.#wics.splice(0)) wic.close();
  }
}

/** Low ones: a flood need not be long. */
const limits = {
  EP_CSCF_REQUEST_BURST: '30',
  EP_CSCF_REQUESTS_PER_SECOND: '5',
  CORE_UNTRUSTED_BURST: '30',
  CORE_UNTRUSTED_REQUESTS_PER_SECOND: '2',
};

export const test = base.extend<{ readonly closing: undefined }, { readonly stage: Stage }>({
  labPartner: [true, { scope: 'worker' }],
  labSettings: [limits, { scope: 'worker' }],

  stage: [
    async ({ lab }, use) => {
      const stage = await Stage.start(lab);
      await use(stage);
      await stage.naiveEdge.stop();
    },
    { scope: 'worker' },
  ],

  closing: [
    async ({ stage }, use) => {
      await use(undefined);
      stage.closeAll();
    },
    { auto: true },
  ],
});

export { expect } from '../fixtures.ts';
