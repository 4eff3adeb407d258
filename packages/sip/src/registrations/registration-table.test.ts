import { beforeEach, describe, expect, it } from 'vitest';
import { DigestClient } from '../digest/digest-client.ts';
import { outlineOf } from '../usages/testing/element-pair.ts';
import { bindAll, contactOf, RegistrarLab } from './testing/registrar-lab.ts';

let lab: RegistrarLab;
beforeEach(() => {
  lab = new RegistrarLab();
});

describe('the table of a registration', () => {
  it('[RFC 3261 22.2] answers a challenge by digest', async () => {
    const challenge = 'Digest realm="ims.example",nonce="n",algorithm=SHA-256,qop="auth"';
    lab.answerTo = (request) =>
      request.headers.has('Authorization') ? bindAll(600)(request) : [401, ['WWW-Authenticate', challenge]];
    const digest = new DigestClient({
      findUser: () => ({ username: 'alice', password: 'alice-demo' }),
      random: (length) => new Uint8Array(length),
    });
    const registration = lab.create({ authorize: (request, response) => digest.retry(request, response) });
    registration.register();
    await lab.clock.run(10);
    expect(registration.state.status).toBe('registered');
    expect(lab.pair.alice.requests[1]?.headers.first('Authorization')).toContain('username="alice"');
    expect(lab.pair.alice.requests[1]?.headers.count('Via')).toBe(1);
    registration.close();
  });

  it('[RFC 3261 10.2.2] says where a removal failed, and tries again when asked to', async () => {
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    lab.answerTo = () => [500];
    registration.unregister();
    await lab.clock.run(10);
    expect(registration.state).toMatchObject({
      status: 'failed',
      registered: { expiresSeconds: 600 },
      failure: { type: 'refused' },
    });
    lab.answerTo = bindAll(600);
    registration.unregister();
    await lab.clock.run(10);
    expect(registration.state).toEqual({ status: 'unregistered', registered: undefined, failure: undefined });
  });

  it('[RFC 3261 10.2] changes its mind while it leaves', async () => {
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    registration.unregister();
    registration.register();
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Expires')).toEqual(['REGISTER 600', 'REGISTER 0', 'REGISTER 600']);
    expect(lab.statuses.slice(2)).toEqual(['unregistering', 'registering', 'registered']);
    registration.close();
  });

  it('[RFC 3261 10.2] moves to another contact while the first is being bound', async () => {
    const registration = lab.create();
    registration.register();
    registration.register([contactOf('sip:alice@198.51.100.1')]);
    await lab.clock.run(10);
    expect(outlineOf(lab.pair.alice.requests, 'Contact')).toEqual([
      'REGISTER <sip:alice@192.0.2.1>',
      'REGISTER <sip:alice@192.0.2.1>',
      'REGISTER <sip:alice@198.51.100.1>',
    ]);
    expect(registration.state).toMatchObject({
      status: 'registered',
      registered: { own: [{ uri: 'sip:alice@198.51.100.1' }] },
    });
    registration.close();
  });

  it('[RFC 3261 10.2.4] knows that its binding is over while a refresh waits for its answer', async () => {
    lab.answerTo = bindAll(20);
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    lab.answerTo = () => undefined;
    await lab.clock.run(20_000);
    expect(registration.state).toMatchObject({ status: 'registering', registered: undefined });
    await lab.clock.run(32_000);
    expect(registration.state.failure).toEqual({ type: 'timeout' });
    await lab.clock.run(64_000);
    expect(lab.clock.pending).toBe(0);
  });
});
