import { beforeEach, describe, expect, it } from 'vitest';
import { contactOf, RegistrarLab } from './testing/registrar-lab.ts';

let lab: RegistrarLab;
beforeEach(() => {
  lab = new RegistrarLab();
});

describe('what waits for its turn', () => {
  it('[RFC 3261 10.2] refuses one wish too many before anything has changed', async () => {
    const registration = lab.create();
    registration.register();
    const move = (count: number): void => registration.register([contactOf(`sip:a${count}@h.example`)]);
    for (let count = 0; count < 3; count += 1) move(count);
    expect(() => move(3)).toThrow(TypeError);
    registration.unregister();
    registration.unregister();
    await lab.clock.run(100);
    expect(registration.state.status).toBe('unregistered');
    expect(lab.pair.alice.requests.at(-1)?.headers.first('Contact')).toBe('<sip:a2@h.example>');
  });

  it('[RFC 3261 10.2.3] leaves room for the refresh, whatever is asked for', async () => {
    const registration = lab.create();
    registration.register();
    await lab.clock.run(10);
    lab.answerTo = () => undefined;
    await lab.clock.run(299_900);
    for (let count = 0; count < 5; count += 1) registration.fetch(() => undefined);
    expect(() => registration.fetch(() => undefined)).toThrow(TypeError);
    await lab.clock.run(1_000);
    expect(registration.state.status).toBe('refreshing');
    registration.close();
  });

  it('[RFC 3261 10.2] bounds what waits, and hears nothing after it was closed', async () => {
    const registration = lab.create();
    registration.register();
    for (let count = 0; count < 4; count += 1) registration.fetch(() => undefined);
    expect(() => registration.fetch(() => undefined)).toThrow(TypeError);
    registration.close();
    await lab.clock.run(64_000);
    expect([lab.statuses, lab.pair.alice.requests.length, lab.clock.pending]).toEqual([['registering'], 1, 0]);
  });
});
