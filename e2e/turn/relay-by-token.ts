/**
 * What the WWSF hands out for TURN, and a client in Node that uses it.
 *
 * @module
 */
import type { APIRequestContext, Page } from '@playwright/test';
import type { Lab } from '@wicgate/lab';
import { method } from '@wicgate/stun';
import { type Login, openPeer, outcomeOf, requestedUdp, type TokenLogin, TurnClient } from '@wicgate/turn-client';

/** The answer of `GET /turn-access`. */
export interface TurnAccess {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly kid: string;
  readonly key: string;
  readonly alg: string;
  readonly server_name: string;
  readonly uris: readonly string[];
}

/** The answer of `GET /turn-credential`. */
export interface TurnCredential {
  readonly username: string;
  readonly password: string;
  readonly expires_in: number;
  readonly uris: readonly string[];
}

export interface Asked<Answer> {
  readonly status: number;
  readonly json: Answer;
}

/** As the script of the page would ask. */
export function askAsPage<Answer>(page: Page, path: string): Promise<Asked<Answer>> {
  return page.evaluate(async (url) => {
    const answer = await fetch(url);
    return { status: answer.status, json: await answer.json() };
  }, path);
}

/** A guest of the WWSF without a browser: what the page would send, by a program that keeps cookies. */
export async function becomeGuest(request: APIRequestContext, { wwsfUrl }: Lab): Promise<void> {
  const headers = { 'x-requested-by': 'wic', 'sec-fetch-site': 'same-origin' };
  const answer = await request.post(`${wwsfUrl}/guest`, { headers });
  if (answer.status() !== 201) throw new Error(`expected a guest, got ${answer.status()}`);
}

export function loginOf({ kid, key, access_token: accessToken }: TurnAccess): TokenLogin {
  return { kid, accessToken: Buffer.from(accessToken, 'base64'), macKey: Buffer.from(key, 'base64') };
}

/** The lab's TURN server. */
export function openClient({ ports }: Lab, transport: 'UDP' | 'TCP' = 'UDP'): Promise<TurnClient> {
  return TurnClient.open(transport, { host: '127.0.0.1', port: ports.turn });
}

/** How an Allocate with this login ends: `success`, or the error. */
export async function tryLogin(lab: Lab, login: Login): Promise<string> {
  const client = await openClient(lab);
  try {
    await client.challenge(login);
    return outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }));
  } finally {
    client.close();
  }
}

/** Allocates, permits a peer, sends to it, hears from it, refreshes and ends; what was heard on both sides. */
export async function relayBothWays(lab: Lab, login: Login, transport: 'UDP' | 'TCP' = 'UDP'): Promise<string[]> {
  const client = await openClient(lab, transport);
  const peer = await openPeer();
  try {
    const relayed = await client.allocate(login);
    const permitted = outcomeOf(await client.permit(peer.endpoint));
    client.sendTo(peer.endpoint, 'there');
    const { data } = await peer.inbox.take();
    peer.send('and back', relayed);
    const heard = await client.received();
    const refreshed = outcomeOf(await client.refresh(300));
    return [
      permitted,
      data,
      heard.replace(/\d+\.\d+\.\d+\.\d+:\d+/u, 'the peer'),
      refreshed,
      outcomeOf(await client.refresh(0)),
    ];
  } finally {
    client.close();
    peer.close();
  }
}

export const relayedBothWays = ['success', 'there', 'indication from the peer: and back', 'success', 'success'];
