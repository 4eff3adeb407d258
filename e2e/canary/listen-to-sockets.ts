/**
 * What the functions of a lab in this process say to one another, after decryption: a tap at each of their sockets.
 *
 * @module
 */
import { Socket } from 'node:net';
import type { LabPorts } from '@wicgate/lab';
import type { Evidence, Place } from './evidence.ts';

type Chunk = string | Uint8Array;
type Writing = (this: Socket, chunk: Chunk, encoding: BufferEncoding, done: (error?: Error | null) => void) => void;
type WritingMany = (
  this: Socket,
  chunks: readonly { readonly chunk: Chunk; readonly encoding: BufferEncoding }[],
  done: (error?: Error | null) => void,
) => void;
type Reading = (this: Socket, chunk: Chunk | null, encoding?: BufferEncoding) => boolean;

interface Methods {
  _write: Writing;
  _writev: WritingMany;
  push: Reading;
}

/** The returned function ends it, and hands over what was heard. */
export function listenToSockets(ports: LabPorts, evidence: Evidence): () => void {
  const heard = new Map<Socket, { readonly place: Place; readonly at: string; readonly chunks: Buffer[] }[]>();
  const hear = (socket: Socket, direction: 'sent' | 'got', chunk: Chunk, encoding?: BufferEncoding): void => {
    if (socket.connecting) {
      // Only then it has ports to be known by.
      socket.once('connect', () => hear(socket, direction, chunk, encoding));
      return;
    }
    const where = placeOf(socket, direction, ports);
    if (where === undefined) return;
    const streams = heard.get(socket) ?? [];
    heard.set(socket, streams);
    const stream = streams.find(({ at }) => at === where.at) ?? { ...where, chunks: [] };
    if (stream.chunks.length === 0) streams.push(stream);
    stream.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
  };
  const restore = patch(hear);
  return () => {
    restore();
    for (const { place, at, chunks } of [...heard.values()].flat()) evidence.add(place, at, Buffer.concat(chunks));
  };
}

function patch(hear: (socket: Socket, direction: 'sent' | 'got', chunk: Chunk, encoding?: BufferEncoding) => void) {
  const prototype = Socket.prototype as unknown as Methods;
  const { _write: write, _writev: writeMany, push } = prototype;
  prototype._write = function (chunk, encoding, done) {
    hear(this, 'sent', chunk, encoding);
    write.call(this, chunk, encoding, done);
  };
  prototype._writev = function (chunks, done) {
    for (const { chunk, encoding } of chunks) hear(this, 'sent', chunk, encoding);
    writeMany.call(this, chunks, done);
  };
  prototype.push = function (chunk, encoding) {
    if (chunk !== null) hear(this, 'got', chunk, encoding);
    return push.call(this, chunk, encoding);
  };
  return (): void => {
    prototype._write = write;
    prototype._writev = writeMany;
    if (Object.hasOwn(Object.getPrototypeOf(prototype) as object, 'push')) Reflect.deleteProperty(prototype, 'push');
    else prototype.push = push;
  };
}

/** Mw on both ends; of the others what the asking end sends and gets. Undefined: of no interest. */
function placeOf(
  socket: Socket,
  direction: 'sent' | 'got',
  ports: LabPorts,
): { readonly place: Place; readonly at: string } | undefined {
  const { localPort, remotePort } = socket;
  const mw = ['iCscf', 'sCscf', 'iCscfTls', 'sCscfTls', 'epCscfMw', 'eCscf'] as const;
  const asked = ['waf', 'wafMtls', 'partnerWaf', 'operations', 'turn', 'turnTls'] as const;
  const to = mw.find((name) => ports[name] === remotePort);
  const from = mw.find((name) => ports[name] === localPort);
  if (direction === 'sent' && to !== undefined) return { place: 'Mw', at: `to ${to}` };
  if (direction === 'sent' && from !== undefined) return { place: 'Mw', at: `from ${from}` };
  const peer = asked.find((name) => ports[name] === remotePort);
  return peer === undefined ? undefined : { place: 'between functions', at: `${direction} ${peer}` };
}
