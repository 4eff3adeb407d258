/**
 * The yardstick: a bare relay of `ws`, secure WebSocket in, TLS out, that looks into no message.
 *
 * As it cannot tell whose answer it gets, each WebSocket has a connection of its own to the core. They are opened before
 * anything is measured and used again, as the eP-CSCF's one is.
 *
 * @module
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';

const { RELAY_PORT, RELAY_LINES, RELAY_CORE_PORT, RELAY_CORE_NAME = '' } = process.env;
const { RELAY_CERT_FILE = '', RELAY_KEY_FILE = '', RELAY_MW_CERT_FILE = '', RELAY_MW_KEY_FILE = '' } = process.env;
const { RELAY_CA_FILE = '' } = process.env;
const mw = {
  port: Number(RELAY_CORE_PORT),
  host: '127.0.0.1',
  servername: RELAY_CORE_NAME,
  cert: readFileSync(RELAY_MW_CERT_FILE),
  key: readFileSync(RELAY_MW_KEY_FILE),
  ca: readFileSync(RELAY_CA_FILE),
};
const overload = 1_013;

const lines: TLSSocket[] = [];
for (let at = 0; at < Number(RELAY_LINES); at += 1) lines.push(await openLine());

const server = createServer({ cert: readFileSync(RELAY_CERT_FILE), key: readFileSync(RELAY_KEY_FILE) });
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
sockets.on('connection', (socket) => {
  // 'close' follows.
  socket.on('error', () => {});
  const line = lines.pop();
  if (line === undefined) {
    socket.close(overload);
    return;
  }
  socket.on('message', (data: Buffer) => line.write(data));
  line.on('data', (chunk: Buffer) => socket.send(chunk, { binary: false }));
  socket.on('close', () => {
    line.removeAllListeners('data');
    lines.push(line);
  });
});
server.listen(Number(RELAY_PORT), '127.0.0.1');

async function openLine(): Promise<TLSSocket> {
  const line = connect(mw);
  line.setNoDelay(true);
  await once(line, 'secureConnect');
  // The core is gone: so is the benchmark.
  line.on('error', () => process.exit(1));
  return line;
}
