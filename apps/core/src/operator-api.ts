/**
 * What the operator tells the S-CSCF, on the operations listener: whom it believes no more, and who shall prove anew who
 * they are.
 *
 * @module
 */
import type { Operations, OperationsAnswer, OperationsRequest } from '@wicgate/node-kit';
import { canonicalImpu, SipError } from '@wicgate/sip';
import { z } from 'zod';
import type { CoreLogger } from './log-event.ts';
import type { BarredAuthorities } from './s-cscf/barring/barred-authorities.ts';
import { dropBarred } from './s-cscf/barring/drop-barred.ts';
import { type Reauthenticated, type Reauthentication, reauthenticate } from './s-cscf/reauthenticate.ts';

export interface OperatorApiOptions extends Reauthentication {
  readonly barred: BarredAuthorities;
  readonly log: CoreLogger;
}

const one = '/barred-authorities/*';
const whom = z.union([
  z.strictObject({ impi: z.string().max(1_000) }),
  z.strictObject({ impu: z.string().max(1_000) }),
]);

/** The returned function takes the routes away again. */
export function addOperatorApi(operations: Operations, options: OperatorApiOptions): () => void {
  const removers = [
    operations.addRoute('GET', '/barred-authorities', () => ({ status: 200, body: options.barred.names })),
    operations.addRoute('PUT', one, (request) => bar(request, options)),
    operations.addRoute('DELETE', one, (request) => lift(request, options)),
    operations.addRoute('POST', '/re-authentications', (request) => demandProof(request, options)),
  ];
  return () => {
    for (const remove of removers) remove();
  };
}

/** 204 once the registrations that it vouched for have ended. */
async function bar({ rest }: OperationsRequest, options: OperatorApiOptions): Promise<OperationsAnswer> {
  const { barred, registrar, log } = options;
  const outcome = barred.add(rest);
  if (outcome === 'no name') return problem(400, 'expected a host name');
  if (outcome === 'full') return problem(409, 'expected at most 1000 barred authorities');
  const users = await dropBarred(registrar, barred);
  log.info({ event: 'authority.barred', authority: rest, users, clause: 'TS 33.203 X.3.2.3', step: '6.2' });
  return { status: 204 };
}

function lift({ rest }: OperationsRequest, { barred, log }: OperatorApiOptions): OperationsAnswer {
  const outcome = barred.remove(rest);
  if (outcome === 'configured') return problem(409, 'expected a name that CORE_BARRED_AUTHORITIES does not bar');
  if (outcome === 'not barred') return problem(404, 'expected a barred authority');
  log.info({ event: 'authority.admitted', authority: rest });
  return { status: 204 };
}

async function demandProof({ body }: OperationsRequest, options: OperatorApiOptions): Promise<OperationsAnswer> {
  const read = readWhom(body);
  if (read === undefined) return problem(400, 'expected {"impi": "..."} or {"impu": "..."}');
  const contacts = await reauthenticate(read, options);
  if (contacts === 0) return problem(404, 'expected a registered user');
  options.log.info({ event: 'registration.shortened', contacts, clause: 'TS 33.203 6.1.4' });
  return { status: 204 };
}

function readWhom(body: string): Reauthenticated | undefined {
  try {
    const read = whom.parse(JSON.parse(body));
    return 'impu' in read ? { impu: canonicalImpu(read.impu) } : read;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || error instanceof SipError) return undefined;
    throw error;
  }
}

function problem(status: number, detail: string): OperationsAnswer {
  return { status, body: { error: detail } };
}
