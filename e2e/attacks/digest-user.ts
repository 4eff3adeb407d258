/**
 * A user of SIP Digest or of AKA on W2 (TS 33.203 O.2.3, X.2.3.3).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { DigestClient, type DigestUser, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { RequestParts, Wic } from './wic.ts';

export type Secret = Pick<DigestUser, 'password'> | Pick<DigestUser, 'aka'>;

/** One REGISTER and its answer. */
export interface Round {
  readonly request: SipRequest;
  readonly response: SipResponse;
}

export function createClient(user: string, secret: Secret): DigestClient {
  const account: DigestUser = { username: `${user}@ims.example`, ...secret };
  return new DigestClient({ findUser: () => account, random: (length) => randomBytes(length) });
}

/** The first REGISTER, which is challenged. */
export async function ask(wic: Wic, parts: RequestParts = {}): Promise<Round> {
  const request = wic.create('REGISTER', parts);
  return { request, response: await wic.exchange(request) };
}

/** The answer to a challenge, as it was sent, and what came of it. */
export async function answer(wic: Wic, client: DigestClient, { request, response }: Round): Promise<Round> {
  const retry = wic.again(client.retry(request, response));
  return { request: retry, response: await wic.exchange(retry) };
}
