/**
 * What the page asks of the WWSF that served it, all of it same origin (W1).
 *
 * Answers are checked before use; secrets stay in memory and out of every message.
 *
 * @module
 */
import * as v from 'valibot';
import { SessionEnded, WwsfAnswerInvalid, WwsfUnreachable } from '../errors.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2_048));

const configurationSchema = v.object({
  epCscfUrl: v.pipe(text, v.url(), v.startsWith('wss:')),
  homeDomain: text,
  turnUris: v.pipe(v.array(v.pipe(text, v.regex(/^turns?:/))), v.maxLength(16)),
  iceTransportPolicy: v.picklist(['all', 'relay']),
});

const sessionSchema = v.variant('signedIn', [
  v.object({ signedIn: v.literal(false) }),
  v.object({
    signedIn: v.literal(true),
    displayName: v.nullish(v.string()),
    impu: v.pipe(text, v.regex(/^(?:sips?|tel):/)),
    csrfToken: text,
  }),
]);

const tokenSchema = v.object({ access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)) });

const signOutSchema = v.object({ location: text });

export type ClientConfiguration = Readonly<v.InferOutput<typeof configurationSchema>>;
export type Session = Readonly<v.InferOutput<typeof sessionSchema>>;
export type SignedInSession = Extract<Session, { readonly signedIn: true }>;

export interface Wwsf {
  /** @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  readConfiguration(): Promise<ClientConfiguration>;
  /** @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  readSession(): Promise<Session>;
  /** A token that is good now. @throws {SessionEnded} the session is over. @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  readAccessToken(): Promise<string>;
  /** Ends the session; the address to go to next, always http(s). @throws {WwsfUnreachable | WwsfAnswerInvalid} */
  signOut(csrfToken: string): Promise<string>;
}

const timeoutMs = 10_000;

/** `fetch` and `origin` are those of the page. */
export function createWwsf(fetchFromPage: typeof fetch, origin: string): Wwsf {
  const ask = (path: string, init: RequestInit = {}): Promise<unknown> => readJson(fetchFromPage, path, init);
  return {
    readConfiguration: async () => check('/configuration', configurationSchema, await ask('/configuration')),
    readSession: async () => check('/session', sessionSchema, await ask('/session')),
    readAccessToken: async () => check('/token', tokenSchema, await ask('/token')).access_token,
    async signOut(csrfToken) {
      const answer = await ask('/sign-out', { method: 'POST', headers: { 'X-CSRF-Token': csrfToken } });
      return readWebAddress('/sign-out', check('/sign-out', signOutSchema, answer).location, origin);
    },
  };
}

async function readJson(fetchFromPage: typeof fetch, path: string, init: RequestInit): Promise<unknown> {
  const response = await fetchFromPage(path, {
    ...init,
    headers: { Accept: 'application/json', ...init.headers },
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new WwsfUnreachable(path, cause);
  });
  if (response.status === 401) throw new SessionEnded(path);
  if (response.status >= 500) throw new WwsfUnreachable(path, undefined);
  if (!response.ok) throw new WwsfAnswerInvalid(path, 'success');
  return response.json().catch(() => {
    throw new WwsfAnswerInvalid(path, 'JSON');
  });
}

function check<Schema extends v.GenericSchema>(path: string, schema: Schema, answer: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  const fields = result.issues.map((issue) => v.getDotPath(issue) ?? 'the whole').join(', ');
  throw new WwsfAnswerInvalid(path, `well-formed ${fields}`);
}

/** An address to navigate to must be a web page: `javascript:` and its like would run as ours. */
function readWebAddress(path: string, location: string, origin: string): string {
  const url = URL.canParse(location, origin) ? new URL(location, origin) : undefined;
  if (url?.protocol === 'https:' || url?.origin === origin) return url.href;
  throw new WwsfAnswerInvalid(path, 'an https location');
}
