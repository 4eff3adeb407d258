/**
 * GET over node:https, for a WAF whose certificate comes from an authority of the operator's own.
 *
 * The fetch of Node takes no authority. Redirects are not followed; answers are bounded.
 *
 * @module
 */
import { Agent, request } from 'node:https';

export interface HttpsFetch {
  /** The answer with status 200; rejects on every other. `signal` sets the time limit. */
  readonly fetch: (url: string, signal: AbortSignal) => Promise<Response>;
  /** Ends all calls. */
  readonly close: () => void;
}

const maxAnswerOctets = 256 * 1_024;
const maxSockets = 8;

/** @param ca PEM of the authorities to trust; undefined trusts the system's. */
export function createHttpsFetch(ca: Buffer | undefined): HttpsFetch {
  const agent = new Agent({ keepAlive: false, maxSockets, minVersion: 'TLSv1.2', ...(ca && { ca }) });
  const closed = new AbortController();
  return {
    fetch: (url, signal) => get(url, agent, AbortSignal.any([signal, closed.signal])),
    close: () => {
      closed.abort();
      agent.destroy();
    },
  };
}

function get(url: string, agent: Agent, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    // The abort error of node:https hides the reason.
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
    const call = request(url, { agent, signal, headers: { accept: 'application/json' } }, (answer) => {
      const chunks: Buffer[] = [];
      let octets = 0;
      answer.on('data', (chunk: Buffer) => {
        octets += chunk.length;
        if (octets > maxAnswerOctets) call.destroy(new RangeError(`expected at most ${maxAnswerOctets} octets`));
        else chunks.push(chunk);
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(new Response(Buffer.concat(chunks)));
        else fail(new TypeError('expected status 200'));
      });
      answer.on('error', fail);
    });
    call.on('error', fail);
    call.end();
  });
}
