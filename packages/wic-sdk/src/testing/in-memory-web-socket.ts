/**
 * WebSockets without a network: what one end sends, the other end gets a moment later, in order.
 *
 * @module
 */

/** The server's end of a connection. */
export interface ServerSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly isOpen: boolean;
  send(text: string | Uint8Array): void;
  /** With a close code (RFC 6455 7.4); 1000 unless told. */
  close(code?: number): void;
  onText: (text: string) => void;
  onClose: () => void;
}

/** What a server does with a connection that comes in: the subprotocol it selects, or a refusal. */
export type Accept = (socket: ServerSocket) => string | undefined;

/** A class to put in place of the browser's WebSocket; each connection is offered to `accept`. */
export function createWebSocketClass(accept: Accept): new (url: string, protocol: string) => WebSocket {
  class BoundWebSocket extends InMemoryWebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, accept);
    }
  }
  return BoundWebSocket as unknown as new (
    url: string,
    protocol: string,
  ) => WebSocket;
}

class InMemoryWebSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  binaryType = 'blob';
  protocol = '';
  readonly bufferedAmount = 0;
  readonly #server: ServerSocket;
  #isOpen = false;
  #isClosed = false;

  constructor(url: string, protocol: string, accept: Accept) {
    this.#server = this.#createServerEnd(url, [protocol]);
    queueMicrotask(() => this.#open(accept));
  }

  send(text: string): void {
    if (!this.#isOpen) throw new Error('expected an open connection');
    queueMicrotask(() => !this.#isClosed && this.#server.onText(text));
  }

  close(): void {
    if (this.#isClosed) return;
    // What was sent before still leaves.
    queueMicrotask(() => {
      this.#isClosed = true;
      this.#isOpen = false;
      this.#server.onClose();
    });
  }

  #open(accept: Accept): void {
    if (this.#isClosed) return;
    const selected = accept(this.#server);
    if (selected === undefined) {
      this.#end(1_006);
      return;
    }
    this.protocol = selected;
    this.#isOpen = true;
    this.onopen?.();
  }

  #end(code: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isOpen = false;
    this.onclose?.({ code });
  }

  #endByServer(code: number): void {
    if (this.#isClosed) return;
    this.#end(code);
    this.#server.onClose();
  }

  #createServerEnd(url: string, protocols: readonly string[]): ServerSocket {
    const isOpen = (): boolean => this.#isOpen;
    return {
      url,
      protocols,
      get isOpen() {
        return isOpen();
      },
      send: (data) => queueMicrotask(() => this.#isOpen && this.onmessage?.({ data: asFrame(data) })),
      close: (code = 1_000) => queueMicrotask(() => this.#endByServer(code)),
      onText: () => undefined,
      onClose: () => undefined,
    };
  }
}

function asFrame(data: string | Uint8Array): unknown {
  return typeof data === 'string' ? data : data.slice().buffer;
}
