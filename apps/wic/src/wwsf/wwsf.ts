/**
 * What the page asks of the WWSF that served it, all of it same origin (W1).
 *
 * Answers are checked before use; secrets stay in memory and out of every message.
 *
 * @module
 */
import * as v from 'valibot';
import { AccessWithdrawn, GuestRefused, SessionEnded, WwsfAnswerInvalid, WwsfUnreachable } from '../errors.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2_048));
const way = v.picklist(['web', 'digest', 'sim', 'guest']);
const origin = v.pipe(
  text,
  v.url(),
  v.check((url) => url === new URL(url).origin),
);

const configurationSchema = v.object({
  epCscfUrl: v.pipe(text, v.url(), v.startsWith('wss:')),
  homeDomain: text,
  turnUris: v.pipe(v.array(v.pipe(text, v.regex(/^turns?:/))), v.maxLength(16)),
  iceTransportPolicy: v.picklist(['all', 'relay']),
  // A way that this page does not know is none that it can offer.
  ways: v.pipe(
    v.array(text),
    v.maxLength(16),
    v.transform((names) => names.filter((name) => v.is(way, name))),
  ),
  isimOrigin: v.nullable(origin),
});

const sessionSchema = v.variant('signedIn', [
  v.object({ signedIn: v.literal(false) }),
  v.object({
    signedIn: v.literal(true),
    kind: v.picklist(['user', 'guest']),
    displayName: v.nullish(v.string()),
    impi: v.optional(text),
    impu: v.pipe(text, v.regex(/^(?:sips?|tel):/)),
    csrfToken: text,
  }),
]);

const tokenSchema = v.object({ access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)) });

const signOutSchema = v.object({ location: text });

const notGrantedSchema = v.object({ error: v.literal('not_granted'), location: text });

const poolExhaustedSchema = v.object({ error: v.literal('pool_exhausted') });

export type ClientConfiguration = Readonly<v.InferOutput<typeof configurationSchema>>;
export type Session = Readonly<v.InferOutput<typeof sessionSchema>>;
export type SignedInSession = Extract<Session, { readonly signedIn: true }>;

export interface Wwsf {
  /** @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  readConfiguration(): Promise<ClientConfiguration>;
  /** @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  readSession(): Promise<Session>;
  /** A token that is good now. @throws {SessionEnded | AccessWithdrawn | WwsfUnreachable | WwsfAnswerInvalid} */
  readAccessToken(): Promise<string>;
  /** Takes an identity of the pool (TS 33.203 X.4.2.1). @throws {GuestRefused | WwsfUnreachable | WwsfAnswerInvalid} */
  startGuest(): Promise<void>;
  /** Keeps it a while longer. @throws {SessionEnded} it is gone. @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  renewGuest(csrfToken: string): Promise<void>;
  /** Ends the session; the address to go to next, always http(s). @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  signOut(csrfToken: string): Promise<string>;
}

const timeoutMs = 10_000;
const usualWaitSeconds = 60;
const longestWaitSeconds = 3_600;

/** `fetch` and `origin` are those of the page. */
export function createWwsf(fetchFromPage: typeof fetch, origin: string): Wwsf {
  const send = (path: string, init: RequestInit = {}): Promise<Response> => request(fetchFromPage, path, init);
  const ask = async (path: string, init?: RequestInit): Promise<unknown> => readJson(path, await send(path, init));
  const change = (csrfToken: string): RequestInit => ({ method: 'POST', headers: { 'X-CSRF-Token': csrfToken } });
  return {
    readConfiguration: async () => check('/configuration', configurationSchema, await ask('/configuration')),
    readSession: async () => check('/session', sessionSchema, await ask('/session')),
    async readAccessToken() {
      const response = await send('/token');
      if (response.status === 401) throw await readSessionEnd('/token', response, origin);
      return check('/token', tokenSchema, await readJson('/token', response)).access_token;
    },
    async startGuest() {
      const response = await send('/guest', { method: 'POST', headers: { 'X-Requested-By': 'wic' } });
      const problem = await findGuestProblem(response);
      if (problem !== undefined) throw new GuestRefused(problem, readWait(response));
      // Somebody has signed in meanwhile: then there is a session all the same.
      if (response.status !== 409) checkStatus('/guest', response);
    },
    async renewGuest(csrfToken) {
      checkStatus('/guest/renewal', await send('/guest/renewal', change(csrfToken)));
    },
    async signOut(csrfToken) {
      const answer = await ask('/sign-out', change(csrfToken));
      return readWebAddress('/sign-out', check('/sign-out', signOutSchema, answer).location, origin);
    },
  };
}

function request(fetchFromPage: typeof fetch, path: string, init: RequestInit): Promise<Response> {
  return fetchFromPage(path, {
    ...init,
    headers: { Accept: 'application/json', ...init.headers },
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new WwsfUnreachable(path, cause);
  });
}

function checkStatus(path: string, { status, ok }: Response): void {
  if (status === 401) throw new SessionEnded(path);
  if (status >= 500) throw new WwsfUnreachable(path, undefined);
  if (!ok) throw new WwsfAnswerInvalid(path, 'success');
}

async function readJson(path: string, response: Response): Promise<unknown> {
  checkStatus(path, response);
  return response.json().catch(() => {
    throw new WwsfAnswerInvalid(path, 'JSON');
  });
}

/** Why there is no session any more. An address that is none is not gone to. */
async function readSessionEnd(
  path: string,
  response: Response,
  origin: string,
): Promise<SessionEnded | AccessWithdrawn> {
  const answer: unknown = await response.json().catch(() => undefined);
  const location = v.is(notGrantedSchema, answer) ? findWebAddress(answer.location, origin) : undefined;
  return location === undefined ? new SessionEnded(path) : new AccessWithdrawn(path, location);
}

async function findGuestProblem(response: Response): Promise<GuestRefused['problem'] | undefined> {
  if (response.status === 429) return 'too many';
  if (response.status !== 503) return undefined;
  const answer: unknown = await response.json().catch(() => undefined);
  return v.is(poolExhaustedSchema, answer) ? 'pool exhausted' : undefined;
}

/** Retry-After in seconds (RFC 9110 10.2.3), within reason. */
function readWait({ headers }: Response): number {
  const value = headers.get('Retry-After') ?? '';
  if (!/^\d{1,9}$/u.test(value)) return usualWaitSeconds;
  return Math.min(Math.max(Number(value), 1), longestWaitSeconds);
}

function check<Schema extends v.GenericSchema>(path: string, schema: Schema, answer: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  const fields = result.issues.map((issue) => v.getDotPath(issue) ?? 'the whole').join(', ');
  throw new WwsfAnswerInvalid(path, `well-formed ${fields}`);
}

function readWebAddress(path: string, location: string, origin: string): string {
  const address = findWebAddress(location, origin);
  if (address === undefined) throw new WwsfAnswerInvalid(path, 'an https location');
  return address;
}

/** An address to navigate to must be a web page: `javascript:` and its like would run as ours. */
function findWebAddress(location: string, origin: string): string | undefined {
  const url = URL.canParse(location, origin) ? new URL(location, origin) : undefined;
  return url?.protocol === 'https:' || url?.origin === origin ? url.href : undefined;
}
