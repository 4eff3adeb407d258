import { createResponse, encodeUtf8, type SipResponse } from '@wicgate/sip';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GatewayTransaction, InMemoryWorld } from '../testing.ts';

let world: InMemoryWorld;
let invite: GatewayTransaction;

const answer = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=sendrecv',
  'a=ice-ufrag:fork',
  'a=ice-pwd:forkforkforkforkforkfork',
  '',
].join('\r\n');

/** A response of the phone `tag`. */
function respond(statusCode: number, tag: string, body = '', extra: readonly (readonly [string, string])[] = []): void {
  const response: SipResponse = createResponse(invite.request, statusCode, {
    toTag: tag,
    headers: [['Contact', `<sip:${tag}@phone.example>`], ['Content-Type', 'application/sdp'], ...extra],
    body: encodeUtf8(body),
  });
  invite.respond(response);
}

beforeEach(async () => {
  world = new InMemoryWorld();
});

async function call() {
  const alice = await world.register('alice');
  world.gateway.onRequest = (transaction) => {
    const { method } = transaction.request;
    if (method === 'INVITE') invite = transaction;
    else if (method === 'BYE' || method === 'INFO' || method === 'CANCEL') {
      transaction.respond(createResponse(transaction.request, 200, { toTag: 'x' }));
    }
    return method !== 'REGISTER';
  };
  const made = alice.wic.call('bob', { video: false });
  await world.clock.advance(300);
  return made;
}

const tagsOf = (method: string) =>
  world.gateway.requests(method).map(({ headers }) => /tag=(\w+)/u.exec(headers.first('To') ?? '')?.[1]);

describe('an INVITE that forks', () => {
  it('[RFC 3261 13.2.2.4] goes to the first that answers; a second one gets ACK and BYE', async () => {
    const made = await call();
    for (const tag of ['one', 'two', 'three']) respond(180, tag);
    await world.clock.advance(10);
    expect(made.getSnapshot().status).toBe('ringing');
    respond(200, 'two', answer);
    respond(200, 'three', answer);
    await world.clock.advance(100);
    expect(made.getSnapshot().status).toBe('connecting');
    expect(tagsOf('ACK')).toEqual(['two', 'three']);
    expect(tagsOf('BYE')).toEqual(['three']);
  });

  it('[RFC 3261 13.2.2.4] acknowledges every copy of the 2xx', async () => {
    await call();
    for (const _ of [1, 2, 3]) {
      respond(200, 'one', answer);
      await world.clock.advance(500);
    }
    expect(tagsOf('ACK')).toEqual(['one', 'one', 'one']);
    expect(tagsOf('BYE')).toEqual([]);
  });

  it('[RFC 8840 4.3] tells late candidates to every phone that rings and takes them', async () => {
    world.ice.gathering = [400];
    await call();
    respond(180, 'one', '', [['Recv-Info', 'trickle-ice']]);
    respond(180, 'two', '', [['Recv-Info', 'trickle-ice']]);
    respond(180, 'three');
    await world.clock.advance(300);
    expect(tagsOf('INFO').toSorted()).toEqual(['one', 'two']);
  });

  it('[RFC 3261 13.2.2.4] hangs up where the answer is no description', async () => {
    const made = await call();
    respond(200, 'one', 'nonsense');
    await world.clock.advance(100);
    expect(tagsOf('ACK')).toEqual(['one']);
    expect(tagsOf('BYE')).toEqual(['one']);
    expect(made.getSnapshot()).toMatchObject({ status: 'failed', end: { by: 'local', cause: 'media failed' } });
  });

  it.each([
    { statusCode: 403, cause: 'not allowed' },
    { statusCode: 404, cause: 'unknown user' },
    { statusCode: 408, cause: 'no answer' },
    { statusCode: 430, cause: 'not registered' },
    { statusCode: 480, cause: 'not registered' },
    { statusCode: 486, cause: 'busy' },
    { statusCode: 488, cause: 'media refused' },
    { statusCode: 500, cause: 'server error' },
    { statusCode: 503, cause: 'server error' },
    { statusCode: 600, cause: 'busy' },
    { statusCode: 603, cause: 'declined' },
    { statusCode: 604, cause: 'unknown user' },
    { statusCode: 302, cause: 'server error' },
  ])('[RFC 3261 21] ends with $statusCode: $cause', async ({ statusCode, cause }) => {
    const made = await call();
    respond(statusCode, 'one');
    await world.clock.advance(10);
    expect(made.getSnapshot().end).toEqual({ by: 'remote', cause });
    expect(tagsOf('ACK')).toEqual(['one']);
  });
});
