/**
 * Subscribers of the home network as an operator makes them: by the provisioning API of the HSS.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { Lab } from '@wicgate/lab';
import { sendPlain } from './plain-request.ts';

export interface DigestSubscriber {
  readonly impi: string;
  readonly impu: string;
  readonly password: string;
}

let made = 0;

/** Somebody with a SIP password, for which the HSS knows H(A1) of MD5 only: clients that others wrote know no other. */
export async function createDigestAccount(lab: Lab, name: string): Promise<DigestSubscriber> {
  made += 1;
  const impi = `${name}.${process.pid}.${made}@${lab.homeDomain}`;
  const password = `${name}-secret`;
  const md5 = createHash('md5').update(`${impi}:${lab.homeDomain}:${password}`).digest('hex');
  const impu = `sip:${impi}`;
  const subscription = { impi, impus: [{ impu }], digest: { ha1: { MD5: md5 } } };
  await provision(lab, 'POST', '/subscriptions', subscription);
  return { impi, impu, password };
}

/** Sends one request to the provisioning API. */
export async function provision(lab: Lab, method: string, path: string, body: object): Promise<void> {
  const status = await sendPlain(lab.ports.hss, method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: expected a success, not ${status}`);
}
