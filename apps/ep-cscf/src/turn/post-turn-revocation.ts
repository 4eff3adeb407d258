/**
 * One `POST /turn/revocations` to one TURN server, with the operator's token.
 *
 *     Authorization: Bearer <EP_CSCF_TURN_OPERATOR_TOKEN>
 *     { "tids": ["…"], "until": <Unix seconds> }          204: their allocations end, and they are refused until then
 *
 * @module
 */
import { Agent as HttpAgent, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { TurnRevocationFailed } from '../errors.ts';

export interface PostTurnRevocation {
  /** @throws {TurnRevocationFailed} */
  readonly post: (endpoint: string, tids: readonly string[], until: number) => Promise<void>;
  /** Aborts what is under way. */
  readonly close: () => void;
}

const answerMs = 3_000;
const maxSockets = 2;
/** What a server finds malformed, it will find malformed again. */
const finalStatuses = new Set([400, 413]);

/** @param ca PEM of the authorities to trust; undefined trusts the system's. */
export function createPostTurnRevocation(operatorToken: string, ca: Buffer | undefined): PostTurnRevocation {
  const http = new HttpAgent({ keepAlive: false, maxSockets });
  const https = new HttpsAgent({ keepAlive: false, maxSockets, minVersion: 'TLSv1.2', ...(ca && { ca }) });
  const closed = new AbortController();
  return {
    post: async (endpoint, tids, until) => {
      const body = JSON.stringify({ tids, until });
      const headers = {
        'authorization': `Bearer ${operatorToken}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      };
      const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(answerMs)]);
      const agent = endpoint.startsWith('https:') ? https : http;
      const status = await send(endpoint, { method: 'POST', headers, signal, agent }, body);
      if (status !== 204) throw new TurnRevocationFailed(String(status), finalStatuses.has(status));
    },
    close: () => {
      closed.abort();
      http.destroy();
      https.destroy();
    },
  };
}

/** The status of the answer; the rest of it is not read. @throws {TurnRevocationFailed} */
function send(endpoint: string, options: RequestOptions, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = ({ code }: NodeJS.ErrnoException): void => reject(new TurnRevocationFailed(code ?? 'no answer'));
    const call = (endpoint.startsWith('https:') ? requestHttps : requestHttp)(endpoint, options);
    call.on('error', fail);
    call.once('response', (answer) => {
      answer.on('error', () => {});
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    call.end(body);
  });
}
