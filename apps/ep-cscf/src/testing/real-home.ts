/**
 * The home network itself behind an eP-CSCF under test: I-CSCF, S-CSCF and HSS, over real sockets.
 *
 * @module
 */
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Certificate, CertificateAuthority } from '@wicgate/certificates';
import { readConfig, start as startCore } from '@wicgate/core';
import { createInProcessCx, type InProcessCx } from '@wicgate/cx';
import { type RunningHss, start as startHss } from '@wicgate/hss';
import { createProcessContext, listen, Operations } from '@wicgate/node-kit';
import { type Changes, Edge } from './edge.ts';

export class RealHome {
  readonly edge: Edge;
  readonly hss: RunningHss;
  readonly cx: InProcessCx;
  /** Name of the S-CSCF on Cx. */
  readonly serverName: string;
  /** What the operator asks the core on its operations listener. */
  readonly operations: Operations;
  readonly #stop: () => Promise<void>;

  private constructor(edge: Edge, parts: Parts) {
    this.edge = edge;
    this.hss = parts.hss;
    this.cx = parts.cx;
    this.serverName = parts.serverName;
    this.operations = parts.operations;
    this.#stop = parts.stop;
  }

  /** With subscriptions of `users`. */
  static async start(users: readonly string[]): Promise<RealHome> {
    let parts: Parts | undefined;
    const edge = await Edge.start(async (authority) => {
      parts = await startHome(authority);
      return parts.settings;
    });
    if (parts === undefined) throw new TypeError('expected the home network to start');
    for (const user of users) {
      await parts.hss.subscriptions.create({
        impi: `${user}@ims.example`,
        impus: [{ impu: `sip:${user}@ims.example` }],
      });
    }
    return new RealHome(edge, parts);
  }

  async stop(): Promise<void> {
    await this.#stop();
    await this.edge.stop();
  }
}

interface Parts {
  readonly hss: RunningHss;
  readonly cx: InProcessCx;
  readonly serverName: string;
  readonly operations: Operations;
  readonly settings: Changes;
  readonly stop: () => Promise<void>;
}

async function startHome(authority: CertificateAuthority): Promise<Parts> {
  const mwPort = await freePort();
  const iCscf = await authority.certificate('i-cscf', ['i-cscf.ims.example']);
  const sCscf = await authority.certificate('s-cscf', ['s-cscf.ims.example']);
  const operations = new Operations();
  const cx = createInProcessCx({ after });
  const hssConfig = {
    HSS_HOST: '127.0.0.1',
    HSS_PORT: 0,
    HSS_DATABASE_FILE: join(dirname(authority.certFile), 'hss.db'),
    HSS_HOME_DOMAIN: 'ims.example',
  };
  const hss = await startHss(hssConfig, createProcessContext('hss', { operations, level: 'silent' }), { cx });
  const config = readConfig({
    ...network(authority),
    ...files(iCscf, sCscf),
    CORE_MW_PEERS: `127.0.0.1:${mwPort}=ep-cscf.ims.example`,
  });
  const core = await startCore(config, createProcessContext('core', { operations, level: 'silent' }), { cx });
  return {
    hss,
    cx,
    operations,
    serverName: `sip:${core.sCscfAddress};transport=tls`,
    settings: {
      EP_CSCF_MW_PORT: String(mwPort),
      EP_CSCF_ICSCF_PORT: core.iCscfAddress.split(':')[1] ?? '',
      EP_CSCF_MW_PEERS: `${core.sCscfAddress}=s-cscf.ims.example`,
    },
    stop: async () => {
      await core.stop();
      await hss.stop();
    },
  };
}

function network({ certFile }: CertificateAuthority): Changes {
  return {
    CORE_HOME_DOMAIN: 'ims.example',
    CORE_ICSCF_TLS_PORT: '0',
    CORE_ICSCF_PORT: '0',
    CORE_SCSCF_TLS_PORT: '0',
    CORE_SCSCF_PORT: '0',
    CORE_TLS_CA_FILE: certFile,
  };
}

function files(iCscf: Certificate, sCscf: Certificate): Changes {
  return {
    CORE_ICSCF_TLS_CERT_FILE: iCscf.certFile,
    CORE_ICSCF_TLS_KEY_FILE: iCscf.keyFile,
    CORE_SCSCF_TLS_CERT_FILE: sCscf.certFile,
    CORE_SCSCF_TLS_KEY_FILE: sCscf.keyFile,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, { host: '127.0.0.1', port: 0, setting: 'PORT' });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
