/**
 * A program: asks a TURN server by UDP for its Binding response (RFC 8489 5) and says `answered`, `silence` or the error
 * of the socket.
 *
 *     node udp-probe.ts <address> <port>
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

const bindingRequest = 0x0001;
const magicCookie = 0x2112a442;
/** A machine that is busy answers late, not never. */
const patienceMs = 4_000;

const [address, port] = process.argv.slice(2);
const socket = createSocket('udp4');
const timer = setTimeout(() => say('silence'), patienceMs);

function say(outcome: string): void {
  clearTimeout(timer);
  process.stdout.write(`${outcome}\n`);
  socket.close();
}

// Connected, so that an ICMP error would be told.
socket.on('error', (error) => say('code' in error ? String(error.code) : error.message));
socket.on('message', () => say('answered'));
socket.connect(Number(port), address, () => {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(bindingRequest, 0);
  header.writeUInt32BE(magicCookie, 4);
  socket.send(Buffer.concat([header, randomBytes(12)]));
});
