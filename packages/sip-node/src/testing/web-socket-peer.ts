/**
 * A WebSocket client as a browser has one, and worse.
 *
 * @module
 */
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { EventLog } from './event-log.ts';

export const trustedOrigin = 'https://wwsf.ims.example';

export interface WebSocketPeerOptions {
  readonly origin?: string | undefined;
  readonly protocols?: readonly string[];
  readonly answersPings?: boolean;
}

interface Frame {
  readonly text: string;
  readonly isBinary: boolean;
}

export interface WebSocketPeer {
  readonly socket: WebSocket;
  readonly frames: EventLog<Frame>;
  /** With the code of the close. */
  readonly closed: Promise<number>;
  /** The first such frame, past or to come. */
  frame(matches: (frame: Frame) => boolean): Promise<Frame>;
}

/** Resolves when it is open. */
export async function connectWebSocket(port: number, options: WebSocketPeerOptions = {}): Promise<WebSocketPeer> {
  const socket = open(port, options);
  const frames = new EventLog<Frame>();
  socket.on('message', (data, isBinary) => frames.add({ text: String(data), isBinary }));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { socket, frames, closed, frame: (matches) => frames.when(matches) };
}

/** What the upgrade is answered with. */
export function upgradeStatus(port: number, options: WebSocketPeerOptions = {}): Promise<number> {
  const socket = open(port, options);
  return new Promise((resolve, reject) => {
    socket.once('upgrade', ({ statusCode = 0 }) => resolve(statusCode));
    socket.once('unexpected-response', (_request, { statusCode = 0 }) => {
      resolve(statusCode);
      socket.terminate();
    });
    socket.once('error', reject);
  });
}

function open(port: number, options: WebSocketPeerOptions): WebSocket {
  const { protocols = ['sip'], answersPings = true } = options;
  const origin = 'origin' in options ? options.origin : trustedOrigin;
  const socket = new WebSocket(`wss://127.0.0.1:${port}/`, [...protocols], {
    ...(origin !== undefined && { origin }),
    // Whom the client trusts is not what is tested here.
    rejectUnauthorized: false,
    autoPong: answersPings,
  });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}
