/**
 * JsSIP as a telephone.
 *
 * @module
 */
import type { SipAccount } from './sip-client-page.ts';

interface Session {
  on(event: 'confirmed' | 'ended' | 'failed', run: () => void): void;
  answer(options: object): void;
  terminate(): void;
}

interface UserAgent {
  on(event: 'registered' | 'registrationFailed', run: () => void): void;
  on(event: 'newRTCSession', run: (made: { readonly session: Session; readonly originator: string }) => void): void;
  start(): void;
  stop(): void;
  call(uri: string, options: object): void;
}

interface JsSip {
  readonly WebSocketInterface: new (url: string) => unknown;
  readonly UA: new (configuration: object) => UserAgent;
}

/** Runs in the page, alone: registers, and leaves `testPhone` there. */
export function startJsSip({ w2, impi, impu, password }: SipAccount): Promise<'registered' | 'refused'> {
  const { UA, WebSocketInterface } = (globalThis as unknown as { client: JsSip }).client;
  const ua = new UA({ sockets: [new WebSocketInterface(w2)], uri: impu, authorization_user: impi, password });
  const media = { mediaConstraints: { audio: true, video: false } };
  let current: Session | undefined;
  window.testPhone = {
    state: 'idle',
    call: (uri) => ua.call(uri, media),
    answer: () => current?.answer(media),
    hangUp: () => current?.terminate(),
    stop: () => ua.stop(),
  };
  const play = (): void => {
    const receivers = window.testPeerConnections.at(-1)?.getReceivers() ?? [];
    const audio = new Audio();
    audio.srcObject = new MediaStream(receivers.map(({ track }) => track));
    document.body.replaceChildren(audio);
    void audio.play();
  };
  ua.on('newRTCSession', ({ session, originator }) => {
    current = session;
    window.testPhone.state = originator === 'remote' ? 'ringing' : 'calling';
    session.on('confirmed', () => {
      window.testPhone.state = 'in call';
      play();
    });
    session.on('ended', () => {
      window.testPhone.state = 'idle';
    });
    session.on('failed', () => {
      window.testPhone.state = 'refused';
    });
  });
  return new Promise((resolve) => {
    ua.on('registered', () => resolve('registered'));
    ua.on('registrationFailed', () => resolve('refused'));
    ua.start();
  });
}
