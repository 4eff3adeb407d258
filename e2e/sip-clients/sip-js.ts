/**
 * SIP.js as a telephone, by the class that it has for simple users.
 *
 * @module
 */
import type { SipAccount } from './sip-client-page.ts';

interface SimpleUser {
  connect(): Promise<void>;
  register(options: object): Promise<void>;
  disconnect(): Promise<void>;
  call(uri: string): Promise<void>;
  answer(): Promise<void>;
  hangup(): Promise<void>;
}

interface SipJs {
  readonly Web: { readonly SimpleUser: new (server: string, options: object) => SimpleUser };
}

/** Runs in the page, alone: registers, and leaves `testPhone` there. */
export async function startSipJs({ w2, impi, impu, password }: SipAccount): Promise<'registered' | 'refused'> {
  const { SimpleUser } = (globalThis as unknown as { client: SipJs }).client.Web;
  const audio = new Audio();
  document.body.replaceChildren(audio);
  const user = new SimpleUser(w2, {
    aor: impu,
    media: { constraints: { audio: true, video: false }, remote: { audio } },
    userAgentOptions: { authorizationUsername: impi, authorizationPassword: password, logLevel: 'error' },
    delegate: {
      onCallCreated: () => {
        window.testPhone.state = 'calling';
      },
      onCallReceived: () => {
        window.testPhone.state = 'ringing';
      },
      onCallAnswered: () => {
        window.testPhone.state = 'in call';
      },
      onCallHangup: () => {
        window.testPhone.state = 'idle';
      },
    },
  });
  window.testPhone = {
    state: 'idle',
    call: (uri) => void user.call(uri),
    answer: () => void user.answer(),
    hangUp: () => void user.hangup(),
    stop: () => user.disconnect(),
  };
  await user.connect();
  return new Promise((resolve) => {
    const requestDelegate = { onAccept: () => resolve('registered'), onReject: () => resolve('refused') };
    void user.register({ requestDelegate });
  });
}
