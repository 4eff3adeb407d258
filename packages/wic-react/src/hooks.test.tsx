// @vitest-environment happy-dom
import type { Call } from '@wicgate/wic-sdk';
import type { ReactNode } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { InMemoryCall } from './testing/in-memory-call.ts';
import { InMemoryNetwork } from './testing/in-memory-network.ts';
import type { InMemoryWic } from './testing/in-memory-wic.ts';
import { mount, settle } from './testing/mount.ts';
import { useActivity } from './use-activity.ts';
import { useCallPath } from './use-call-path.ts';
import { useCallState } from './use-call-state.ts';
import { useCallStates } from './use-call-states.ts';
import { useCalls } from './use-calls.ts';
import { useIsInterrupted } from './use-is-interrupted.ts';
import { useRegistration } from './use-registration.ts';
import { WicProvider } from './wic-provider.tsx';

const [aliceImpu, bobImpu] = ['sip:alice@ims.example', 'sip:bob@ims.example'] as const;

function RegistrationProbe() {
  const { state } = useRegistration();
  return state.status;
}

function ActivityProbe() {
  const { activity, useHere } = useActivity();
  return (
    <button type="button" onClick={useHere}>
      {activity.status}
    </button>
  );
}

function CallsProbe() {
  const states = useCallStates(useCalls());
  return states.map(({ status }) => status).join();
}

function ArrayProbe({ calls, seen }: { readonly calls: readonly Call[]; readonly seen: Set<unknown> }) {
  seen.add(useCallStates(calls));
  return null;
}

function PathProbe({ call }: { readonly call: Call | undefined }) {
  const path = useCallPath(call);
  return path === undefined ? 'none' : (path.ownRelay?.transport ?? 'direct');
}

function InterruptionProbe({ call }: { readonly call: Call | undefined }) {
  return useIsInterrupted(call) ? 'interrupted' : 'not interrupted';
}

function EndProbe({ call }: { readonly call: Call }) {
  const { status, end } = useCallState(call);
  return `${status} ${end?.cause}`;
}

describe('the hooks over the WIC', () => {
  let network: InMemoryNetwork;
  let alice: InMemoryWic;
  let bob: InMemoryWic;

  beforeEach(async () => {
    network = new InMemoryNetwork('ims.example');
    network.provision(aliceImpu, 'Alice');
    network.provision(bobImpu);
    alice = network.open({ impu: aliceImpu, browser: 'desk' });
    bob = network.open({ impu: bobImpu });
    await bob.register();
  });

  const show = (node: ReactNode) => mount(<WicProvider wic={alice}>{node}</WicProvider>);

  it('[hooks] useRegistration follows the registration, from before the first REGISTER to after the last', async () => {
    const { container, unmount } = await show(<RegistrationProbe />);
    expect(container.textContent).toBe('not registered');
    await settle(alice.register);
    expect(container.textContent).toBe('registered');
    await settle(() => network.cut());
    expect(container.textContent).toBe('registering');
    await settle(() => network.restore());
    expect(container.textContent).toBe('registered');
    await settle(alice.deregister);
    expect(container.textContent).toBe('not registered');
    await unmount();
  });

  it('[RFC 5626 4.2] useActivity tells the tab that does not hold the registration, and takes it over', async () => {
    const other = network.open({ impu: aliceImpu, browser: 'desk' });
    await other.register();
    const { container, unmount } = await show(<ActivityProbe />);
    await settle(alice.register);
    expect(container.textContent).toBe('elsewhere');
    await settle(() => container.querySelector('button')?.click());
    expect(container.textContent).toBe('active');
    expect(other.activity.getSnapshot().status).toBe('elsewhere');
    await unmount();
  });

  it('[hooks] useCalls and useCallStates follow a call through its life', async () => {
    await alice.register();
    const { container, unmount } = await show(<CallsProbe />);
    expect(container.textContent).toBe('');
    await settle(() => void alice.call('bob', { video: false }));
    expect(container.textContent).toBe('ringing');
    await settle(async () => await bob.calls.getSnapshot()[0]?.answer({ video: false }));
    expect(container.textContent).toBe('in call');
    await settle(() => bob.calls.getSnapshot()[0]?.hangUp());
    expect(container.textContent).toBe('ended');
    await unmount();
  });

  it('[hooks] useCallStates keeps its array while no state changes', async () => {
    await alice.register();
    const call = alice.call('bob', { video: false });
    const calls = [call];
    const seen = new Set<unknown>();
    await settle(() => undefined);
    const { render, unmount } = await mount(<ArrayProbe calls={calls} seen={seen} />);
    await render(<ArrayProbe calls={calls} seen={seen} />);
    expect(seen.size).toBe(1);
    await settle(() => call.setMuted(true));
    expect(seen.size).toBe(2);
    await unmount();
  });

  it('[hooks] useCallPath follows the way of the media, with and without a call', async () => {
    await alice.register();
    const none = await show(<PathProbe call={undefined} />);
    expect(document.body.textContent).toBe('none');
    await none.unmount();
    const call = alice.call('bob', { video: false }) as InMemoryCall;
    await show(<PathProbe call={call} />);
    await settle(() => bob.calls.getSnapshot()[0]?.answer({ video: false }));
    expect(document.body.textContent).toBe('direct');
    await settle(() => call.path.set({ ownRelay: { server: undefined, transport: 'TCP' }, farRelay: undefined }));
    expect(document.body.textContent).toBe('TCP');
    await settle(() => call.hangUp());
    expect(document.body.textContent).toBe('none');
  });

  it('[hooks] useIsInterrupted tells when media have no path, with and without a call, until the end', async () => {
    await alice.register();
    const { container, render } = await show(<InterruptionProbe call={undefined} />);
    expect(container.textContent).toBe('not interrupted');
    const call = alice.call('bob', { video: false }) as InMemoryCall;
    await render(<InterruptionProbe call={call} />);
    await settle(() => bob.calls.getSnapshot()[0]?.answer({ video: false }));
    expect(container.textContent).toBe('not interrupted');
    await settle(() => call.isInterrupted.set(true));
    expect(container.textContent).toBe('interrupted');
    await settle(() => call.isInterrupted.set(false));
    expect(container.textContent).toBe('not interrupted');
    await settle(() => call.isInterrupted.set(true));
    await settle(() => call.hangUp());
    expect(container.textContent).toBe('not interrupted');
  });

  it('[hooks] useCallState still tells after the end', async () => {
    await alice.register();
    const call = alice.call('nobody', { video: false });
    await settle(() => undefined);
    const { container, unmount } = await mount(<EndProbe call={call} />);
    expect(container.textContent).toBe('failed unknown user');
    await unmount();
  });
});
