/**
 * Whether a SUBSCRIBE asks for what we have (RFC 3261 8.2, RFC 3680 4.3 and 4.4).
 *
 * @module
 */
import { reginfoContentType } from '@wicgate/reg-event';
import { type Capabilities, inspectRequest, type SipRequest } from '@wicgate/sip';
import { RequestRefused, RequestUnfit } from '../../errors.ts';

/** A body, such as a filter, says nothing to us and is passed over (RFC 3680 4.3). */
const capabilities: Capabilities = {
  methods: ['SUBSCRIBE'],
  schemes: ['sip', 'sips', 'tel'],
  extensions: [],
  contentTypes: ['*/*'],
  contentEncodings: [],
};

const acceptable: ReadonlySet<string> = new Set([reginfoContentType, 'application/*', '*/*']);

/** @throws {RequestUnfit} 400 or 420. @throws {RequestRefused} 406: the subscriber does not read our documents. */
export function checkSubscribe(request: SipRequest): void {
  const refusal = inspectRequest(request, capabilities);
  if (refusal !== undefined) throw new RequestUnfit(refusal);
  const accepted = request.headers.all('Accept').flatMap((value) => value.split(',').map(mediaRange));
  // Without Accept it reads what the package has (RFC 3680 4.4).
  if (accepted.length > 0 && !accepted.some((range) => acceptable.has(range))) {
    throw new RequestRefused('DOCUMENT_NOT_ACCEPTABLE', [['Accept', reginfoContentType]]);
  }
}

/** In lower case, without parameters. */
function mediaRange(value: string): string {
  return (value.split(';', 1)[0] ?? '').trim().toLowerCase();
}
