/**
 * The least that relaying can cost with Node's sockets: a relay that grants everything to everybody, looks nothing up
 * but the client's port, checks nothing, and knows one peer of each client. For comparison only, on loopback.
 *
 * @module
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  attribute,
  channelHeaderLength,
  type DecodedMessage,
  decodeMessage,
  decodeXorAddress,
  type Endpoint,
  encodeChannelData,
  encodeErrorCode,
  encodeMessage,
  encodeXorAddress,
  findAttribute,
  headerLength,
  method,
  type StunAttribute,
} from '@wicgate/stun';

interface Client {
  readonly relay: Socket;
  peer: Endpoint | undefined;
  channel: number | undefined;
}

const host = '127.0.0.1';
/** Of DATA in a Send indication whose first attribute is an IPv4 XOR-PEER-ADDRESS. */
const dataAt = headerLength + 16;
const clients = new Map<number, Client>();
const listener = await open(Number(process.env.BARE_RELAY_PORT));

listener.on('message', (octets, source) => {
  const client = clients.get(source.port);
  const isRequest = octets.readUInt16BE(0) < 0x4000 && octets.readUInt16BE(0) !== 0x0016;
  if (isRequest) void answer(decodeMessage(octets), source);
  else if (client?.peer !== undefined) {
    const data = octets.subarray(octets.readUInt8(0) >= 0x40 ? channelHeaderLength : dataAt);
    client.relay.send(data, client.peer.port, client.peer.address);
  }
});

async function answer(request: DecodedMessage, source: RemoteInfo): Promise<void> {
  const { method: code, transactionId } = request;
  const isRefused = code === method.Allocate && findAttribute(request, 'USERNAME') === undefined;
  const attributes = isRefused ? challenge() : await grant(request, source);
  const message = { class: isRefused ? 'error' : 'success', method: code, transactionId, attributes } as const;
  listener.send(encodeMessage(message, { integrityKey: undefined, fingerprint: false }), source.port, source.address);
}

function challenge(): readonly StunAttribute[] {
  const refusal = encodeErrorCode({ statusCode: 401, reasonPhrase: 'Unauthenticated' });
  const texts = [attribute('REALM', Buffer.from('bare')), attribute('NONCE', Buffer.from('bare'))];
  return [attribute('ERROR-CODE', refusal), ...texts];
}

async function grant(request: DecodedMessage, source: RemoteInfo): Promise<readonly StunAttribute[]> {
  if (request.method === method.Allocate) return allocate(request, source);
  const client = clients.get(source.port);
  const peer = findAttribute(request, 'XOR-PEER-ADDRESS');
  if (client === undefined || peer === undefined) return [];
  client.peer = decodeXorAddress('XOR-PEER-ADDRESS', peer, request.transactionId);
  client.channel = findAttribute(request, 'CHANNEL-NUMBER')?.readUInt16BE(0);
  return [];
}

async function allocate(request: DecodedMessage, { address, port }: RemoteInfo): Promise<readonly StunAttribute[]> {
  const relay = await open(0);
  const client: Client = { relay, peer: undefined, channel: undefined };
  clients.set(port, client);
  relay.on('message', (data) => {
    // Without a channel a Data indication of the same length stands for one of the right content.
    const octets =
      client.channel === undefined
        ? Buffer.concat([Buffer.alloc(dataAt), data])
        : encodeChannelData(client.channel, data, false);
    listener.send(octets, port, address);
  });
  const relayed: Endpoint = { family: 'IPv4', address: host, port: relay.address().port };
  return [attribute('XOR-RELAYED-ADDRESS', encodeXorAddress(relayed, request.transactionId))];
}

async function open(port: number): Promise<Socket> {
  const lookup = (address: string, _options: unknown, found: (error: null, address: string, family: number) => void) =>
    found(null, address, 4);
  const socket = createSocket({ type: 'udp4', lookup, recvBufferSize: 1_048_576 });
  socket.on('error', () => undefined);
  const listening = once(socket, 'listening');
  socket.bind({ address: host, port, exclusive: true });
  await listening;
  return socket;
}
