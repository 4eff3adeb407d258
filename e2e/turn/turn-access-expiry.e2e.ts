/**
 * What an access token for TURN is good for ends with its time (X.5.3.1 a).
 *
 * @module
 */
import { outcomeOf } from '@wicgate/turn-client';
import { expect, test } from '../fixtures.ts';
import { becomeGuest, loginOf, openClient, type TurnAccess, tryLogin } from './relay-by-token.ts';

test.use({ labSettings: { WAF_TURN_TOKEN_SECONDS: '2' } });

test('[X.5.3.1 a] [X.5.3.2-8] [TURN server 4] [RFC 7635 4.2] after its time and the grace, a token neither begins nor prolongs a relay', async ({
  lab,
  request,
}) => {
  await becomeGuest(request, lab);
  const access: TurnAccess = await (await request.get(`${lab.wwsfUrl}/turn-access`)).json();
  expect(access.expires_in).toBe(2);
  const client = await openClient(lab);
  try {
    await client.allocate(loginOf(access));
    // The server gives 5 s of grace for clocks that differ.
    await expect.poll(() => tryLogin(lab, loginOf(access)), { timeout: 20_000, intervals: [500] }).toBe('error 401');
    expect(outcomeOf(await client.refresh(600))).toMatch(/^error 4\d\d$/u);
  } finally {
    client.close();
  }
});
