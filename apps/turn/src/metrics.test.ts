import { method } from '@wicgate/stun';
import { outcomeOf, requestedUdp } from '@wicgate/turn-client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Bench } from './testing/bench.ts';
import { operatorToken } from './testing/operator.ts';
import { testCredential } from './testing/test-server.ts';
import { TestFiles, testAccess } from './testing/turn-access-keys.ts';

const bench = new Bench();
const files = new TestFiles();
afterEach(() => bench.close());
afterAll(() => files.remove());

describe('Metrics', () => {
  it('[operations] tell the allocations by transport and family, permissions and channels', async () => {
    const server = await bench.server();
    const [{ client }] = [await bench.allocated('UDP', server), await bench.allocated('TCP', server)];
    const peer = await bench.peer();
    await client.permit({ family: 'IPv4', address: '127.0.0.9', port: 9 });
    await client.bind(0x4000, peer.endpoint);
    const text = await server.operations.metrics.metrics();
    for (const line of [
      'turn_allocations 2',
      'turn_allocations_by_kind{transport="UDP",family="IPv4"} 1',
      'turn_allocations_by_kind{transport="TCP",family="IPv4"} 1',
      'turn_permissions 2',
      'turn_channels 1',
      'turn_tcp_connections 1',
      'turn_draining 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('[operations] tell refusals by code, right credentials by their kind, and revocations', async () => {
    const server = await bench.server({
      TURN_OAUTH_KEYS_FILE: files.keys(),
      TURN_OPERATOR_TOKEN: operatorToken,
    });
    const operator = await bench.operator(server);
    const [one, other] = [await bench.client('UDP', server), await bench.client('UDP', server)];
    const login = testCredential(server.clock);
    await one.allocate(login);
    await other.allocate(testAccess({ issuedAtMs: server.clock.now() }));
    expect(outcomeOf(await other.request(method.CreatePermission))).toBe('error 400');
    const tids = [login.username.split(':')[0], 'abcdef0123456789'];
    await operator.ask('POST', '/turn/revocations', { body: { tids, until: 9_999_999_999 } });
    expect(outcomeOf(await one.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('error 401');
    const text = await server.operations.metrics.metrics();
    for (const line of [
      'turn_authenticated_total{kind="provisioned"} 1',
      'turn_authenticated_total{kind="token"} 2',
      'turn_refused_total{code="401"} 3',
      'turn_refused_total{code="400"} 1',
      'turn_revocations 2',
      'turn_revoked_total 2',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('[operations] go with the server, so that it can start again in the same process', async () => {
    const server = await bench.server();
    await server.stop();
    expect(await server.operations.metrics.metrics()).not.toContain('turn_');
  });
});
