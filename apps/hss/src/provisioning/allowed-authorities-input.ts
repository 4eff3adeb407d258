/**
 * The WAFs and WWSFs a user may come from, as an operator names them (TS 29.229 6.3.64).
 *
 * @module
 */
import { z } from 'zod';
import { isDomainName } from '../subscriptions/identities.ts';

/** Compared octet for octet later on, hence nothing is changed here. */
const authorityName = z.string().refine(isDomainName, 'expected a domain name in lower case');

/** Null takes the list away. */
export const allowedAuthoritiesSchema = z
  .strictObject({
    wafNames: z.array(authorityName).max(100).default([]),
    wwsfNames: z.array(authorityName).max(100).default([]),
  })
  .nullable();
