/**
 * The OAuth clients of the WAF: the operator's own WWSF, and further ones from a file (TS 33.203 X.3.2.3 step 0.1).
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import type { Config } from './config.ts';

export interface TrustedClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the person reads on the pages. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** The operator's own: the person is not asked for consent. */
  readonly own: boolean;
}

const httpsUrl = z.url({ protocol: /^https$/ });

const clientsFileSchema = z
  .array(
    z.strictObject({
      client_id: z.string().regex(/^[\x21-\x7e]{1,255}$/),
      client_secret: z.string().regex(/^[\x20-\x7e]{32,255}$/),
      client_name: z.string().min(1).max(60),
      redirect_uris: z.array(httpsUrl).min(1).max(10),
      post_logout_redirect_uris: z.array(httpsUrl).max(10).default([]),
    }),
  )
  .max(1_000);

/** @throws {ConfigInvalid} the file is not a JSON list of clients, or two clients have one client_id. */
export function readClients(config: Config): readonly TrustedClient[] {
  const own: TrustedClient = {
    clientId: config.WAF_WWSF_CLIENT_ID,
    clientSecret: config.WAF_WWSF_CLIENT_SECRET,
    name: config.WAF_WWSF_NAME,
    redirectUris: [`${config.WAF_WWSF_ORIGIN}/callback`],
    postLogoutRedirectUris: [`${config.WAF_WWSF_ORIGIN}/`],
    own: true,
  };
  const clients = config.WAF_CLIENTS_FILE === undefined ? [own] : [own, ...readClientsFile(config.WAF_CLIENTS_FILE)];
  if (new Set(clients.map(({ clientId }) => clientId)).size !== clients.length) {
    throw new ConfigInvalid('WAF_CLIENTS_FILE: expected every client_id once, and none that is the WWSF’s');
  }
  return clients;
}

function readClientsFile(path: string): TrustedClient[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The parser's message would quote the file, and the file holds secrets.
    throw new ConfigInvalid('WAF_CLIENTS_FILE: expected a JSON file');
  }
  const result = clientsFileSchema.safeParse(content);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `WAF_CLIENTS_FILE: ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigInvalid(lines.join('\n'));
  }
  return result.data.map((client) => ({
    clientId: client.client_id,
    clientSecret: client.client_secret,
    name: client.client_name,
    redirectUris: client.redirect_uris,
    postLogoutRedirectUris: client.post_logout_redirect_uris,
    own: false,
  }));
}
