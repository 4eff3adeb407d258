/**
 * What an operator may say about a subscription: validated, limited and canonical.
 *
 * @module
 */
import { deregistrationReasonCodes } from '@wicgate/cx';
import { z } from 'zod';
import { InputInvalid } from '../errors.ts';
import { canonicalImpi, findCanonicalImpu, isDomainName } from '../subscriptions/identities.ts';
import type { SubscriptionData } from '../subscriptions/subscription.ts';
import { akaCredentialOf, akaSchema } from './aka-input.ts';
import { allowedAuthoritiesSchema } from './allowed-authorities-input.ts';
import { credentialOf, digestSchema } from './digest-input.ts';
import { canonicalText, readInput } from './read-input.ts';

const impi = canonicalText(canonicalImpi, 'expected a NAI such as user@domain, at most 255 characters');
const impu = canonicalText(findCanonicalImpu, 'expected a sip:, sips: or tel: URI, at most 255 characters');
const network = canonicalText(
  (text) => (isDomainName(text.toLowerCase()) ? text.toLowerCase() : undefined),
  'expected a domain name',
);
const serverName = z.string().regex(/^sips?:[^\s<>"]{1,250}$/, 'expected a SIP URI, at most 255 characters');
const capability = z.number().int().min(0).max(0xffff_ffff);

/** What the API shows and the network alone decides; passed over, so that what was read can be sent back. */
const shownOnly = z.unknown().optional();

const impus = z
  .array(
    z
      .strictObject({
        impu,
        barred: z.boolean().default(false),
        implicitRegistrationSet: z.number().int().min(0).max(99).default(0),
        registrationState: shownOnly,
      })
      .transform(({ registrationState: _, ...identity }) => identity),
  )
  .min(1)
  .max(100)
  .refine((list) => new Set(list.map((item) => item.impu)).size === list.length, 'expected each identity once');
const roamingNetworks = z.array(network).max(100);
const serverCapabilities = z.strictObject({
  mandatory: z.array(capability).max(50).default([]),
  optional: z.array(capability).max(50).default([]),
  serverNames: z.array(serverName).max(20).default([]),
});
const noCapabilities = { mandatory: [], optional: [], serverNames: [] };

const subscriptionSchema = z.strictObject({
  impi,
  barred: z.boolean().default(false),
  impus,
  roamingNetworks: roamingNetworks.default([]),
  unregisteredServices: z.boolean().default(false),
  serverCapabilities: serverCapabilities.default(noCapabilities),
  allowedWafWwsfIdentities: allowedAuthoritiesSchema.default(null),
  digest: digestSchema.default(null),
  aka: akaSchema.default(null),
  registrationState: shownOnly,
  sCscfName: shownOnly,
});

const replacementSchema = subscriptionSchema.partial({ impi: true });

/** Without what is only shown: whoever names it here means to change it. */
const changeSchema = z.strictObject({
  barred: z.boolean().optional(),
  impus: impus.optional(),
  roamingNetworks: roamingNetworks.optional(),
  unregisteredServices: z.boolean().optional(),
  serverCapabilities: serverCapabilities.optional(),
  allowedWafWwsfIdentities: allowedAuthoritiesSchema.optional(),
  digest: digestSchema.optional(),
  aka: akaSchema.optional(),
});

const deregistrationSchema = z.strictObject({
  reasonCode: z
    .enum(Object.keys(deregistrationReasonCodes) as [keyof typeof deregistrationReasonCodes])
    .default('PERMANENT_TERMINATION'),
  reasonInfo: z
    .string()
    .max(200)
    .refine((text) => !/\p{Cc}/u.test(text), 'expected text without control characters')
    .optional(),
});

const pageSchema = z.strictObject({
  limit: z.coerce.number('expected a number from 1 to 200').int().min(1).max(200).default(50),
  after: impi.optional(),
});

export type SubscriptionInput = z.input<typeof subscriptionSchema>;
export type ReplacementInput = z.input<typeof replacementSchema>;
export type ChangeInput = z.input<typeof changeSchema>;
export type DeregistrationInput = z.input<typeof deregistrationSchema>;
export type PageInput = z.input<typeof pageSchema>;

/** `realm` is that of SIP Digest. @throws {InputInvalid} */
export function readSubscription(
  input: unknown,
  realm: string,
): { readonly impi: string; readonly data: SubscriptionData } {
  const { impi: canonicalId, ...data } = readInput(subscriptionSchema, input);
  return { impi: canonicalId, data: withSpelledOut(data, canonicalId, realm, undefined) };
}

/** What is to take the place of `current`. @throws {InputInvalid} also where another private identity is named. */
export function readReplacement(
  input: unknown,
  expectedImpi: string,
  realm: string,
): (current: SubscriptionData) => SubscriptionData {
  const { impi: canonicalId, ...data } = readInput(replacementSchema, input);
  if (canonicalId !== undefined && canonicalId !== expectedImpi) {
    throw new InputInvalid([{ path: 'impi', expected: 'expected the private identity of the address, or none' }]);
  }
  return (current) => withSpelledOut(data, expectedImpi, realm, current);
}

/** What is to become of `current`: fields that are named replace those of before, whole. @throws {InputInvalid} */
export function readChange(
  input: unknown,
  ofImpi: string,
  realm: string,
): (current: SubscriptionData) => SubscriptionData {
  const change = readInput(changeSchema, input);
  return (current) => ({
    barred: change.barred ?? current.barred,
    impus: change.impus ?? current.impus,
    roamingNetworks: change.roamingNetworks ?? current.roamingNetworks,
    unregisteredServices: change.unregisteredServices ?? current.unregisteredServices,
    serverCapabilities: change.serverCapabilities ?? current.serverCapabilities,
    allowedWafWwsfIdentities:
      change.allowedWafWwsfIdentities === undefined
        ? current.allowedWafWwsfIdentities
        : (change.allowedWafWwsfIdentities ?? undefined),
    digestCredential:
      change.digest === undefined
        ? current.digestCredential
        : credentialOf(change.digest, ofImpi, realm, current.digestCredential),
    akaCredential:
      change.aka === undefined ? current.akaCredential : akaCredentialOf(change.aka, current.akaCredential),
  });
}

/** @throws {InputInvalid} */
export function readDeregistration(input: unknown): z.output<typeof deregistrationSchema> {
  return readInput(deregistrationSchema, input);
}

/** @throws {InputInvalid} */
export function readPage(input: unknown): z.output<typeof pageSchema> {
  return readInput(pageSchema, input);
}

/** @throws {InputInvalid} */
export function readImpi(input: unknown): string {
  return readInput(z.object({ impi }), { impi: input }).impi;
}

function withSpelledOut(
  {
    digest,
    aka,
    registrationState: _state,
    sCscfName: _name,
    ...data
  }: Omit<z.output<typeof subscriptionSchema>, 'impi'>,
  ofImpi: string,
  realm: string,
  current: SubscriptionData | undefined,
): SubscriptionData {
  return {
    ...data,
    allowedWafWwsfIdentities: data.allowedWafWwsfIdentities ?? undefined,
    digestCredential: credentialOf(digest, ofImpi, realm, current?.digestCredential),
    akaCredential: akaCredentialOf(aka, current?.akaCredential),
  };
}
