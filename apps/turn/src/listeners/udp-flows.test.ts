import { createSocket } from 'node:dgram';
import { expect, it } from 'vitest';
import { UdpFlows } from './udp-flows.ts';

it('[RFC 8656 5] knows a source again, and drops one that cannot be answered: port 0, which no client has', () => {
  const socket = createSocket('udp4');
  const flows = new UdpFlows(socket, 3_478);
  const flow = flows.of({ address: '192.0.2.1', port: 4_000 });
  expect(flow).toMatchObject({ key: 'UDP 192.0.2.1 4000 3478', transport: 'UDP' });
  expect(flows.of({ address: '192.0.2.1', port: 4_000 })).toBe(flow);
  expect(flows.of({ address: '192.0.2.1', port: 0 })).toBeUndefined();
  socket.close();
});
