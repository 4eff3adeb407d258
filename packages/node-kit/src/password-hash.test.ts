import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword } from './password-hash.ts';

describe('Password hashes', () => {
  it('[RFC 7914] differ for equal passwords, and know their own', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await isPassword('correct horse', one)).toBe(true);
    expect(await isPassword('correct hors', one)).toBe(false);
    expect(await isPassword('correct horse', undefined)).toBe(false);
    expect(await isPassword('correct horse', 'scrypt$1$8$3$AAAA$AAAA')).toBe(false);
  });

  it('[RFC 7914] a missing account costs what a real one costs', async () => {
    const stored = await hashPassword('correct horse');
    const spent = async (against: string | undefined): Promise<number> => {
      const before = process.hrtime.bigint();
      await isPassword('wrong horse', against);
      return Number(process.hrtime.bigint() - before);
    };
    // The least of several: whatever else runs on the machine only adds.
    const least = async (against: string | undefined): Promise<number> =>
      Math.min(await spent(against), await spent(against), await spent(against));
    const ratio = (await least(undefined)) / (await least(stored));
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });
});
