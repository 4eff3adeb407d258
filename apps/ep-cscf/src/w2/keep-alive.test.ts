import { Headers, noBody } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { answerKeep } from './keep-alive.ts';

function response(via: string) {
  return { statusCode: 200, reasonPhrase: 'OK', headers: Headers.of(['Via', via]), body: noBody };
}

describe('keep', () => {
  it('[RFC 6223 4.4] gets a value where the UE offers it', () => {
    const { headers } = answerKeep(response('SIP/2.0/WSS a.invalid;branch=z9hG4bK1;keep;rport'), 20);
    expect(headers.first('Via')).toBe('SIP/2.0/WSS a.invalid;branch=z9hG4bK1;keep=20;rport');
  });

  it.each(['SIP/2.0/WSS a.invalid;branch=z9hG4bK1', 'SIP/2.0/WSS a.invalid;branch=z9hG4bKkeep;keeper=1'])(
    '[RFC 6223 4.4] stays away where the UE does not: %s',
    (via) => {
      expect(answerKeep(response(via), 20).headers.first('Via')).toBe(via);
    },
  );
});
