import { createResponse, type SipError } from '@wicgate/sip';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Endpoint } from './endpoint.ts';
import type { EndpointUser } from './endpoint-options.ts';
import { EventLog } from './testing/event-log.ts';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain } from './testing/raw-peer.ts';
import { startEndpoint } from './testing/test-endpoint.ts';

const address = { host: '127.0.0.1', port: 0 };

async function fail(): Promise<never> {
  await Promise.resolve();
  throw new TypeError('a fault of the user');
}

interface Listening {
  readonly port: number;
  readonly faults: EventLog<SipError>;
  readonly endpoint: Endpoint;
}

/** On TCP, with a user that does nothing but what `user` says. */
async function listen(user: Partial<EndpointUser>): Promise<Listening> {
  const faults = new EventLog<SipError>();
  const endpoint = new Endpoint({
    sentBy: () => 'us.example',
    user: {
      onRequest: () => {},
      onAck: () => {},
      onStrayResponse: () => {},
      onFault: (_flow, error) => faults.add(error),
      ...user,
    },
  });
  onTestFinished(() => endpoint.stop());
  const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
  return { port, faults, endpoint };
}

describe('a user whose promise is rejected', () => {
  it('[RFC 3261 21.5.1] ends its request with 500, and the process lives', async () => {
    const { endpoint, fault } = startEndpoint({ answer: fail });
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await peer.receive('SIP/2.0 500 ');
    const { error } = await fault('ERR_SIP_PROCESSING_FAILED');
    expect(error.cause).toBeInstanceOf(TypeError);
    peer.write(requestText({ method: 'INVITE', branch: 'z9hG4bK2' }));
    await peer.receiveTimes('SIP/2.0 500 ', 2);
  });

  it('after its answer changes nothing', async () => {
    const { endpoint, fault } = startEndpoint({
      answer: (transaction) => {
        transaction.respond(createResponse(transaction.request, 202));
        return fail();
      },
    });
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await fault('ERR_SIP_PROCESSING_FAILED');
    await peer.receive('SIP/2.0 202 ');
    expect(peer.text).not.toContain('500');
  });

  it('is a fault when told of an ACK, and of a response that nobody waits for', async () => {
    const { port, faults } = await listen({ onAck: fail, onStrayResponse: fail });
    const peer = await connectPlain(port);
    peer.write(requestText({ method: 'ACK' }));
    peer.write(requestText({ branch: 'z9hG4bK2' }).replace(/^[^\r]+/u, 'SIP/2.0 200 OK'));
    await faults.when(() => faults.all.length === 2);
    expect(faults.all.map(({ code }) => code)).toEqual(['ERR_SIP_PROCESSING_FAILED', 'ERR_SIP_PROCESSING_FAILED']);
  });

  it('is a fault when told of a connection and of its end, which it brings about', async () => {
    const { port, faults, endpoint } = await listen({ onFlowOpened: fail, onFlowClosed: fail });
    const peer = await connectPlain(port);
    await peer.closed;
    await faults.when(() => faults.all.length === 2);
    expect([faults.all.map(({ code }) => code), endpoint.connections]).toEqual([
      ['ERR_SIP_PROCESSING_FAILED', 'ERR_SIP_PROCESSING_FAILED'],
      0,
    ]);
  });

  it('is a fault when told what becomes of a request', async () => {
    const { endpoint, request, fault } = startEndpoint();
    const { port } = await endpoint.listenTcp({ name: 'tcp', ...address });
    const peer = await connectPlain(port);
    peer.write(requestText());
    const { flow } = await request('OPTIONS');
    endpoint.layer.request(createRequest({ branch: 'z9hG4bKours' }), flow, () => fail() as never);
    peer.socket.destroy();
    expect((await fault('ERR_SIP_PROCESSING_FAILED')).flow).toBe(flow);
  });

  it('is told to onInformFault where the request has reached nobody', async () => {
    const faults = new EventLog<SipError>();
    const { endpoint } = await listen({ onInformFault: (error) => faults.add(error) });
    await endpoint.stop();
    const request = { ...createRequest(), requestUri: 'sip:127.0.0.1:9;transport=tcp' };
    endpoint.request(request, () => fail() as never);
    await faults.when(({ cause }) => cause instanceof TypeError);
  });
});

it.each([
  ['is rejected', fail],
  [
    'throws',
    (): never => {
      throw new TypeError('a fault of the user');
    },
  ],
])('onFault that %s becomes a warning of the process', async (_, onFault) => {
  const warnings = new EventLog<Error>();
  const warn = (warning: Error): void => warnings.add(warning);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  const { port } = await listen({ onFault });
  const peer = await connectPlain(port);
  peer.write('no message\r\n\r\n');
  await warnings.when((warning) => warning instanceof TypeError);
});
