/**
 * Puts the users into the HSS, by its provisioning API.
 *
 * @module
 */
import { type Scheme, schemes, subscriptionOf, userName } from './accounts.ts';

/** @param countOf how many users of a scheme there are. */
export async function provision(hssPort: number, countOf: (scheme: Scheme) => number): Promise<void> {
  for (const scheme of schemes) {
    for (let index = 0; index < countOf(scheme); index += 1) {
      await create(hssPort, subscriptionOf(scheme, userName(scheme, index)));
    }
  }
}

async function create(hssPort: number, subscription: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${hssPort}/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(subscription),
  });
  const body = await response.text();
  if (response.status !== 201) throw new Error(`expected 201 of the HSS, got ${response.status}: ${body}`);
}
