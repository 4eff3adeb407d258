/**
 * Errors of the provisioning API as problem details (RFC 9457).
 *
 * @module
 */
import { STATUS_CODES } from 'node:http';
import { HssError, type InputFault, InputInvalid } from '../errors.ts';

export interface Problem {
  /** `about:blank`: the title says what the status says; `code` is what programs decide on. */
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly InputFault[];
}

/** What the HTTP server itself refuses, by its code. */
const httpProblems: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  FST_ERR_BAD_URL: { status: 400, detail: 'expected an address without broken escapes' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, detail: 'Content-Type: expected application/json' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, detail: 'body: expected at most 64 KiB' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, detail: 'body: expected a JSON object' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, detail: 'body: expected JSON' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, detail: 'Content-Length: expected the length of the body' },
};

/** Undefined for an error that nobody expected. */
export function findProblem(error: unknown): Problem | undefined {
  if (error instanceof InputInvalid) {
    return { ...problem(error.statusCode, error.message, error.code), errors: error.faults };
  }
  if (error instanceof HssError) return problem(error.statusCode, error.message, error.code);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = httpProblems[code];
  if (known !== undefined) return problem(known.status, known.detail, 'ERR_HSS_REQUEST_INVALID');
  // What the JSON reader refuses has a status but no code.
  if (error instanceof SyntaxError) return problem(400, 'body: expected JSON', 'ERR_HSS_REQUEST_INVALID');
  return undefined;
}

export function problem(status: number, detail: string, code: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}
