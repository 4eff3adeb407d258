import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { RelayPorts } from './relay-ports.ts';
import { openUdpRelay } from './udp-relay.ts';

function placeAt(host: string, port: number, failures: unknown[]) {
  const ports = new RelayPorts({ min: port, max: port }, () => 0);
  const onFailure = (cause: unknown) => failures.push(cause);
  return { host, publicHost: host, ports, onFailure };
}

it('[RFC 8656 7.2] says why no relay can be opened: the address is not one of this machine', async () => {
  const failures: unknown[] = [];
  const place = placeAt('192.0.2.1', 50_000, failures);
  await expect(openUdpRelay(place, 'any')).rejects.toMatchObject({ code: 'ERR_TURN_RELAY_PORTS_EXHAUSTED' });
  expect(failures).toEqual([expect.objectContaining({ code: 'EADDRNOTAVAIL' })]);
});

it('[RFC 8656 7.2] says nothing of a port that another program holds: there are others', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const failures: unknown[] = [];
  const place = placeAt('127.0.0.1', socket.address().port, failures);
  await expect(openUdpRelay(place, 'any')).rejects.toMatchObject({ code: 'ERR_TURN_RELAY_PORTS_EXHAUSTED' });
  expect(failures).toEqual([]);
  socket.close();
});
