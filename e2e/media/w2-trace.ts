/**
 * What a page sends and receives on W2: the SIP of its WebSockets.
 *
 * @module
 */
import type { Page } from '@playwright/test';

export interface W2Trace {
  readonly sent: readonly string[];
  readonly received: readonly string[];
}

/** Of the WebSockets that the page opens from now on. */
export function traceW2(page: Page): W2Trace {
  const [sent, received]: [string[], string[]] = [[], []];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => void sent.push(payload.toString()));
    socket.on('framereceived', ({ payload }) => void received.push(payload.toString()));
  });
  return { sent, received };
}

/** The header field of this name, in each of the messages that have one and begin with `start`. */
export function headersOf(messages: readonly string[], start: string, name: string): readonly string[] {
  const field = new RegExp(`^${name}: *(.*)$`, 'imu');
  return messages
    .filter((message) => message.startsWith(start))
    .map((message) => field.exec(message)?.[1]?.trim())
    .filter((value) => value !== undefined);
}
