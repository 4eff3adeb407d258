/**
 * One whom the WWSF authenticates itself, and the IMS identities that are this user's (TS 33.203 X.3.2.3 step 0.1,
 * REQ 2.5): the map from web identity to IMPI and IMPU.
 *
 * @module
 */
import { hashPassword, passwordHashPattern, passwordMaxLength, passwordMinLength } from '@wicgate/node-kit';
import { z } from 'zod';
import { AccountInvalid } from '../errors.ts';
import { maxIdentityLength } from '../pool/pool-pattern.ts';

export const usernameMaxLength = 128;

const printable = /^[^\p{C}\p{Z}]+$/u;
const impu = z
  .string()
  .max(maxIdentityLength)
  .regex(/^(?:sips?:[^\s@]+@[^\s@]+|tel:\S+)$/, 'expected a sip: or tel: URI');
const impi = z
  .string()
  .max(maxIdentityLength)
  .regex(/^[^\s@]+@[^\s@]+$/, 'expected user@domain');

/** An entry of the accounts file. */
export const accountSchema = z
  .strictObject({
    /** Folded: NFKC, lower case. */
    username: z
      .string()
      .min(1)
      .max(usernameMaxLength)
      .regex(printable, 'expected no spaces or control characters')
      .refine((name) => name === foldUsername(name), 'expected lower case'),
    display_name: z.string().min(1).max(100),
    /** As {@link hashPassword} writes it. */
    password: z.string().regex(passwordHashPattern, 'expected a hash as account.ts writes it'),
    /** null: no subscription of the user's own; identities of the pool are leased (TS 33.203 X.4). */
    impi: impi.nullable(),
    impus: z.array(impu).max(20),
  })
  .refine((account) => (account.impi === null) === (account.impus.length === 0), 'expected impi and impus, or neither');

export type Account = Readonly<z.output<typeof accountSchema>>;

export interface NewAccount {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  /** undefined: identities of the pool. */
  readonly impi: string | undefined;
  readonly impus: readonly string[];
}

/** @throws {AccountInvalid} one line for each field at fault; values are never repeated. */
export async function createAccount({ username, displayName, password, ...ims }: NewAccount): Promise<Account> {
  if (password.length < passwordMinLength || password.length > passwordMaxLength) {
    throw new AccountInvalid(`password: expected ${passwordMinLength} to ${passwordMaxLength} characters`);
  }
  const result = accountSchema.safeParse({
    username: foldUsername(username),
    display_name: displayName,
    password: await hashPassword(password),
    impi: ims.impi ?? null,
    impus: ims.impus,
  });
  if (result.success) return result.data;
  throw new AccountInvalid(
    result.error.issues.map((issue) => `${issue.path.join('.') || 'account'}: ${issue.message}`).join('\n'),
  );
}

/** People's keyboards capitalise and compose as they like. */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}
