import { describe, expect, it } from 'vitest';
import { impi, item, nobody, register, startAuthentication, successWith } from '../testing/digest-alone.ts';

describe('[N.2.2.1] the work for a wrong answer', () => {
  it.each([
    ['a user with a password', successWith(item)],
    ['a user whom the HSS does not know', nobody],
  ])('[N.2.2.1] of %s is one question to the HSS and one digest, before it is refused', async (_name, answer) => {
    const user = { username: impi, password: 'wrong' };
    const { authenticate, answerTo, asked, checks } = startAuthentication(answer, user);
    const first = register();
    const second = answerTo(first, await authenticate(first));
    expect(checks).toEqual([]);
    await expect(authenticate(second)).rejects.toMatchObject({ code: 'ERR_CORE_AUTHENTICATION_FAILED' });
    expect(asked).toHaveLength(1);
    expect(checks).toHaveLength(1);
  });
});
