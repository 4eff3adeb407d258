/**
 * Takes in the WIC that frames this page.
 *
 * The server lets only pages of known WWSFs frame this one (frame-ancestors); here each is looked at once more, by what
 * the browser says of the sender. Whoever is not on the list gets no answer at all.
 *
 * @module
 */
import { isHello, type Message, readRequest, version } from './messages.ts';
import type { Terminal, Visitor } from './terminal.ts';

/** Starts to listen at once; nobody is let in before the list is there. */
export function receiveWic(terminal: Terminal, origins: Promise<readonly string[]>): void {
  window.addEventListener('message', (event) => {
    const [port, ...more] = event.ports;
    if (event.source !== window.parent || window.parent === window) return;
    if (port === undefined || more.length > 0 || !isHello(event.data)) return;
    const { origin } = event;
    origins.then(
      (list) => {
        if (list.includes(origin)) connect(terminal, origin, port);
        else port.close();
      },
      () => port.close(),
    );
  });
}

function connect(terminal: Terminal, origin: string, port: MessagePort): void {
  const post = (message: Message): void => port.postMessage(message);
  let wasNeeded: boolean | undefined;
  const visitor: Visitor = {
    origin,
    answer: (id, answer) => post({ version, type: 'answer', id, answer }),
    setAttention: (needed) => {
      if (needed !== wasNeeded) post({ version, type: 'attention', needed });
      wasNeeded = needed;
    },
  };
  port.onmessage = ({ data }: MessageEvent) => {
    const request = readRequest(data);
    if (request !== undefined) terminal.request(visitor, request);
  };
  post({ version, type: 'welcome' });
  terminal.welcome(visitor);
}
